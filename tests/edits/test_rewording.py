"""Code that does what a quote does, in other words."""

import pytest

from patcher.edits.kinds import IfTest, Statement
from patcher.edits.subjects import states_otherwise
from patcher.model import Edit, Rule
from tests.code.modules import outlined
from tests.rule_check import trial


def rule(before: str, edit: Edit) -> Rule:
    return trial(before, "a()", edit).rule


TOTAL = rule("total = price(cart, bag)", Statement(within="sell"))
OPEN = rule("if till.open and cart:", IfTest(within="sell"))


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        pytest.param(TOTAL, "def sell():\n    sum = price(cart, bag)\n", id="another variable"),
        pytest.param(TOTAL, "def buy():\n    pay(price(1))\n", id="no variable, elsewhere"),
        pytest.param(OPEN, "def sell():\n    if till.shut and cart:\n        a()\n", id="a test"),
    ],
)
def test_finds_the_same_in_other_words(rule: Rule, code: str) -> None:
    assert states_otherwise(rule, outlined(code))


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        pytest.param(TOTAL, "def sell():\n    total = cost(cart, box)\n", id="most names differ"),
        pytest.param(TOTAL, "def sell():\n    total = price[cart, bag]\n", id="other code"),
        pytest.param(OPEN, "def buy():\n    if till.shut and cart:\n        a()\n", id="elsewhere"),
        pytest.param(OPEN, "def sell():\n    if till.open or cart:\n        a()\n", id="an or"),
    ],
)
def test_leaves_what_is_like_it_alone(rule: Rule, code: str) -> None:
    assert not states_otherwise(rule, outlined(code))
