"""An `if` with the quoted lines in its block, which may hold more."""

import pytest

from patcher.edits.kinds import IfStatement
from patcher.model import State
from tests.rule_check import trial

COUNT = trial(
    "if till is not None:\n    count = till.size()",
    "if is_open():\n    count = till.size()\nelse:\n    count = 1",
    IfStatement(within="sell"),
)
REWRITE = trial(
    "if till:\n    pay(1)\n    wrap()",
    "if till:\n    pay(2)\n    wrap()",
    IfStatement(within="sell"),
)


def sell(body: str) -> str:
    return "def sell():\n" + "".join(f"    {line}\n" for line in body.splitlines())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "if till is not None:  # why\n    # each\n    count = till.size()  # that\nwrap()",
            "if is_open():  # why\n    # each\n    count = till.size()  # that\nelse:\n"
            "    count = 1\nwrap()", id="as quoted",
        ),
        pytest.param(
            "if till is not None:\n    a()\n    count = till.size()\n    b()",
            "if is_open():\n    a()\n    count = till.size()\n    b()\nelse:\n    count = 1",
            id="with more lines",
        ),
        pytest.param(
            "if a and till != None:\n    count = till.size()\nelse:\n    count = 1",
            "if a and is_open():\n    count = till.size()\nelse:\n    count = 1",
            id="with a further clause, and the else",
        ),
        pytest.param(
            "if till is not None and till.is_on():\n    count = till.size()",
            "if is_open() and till.is_on():\n    count = till.size()\nelse:\n    count = 1",
            id="with a further clause about the same",
        ),
        pytest.param(
            "if till is None:  # alone\n    pass\nelse:\n    count = till.size()",
            "if not is_open():  # alone\n    count = 1\nelse:\n    count = till.size()",
            id="inverted",
        ),
        pytest.param(
            "if till is not None:\n    count = till.size()\nelse:\n    pass",
            "if is_open():\n    count = till.size()\nelse:\n    count = 1",
            id="with an else that does nothing",
        ),
        pytest.param(
            "if till is not None:\n    count = till.size()\nelse:\n    count = 1  # one",
            "if is_open():\n    count = till.size()\nelse:\n    count = 1  # one",
            id="with the else that is added",
        ),
        pytest.param(
            "if till is not None: count = till.size()",
            "if is_open(): count = till.size()\nelse:\n    count = 1",
            id="on one line",
        ),
    ],
)  # fmt: skip
def test_changes_test_and_else(before: str, after: str) -> None:
    COUNT.changes(sell(before), sell(after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "if till:\n    a()  # first\n    pay( 1 )  # one\n    # then\n    wrap()\n    b()",
            "if till:\n    a()  # first\n    # one\n    pay(2)\n    # then\n    wrap()\n    b()",
            id="among others",
        ),
        pytest.param(
            "if till:\n    pay(1)\n    wrap()", "if till:\n    pay(2)\n    wrap()", id="all"
        ),
        pytest.param("if till: a(); pay(1); wrap()", "if till: a(); pay(2); wrap()", id="a row"),
        pytest.param(
            "if till:\n    pay(1)\n    wrap()\nelse:\n    b()",
            "if till:\n    pay(2)\n    wrap()\nelse:\n    b()",
            id="next to an else",
        ),
    ],
)
def test_changes_the_quoted_lines_alone(before: str, after: str) -> None:
    REWRITE.changes(sell(before), sell(after))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        pytest.param("if till is not None:\n    count = till.size()\nelse:\n    count = 0",
                     "has an `else` already", id="another else"),
        pytest.param("if till is not None:\n    count = till.size()\nelif a:\n    count = 0",
                     "has an `else` already", id="an elif"),
        pytest.param("if a and till is not None:\n    count = till.size()",
                     "a clause of something else, for which the new `else` would", id="a clause"),
        pytest.param("if till is None or a:\n    pass\nelse:\n    count = till.size()",
                     "a clause of something else, for which", id="inverted, with a clause"),
        pytest.param("if is_open():\n    count = till.size()", "lacks `else: count = 1`",
                     id="half done"),
        pytest.param("if till is None:\n    count = till.size()", "found `is`, expected `is not`",
                     id="the opposite, with nothing else"),
        pytest.param("if till is not None:\n    if a:\n        count = till.size()",
                     "lacks `count = till.size()`", id="the line in a block inside"),
    ],
)  # fmt: skip
def test_leaves_what_is_like_it_alone(body: str, why: str) -> None:
    COUNT.drifts(sell(body), line=2, why=why)


def test_points_at_its_line_in_the_block() -> None:
    changed = "if till is not None:\n    count = 2"
    COUNT.drifts(sell(changed), line=3, why="found `2`, expected `till.size()`")


def test_says_what_its_line_has_become() -> None:
    COUNT.drifts(
        sell("if a:\n    count = 3\n    till()"), line=3,
        why="expected `count = till.size()` under `if till is not None:`",
    )  # fmt: skip


def test_what_tests_the_new_but_does_something_else_is_not_half_done() -> None:
    why = "expected `count = till.size()` under"
    COUNT.drifts(sell("if is_open():\n    count = 3\ntill()"), line=3, why=why)


def test_two_that_are_alike_are_ambiguous() -> None:
    one = "if till is not None:\n    count = till.size()\n"
    assert COUNT.ignores(sell(one + one)).state is State.AMBIGUOUS


def test_is_followed_where_its_function_has_lost_it() -> None:
    one = "def buy():\n    if {}:\n        count = till.size()\n{}"
    other = "    else:\n        count = 1\n"
    COUNT.follows(one.format("till is not None", ""), one.format("is_open()", other), "till()")


def test_says_what_the_file_lacks() -> None:
    COUNT.misses(sell("if bag:\n    pay()"), "till")


@pytest.mark.parametrize("quote", ["if till: pay(1); wrap()", "if till:\n    pay(1)\n    wrap()"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("if till: pay(1); wrap()", "if till: pay(2); wrap()", id="on its line"),
        pytest.param("if till:\n    pay(1)\n    wrap()\n    a()",
                     "if till:\n    pay(2)\n    wrap()\n    a()", id="below it"),
    ],
)  # fmt: skip
def test_a_block_may_be_quoted_on_the_line_of_its_if(quote: str, before: str, after: str) -> None:
    rule = trial(quote, quote.replace("pay(1)", "pay(2)"), IfStatement(within="sell"))
    rule.changes(sell(before), sell(after))
