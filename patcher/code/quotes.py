"""The document's quotes as syntax trees."""

from functools import cache
from typing import cast

import libcst as cst

from patcher.code.outline import Statement
from patcher.code.quote_forms import QuoteForm, completed


@cache
def statements(quote: str) -> tuple[Statement, ...]:
    """The statements of a quote; the header of a block gets a block of `pass`."""
    text = completed(QuoteForm.STATEMENTS, quote)
    # Behind a first statement, comments belong to the next one and not to the module.
    found = cast("tuple[Statement, ...]", cst.parse_module(f"pass\n{text}\n").body[1:])
    return tuple(map(_with_empty_lines, found))


def _with_empty_lines(node: Statement) -> Statement:
    """A statement above which blank lines stay empty, wherever it goes."""
    lines = [e if e.comment else e.with_changes(indent=False) for e in node.leading_lines]
    return node.with_changes(leading_lines=lines) if lines else node


def statement(quote: str) -> Statement:
    """The one statement of a quote."""
    (only,) = statements(quote)
    return only


def small(quote: str) -> cst.BaseSmallStatement:
    """The one simple statement of a quote, without its line."""
    return cst.ensure_type(statement(quote), cst.SimpleStatementLine).body[0]


def call(quote: str) -> cst.Call:
    """The call of a quote, which may break off behind any argument."""
    return _call(completed(QuoteForm.FLAG, quote))


def keyword(quote: str) -> cst.Arg:
    """The keyword argument of a quote, which may hold the bracket that closes its call."""
    return _call(completed(QuoteForm.ARGUMENT, quote)).args[0]


def _call(text: str) -> cst.Call:
    return cst.ensure_type(cst.ensure_type(small(text), cst.Expr).value, cst.Call)


def code(node: cst.CSTNode) -> str:
    """A node's code on one line, its leading lines and comment left out."""
    if isinstance(node, cst.SimpleStatementLine):
        parts = (part.with_changes(semicolon=cst.MaybeSentinel.DEFAULT) for part in node.body)
        text = "; ".join(cst.Module([]).code_for_node(part) for part in parts)
    else:
        bare = node.with_changes(leading_lines=()) if hasattr(node, "leading_lines") else node
        text = cst.Module([]).code_for_node(bare)
    return " ".join(text.split())


def header(node: cst.CSTNode) -> str:
    """A statement's first logical line: for a compound one, up to its block."""
    if not isinstance(node, cst.BaseCompoundStatement):
        return code(node)
    if isinstance(node, cst.Match):
        return f"match {code(node.subject)}:"
    hollow = node.with_changes(body=cst.SimpleStatementSuite([cst.Pass()]))
    return code(hollow).partition(": pass")[0] + ":"
