"""What differs around a line that starts as a quote of statements does."""

import pytest

from patcher.code.outline import Line
from patcher.code.quotes import statements
from patcher.edits.kinds import Statement
from patcher.edits.statement import context_miss, guards
from patcher.model import Rule
from tests.code.modules import line, outlined
from tests.rule_check import trial

WRAP = trial(
    "pay(cart)\nwrap()", "if ready():\n    pay(cart)\n    wrap()", Statement(within="sell")
).rule


def said(rule: Rule, wanted: str, found: Line) -> str:
    """What differs around a line, in words; "" for nothing."""
    near = context_miss(rule, statements(wanted), found)
    return near.difference if near else ""


@pytest.mark.parametrize(
    ("code", "difference"),
    [
        pytest.param("def sell():\n    pay(cart)\n    wrap()\n", "", id="none"),
        pytest.param("def sell():\n    pay(cart)\n    close()\n",
                     "followed by `close()`, expected `wrap()`", id="another line behind it"),
        pytest.param("def sell():\n    pay(cart)\n", "followed by nothing, expected `wrap()`",
                     id="no line behind it"),
        pytest.param("def buy():\n    pay(cart)\n    wrap()\n",
                     "stands in `buy`, expected in `sell`", id="another function"),
        pytest.param("def buy():\n    pay(bag)\n", "", id="another function, and another argument"),
        pytest.param("def sell():\n    pay(bag)\n    close()\n",
                     "followed by `close()`, expected `wrap()`", id="its subject"),
        pytest.param("def sell():\n    pay(bag)\n    wrap()\n", "", id="only its subject"),
        pytest.param("def sell():\n    if not ready():\n        pay(cart)\n        wrap()\n",
                     "is under `if not ready():` already", id="under the new test"),
        pytest.param("def sell():\n    while ready():\n        pay(cart)\n        wrap()\n", "",
                     id="under another statement"),
    ],
)  # fmt: skip
def test_says_what_differs_around_a_line(code: str, difference: str) -> None:
    found = line(outlined(code), "pay(")
    assert said(WRAP, WRAP.before, found) == difference


def test_an_import_in_another_place_is_said_and_what_has_no_subject_is_not_compared() -> None:
    rule = trial("from shop import till", "a()", Statement(within="sell")).rule
    found = line(outlined("from shop import bag, till\n"), "from")
    assert said(rule, rule.before, found) == "stands at module level, expected in `sell`"
    found = line(outlined("def sell():\n    return a\n"), "return")
    assert said(rule, "return b", found) == ""


def test_an_addition_says_what_its_line_has_become() -> None:
    rule = trial("", "count()", Statement(within="sell", follows="cart = take()")).rule
    found = line(outlined("def sell():\n    cart = make()\n"), "cart")
    assert said(rule, "cart = take()", found) == "found `make`, expected `take`"


def test_knows_the_statements_around_a_block() -> None:
    blocks = outlined("def f():\n    if a:\n        while b:\n            c()\n")
    owners = line(blocks, "c()").suite.owners()
    assert list(owners) == [line(blocks, each) for each in ("while b", "if a", "def f")]


@pytest.mark.parametrize(("test", "guarded"), [("a", True), ("not a", True), ("b", False)])
def test_a_test_guards_what_an_edit_puts_under_it(test: str, guarded: bool) -> None:
    (owner,) = outlined(f"if {test}: c()\n").lines()
    assert guards(statements("if a: c()"), owner) == guarded
    assert not guards(statements("c()"), owner)
