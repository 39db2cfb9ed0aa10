"""All parameters of a function, whatever stands in its block."""

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
    "parameters",
    [
        pytest.param("self, thing", id="another name"),
        pytest.param("self, item=None", id="a default"),
        pytest.param("self, item: str", id="a type"),
        pytest.param("self, *item", id="a star"),
        pytest.param("self, item, bag", id="one more"),
        pytest.param("self, *, item", id="by keyword only"),
    ],
)
def test_leaves_what_is_like_it_alone(parameters: str) -> None:
    SELL.drifts(CODE.format(parameters), line=3, why="expected `def sell(self, item):`")


def test_leaves_a_function_of_the_module_alone() -> None:
    SELL.misses("def sell(self, item):\n    pass\n", "Shop")


def test_says_what_it_wants() -> None:
    assert SELL.outcome("").wants == "`def sell(self, item):` in `Shop`"
