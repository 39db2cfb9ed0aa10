"""Statements that parts of statements may have been cut out of."""

import pytest

from patcher.document.gaps import embedded, failures
from tests.edits.fragments import part


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        pytest.param("return till.pay(", "return bank.pay(", "return till.pay()", id="a call"),
        pytest.param("tip=1,", "tip=2,", "call(tip=1)", id="an argument"),
        pytest.param("'a': b", "'a': c", "{'a': b}", id="a key"),
        pytest.param("tip=1)", "tip=2,\nvat=3)", "call(call(tip=1))", id="a bracket that closes"),
        pytest.param("a], b=1", "a], b=2", "call([a], b=1)", id="an index"),
        pytest.param("x = till.", "x = bank.", "call(x = till. call)", id="a dot at the end"),
        pytest.param(".open()", "", "call(call.open())", id="a dot in front"),
        pytest.param(", tip=1", "", "call(call, tip=1)", id="a comma in front"),
        pytest.param("elif a:", "elif b:", "if call:\n        pass\n    elif a:\n        pass",
                     id="an elif"),
        pytest.param("if a and", "if b and", "if a and call:\n        pass", id="half a test"),
        pytest.param("@wrap(1", "@wrap(2", "@wrap(1)\n    def call(): pass", id="a decorator"),
        pytest.param("some prose", "more of it", '"""About it.\n\n    some prose\n    """',
                     id="prose"),
    ],
)  # fmt: skip
def test_a_rule_holds_on_its_own_quotes(before: str, after: str, line: str) -> None:
    check = part(before, after)
    head = "def sell():\n    import anything\n"
    assert embedded(check.rule, before) == f"{head}    {line}\n"
    assert not list(failures(check.section, check.rule, 1))


@pytest.mark.parametrize(
    ("follows", "after"),
    [
        pytest.param("tip=1,", "vat=2,", id="with commas"),
        pytest.param("'tip': 1", "'vat': 2", id="without commas"),
        pytest.param("pay(", "vat=2", id="behind a bracket"),
        pytest.param("if a", "or b", id="an operator"),
        pytest.param("till", ".open()", id="a call"),
        pytest.param("some prose", "more of it\n  and more", id="prose"),
    ],
)
def test_an_addition_holds_on_its_own_quotes(follows: str, after: str) -> None:
    check = part("", after, follows=follows)
    assert not list(failures(check.section, check.rule, 1))


@pytest.mark.parametrize("quote", ["return {}", "if {}:", "tip={},", "def f({}):", "{} of it"])
def test_a_name_that_has_to_be_mentioned_is(quote: str) -> None:
    check = part(quote.format("one"), quote.format("other"), holding="till")
    assert not list(failures(check.section, check.rule, 1))


def test_what_fits_in_no_statement_is_said() -> None:
    check = part("a = = b", "a = = c")
    (gap,) = failures(check.section, check.rule, 1)
    assert "is not Python" in gap.found
