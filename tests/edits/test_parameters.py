"""All parameters of a function, whatever its body contains."""

import pytest

from patcher.edits.kinds import Parameters
from tests.rule_check import trial

SELL = trial("def sell(self, item):", "def sell(self, item, tip=None):", Parameters(within="Shop"))
CODE = "class Shop:\n    # why\n    def sell({}):  # that\n        return item\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("self, item", "self, item, tip=None", id="as quoted"),
        pytest.param("self,item,", "self, item, tip=None", id="laid out otherwise"),
    ],
)
def test_changes_the_parameters(before: str, after: str) -> None:
    SELL.changes(CODE.format(before), CODE.format(after))


@pytest.mark.parametrize(
    ("parameters", "why"),
    [
        pytest.param("self, thing", "found `thing`, expected `item`", id="another name"),
        pytest.param("self, item=None", "found `item=None`, expected `item`", id="a default"),
        pytest.param("self, item: str", "found `item: str`, expected `item`", id="a type"),
        pytest.param("self, *item", "found `self, *item`, expected `self, item`", id="a star"),
        pytest.param("self, item, bag", "has `bag` as well", id="one more"),
        pytest.param(
            "self, *, item", "found `self, *, item`, expected `self, item`", id="by keyword only"
        ),
    ],
)
def test_leaves_what_is_like_it_alone(parameters: str, why: str) -> None:
    SELL.drifts(CODE.format(parameters), line=3, why=why)


def test_leaves_a_function_of_the_module_alone() -> None:
    SELL.misses("def sell(self, item):\n    pass\n", "Shop")


def test_says_what_it_wants() -> None:
    assert SELL.outcome("").wants == "`def sell(self, item):` in `Shop`"
