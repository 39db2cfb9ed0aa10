"""Quotes as syntax trees, and code on one line."""

import libcst as cst
import pytest

from patcher.code import quotes


def code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


def test_a_header_gets_a_block() -> None:
    (node,) = quotes.statements("if a:\n")
    assert code(node) == "if a:\n    pass\n"


def test_a_comment_above_belongs_to_its_statement() -> None:
    first, second = quotes.statements("# one\na = 1\n# two\nb = 2\n")
    assert (code(first), code(second)) == ("# one\na = 1\n", "# two\nb = 2\n")


@pytest.mark.parametrize(
    "quote",
    [
        pytest.param("f(a, b=1)", id="whole"),
        pytest.param("f(a, b=1", id="without its bracket"),
        pytest.param("  f(a, b=1,\n", id="broken off behind a comma"),
    ],
)
def test_a_call_may_break_off(quote: str) -> None:
    assert code(quotes.call(quote)) == "f(a, b=1)"


def test_of_brackets_only_the_open_ones_are_closed() -> None:
    assert code(quotes.call("f(g(1), h(2")) == "f(g(1), h(2))"


@pytest.mark.parametrize("quote", ["b=g(1)", "b=g(1),", "b=g(1))", " b=g(1),\n"])
def test_a_keyword_argument_may_have_the_bracket_of_its_call(quote: str) -> None:
    assert code(quotes.keyword(quote).with_changes(comma=cst.MaybeSentinel.DEFAULT)) == "b=g(1)"


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        pytest.param("# why\nf(\n    a,\n    b)  # what", "f( a, b)", id="a call over lines"),
        pytest.param("a = 1; b = 2", "a = 1; b = 2", id="two on a line"),
        pytest.param("if a:  # why\n    b()\nelse:\n    c()", "if a:", id="an if"),
        pytest.param("# why\n@a\ndef f(b: int = 1) -> C:\n    d()", "@a def f(b: int = 1) -> C:",
                     id="a function"),
        pytest.param("for a in b: c()", "for a in b:", id="a loop on one line"),
        pytest.param("try:\n    a()\nexcept B:\n    c()", "try:", id="an attempt"),
        pytest.param("match a:\n    case 1:\n        b()", "match a:", id="a match"),
    ],
)  # fmt: skip
def test_a_header_is_the_first_logical_line(statement: str, line: str) -> None:
    assert quotes.header(quotes.statement(statement)) == line


@pytest.mark.parametrize("quote", ["a\nb", ""])
def test_one_statement_is_one(quote: str) -> None:
    with pytest.raises(ValueError, match="values to unpack"):
        quotes.statement(quote)
