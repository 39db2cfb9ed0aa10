"""The default of a parameter of a function."""

import pytest

from patcher.edits.kinds import ParameterDefault
from patcher.model import State
from tests.rule_check import trial

TIP = trial(
    "def sell(self, item, tip=0):", "def sell(self, item, tip=1):", ParameterDefault(within="Shop")
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("self, item, tip=0", "self, item, tip=1", id="as quoted"),
        pytest.param("self, tip: int = 0, *more", "self, tip: int = 1, *more", id="typed, others"),
        pytest.param("self, *, tip=0, **more", "self, *, tip=1, **more", id="by keyword only"),
        pytest.param("self, tip=0, /", "self, tip=1, /", id="by position only"),
        pytest.param(
            "\n            self,\n            tip=0,  # each\n    ",
            "\n            self,\n            tip=1,  # each\n    ", id="over lines",
        ),
    ],
)  # fmt: skip
def test_changes_the_default_alone(before: str, after: str) -> None:
    code = "class Shop:\n    # why\n    def sell({}):  # that\n        return tip == 0\n"
    TIP.changes(code.format(before), code.format(after))


@pytest.mark.parametrize(
    ("header", "why"),
    [
        pytest.param(
            "def sell(self, tip=2):", "tip of function sell is 2, expected 0", id="another default"
        ),
        pytest.param("def sell(self, tip):", "has no default for `tip`", id="none"),
        pytest.param("def sell(self, tips=0):", "has no default for `tip`", id="another parameter"),
    ],
)
def test_leaves_what_is_like_it_alone(header: str, why: str) -> None:
    TIP.drifts(f"class Shop:\n    {header}\n        pass\n", line=2, why=why)


def test_shows_no_other_function() -> None:
    outcome = TIP.ignores("class Shop:\n    def buy(self, tip=0):\n        pass\n")
    assert (outcome.state, outcome.nearest) == (State.DRIFTED, None)


def test_leaves_a_function_of_another_class_alone() -> None:
    TIP.misses("class Bank:\n    def sell(self, item, tip=0):\n        pass\n", "Shop")


def test_two_of_one_name_are_ambiguous() -> None:
    one = "    def sell(self, tip=0):\n        pass\n"
    assert TIP.ignores(f"class Shop:\n{one}{one}").state is State.AMBIGUOUS


def test_says_what_it_wants() -> None:
    assert TIP.outcome("").wants == "function sell with tip 0 in `Shop`"
