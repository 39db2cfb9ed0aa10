"""The value of a keyword argument in the calls of one function."""

import pytest

from patcher.edits.kinds import CallArgument
from patcher.model import State
from tests.rule_check import trial

PRICE = trial("price=1,", "price=FLAGS.price", CallArgument(within="sell", call="shop.bill"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "total = shop.bill(\n        cart,\n        price=1,  # each\n        tip=2)",
            "total = shop.bill(\n        cart,\n        price=FLAGS.price,  # each\n        tip=2)",
            id="among others",
        ),
        pytest.param("add(shop . bill(price = 1))", "add(shop . bill(price = FLAGS.price))",
                     id="inside another call"),
    ],
)  # fmt: skip
def test_changes_the_value_alone(before: str, after: str) -> None:
    PRICE.changes(
        f"def sell():\n    # why\n    {before}\n", f"def sell():\n    # why\n    {after}\n"
    )


@pytest.mark.parametrize(
    ("line", "why"),
    [
        pytest.param(
            "shop.bill(price=2)",
            "price in the call of shop.bill is 2, expected 1",
            id="another value",
        ),
        pytest.param("shop.bill(cost=1)", "has no price, in `sell`", id="another keyword"),
        pytest.param("shop.bill(1)", "has no price, in `sell`", id="by position"),
        pytest.param(
            "bank.bill(price=1)",
            "calls bank.bill in `sell`, expected shop.bill",
            id="another object",
        ),
        pytest.param("bill(price=1)", "calls bill in `sell`", id="a function of the name"),
    ],
)
def test_leaves_what_is_like_it_alone(line: str, why: str) -> None:
    PRICE.drifts(f"def sell():\n    {line}\n    shop.close()\n    bill()\n", line=2, why=why)


def test_says_where_else_it_stands() -> None:
    code = "def buy():\n    shop.bill(price=1)\n\n\nclass A:\n    shop.bill(price=1)\n"
    PRICE.drifts(code, line=2, why="stands in `buy`, expected in `sell`")


def test_two_calls_are_ambiguous() -> None:
    twice = "def sell():\n    shop.bill(price=1)\n    shop.bill(price=1)\n"
    assert PRICE.ignores(twice).state is State.AMBIGUOUS


def test_the_only_call_is_followed() -> None:
    PRICE.follows(
        "def buy():\n    shop.bill(price=1)\n", "def buy():\n    shop.bill(price=FLAGS.price)\n"
    )


def test_says_what_the_file_lacks() -> None:
    PRICE.misses("def sell():\n    pay(price=1)\n", "bill", "shop")


def test_says_what_it_wants() -> None:
    assert PRICE.outcome("").wants == "call of shop.bill with price 1 in `sell`"
