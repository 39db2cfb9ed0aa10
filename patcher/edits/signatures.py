"""The parameters of a function, as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import libcst as cst

from patcher.code import quotes
from patcher.code.equivalence import same
from patcher.code.layout import carried
from patcher.code.outline import Line, Outline
from patcher.code.rewriting import rewritten
from patcher.edits.base import Candidate, Spot, likely, scope_words
from patcher.model import Rule


class Parameters:
    """The parameters in the header of a function, whatever stands in its block."""

    def expected(self, rule: Rule) -> int:
        return 1

    def wants(self, rule: Rule) -> str:
        header = quotes.header(quotes.statement(rule.before))
        return f"`{header}` {scope_words(rule.edit.within)}"

    def find(self, rule: Rule, outline: Outline) -> list[Spot]:
        before, after = _function(rule.before), _function(rule.after)
        spots = []
        for line in _namesakes(rule, outline):
            params = cst.ensure_type(line.node, cst.FunctionDef).params
            if same(after.params, params):
                spots.append(Spot(line.origin, None))
            elif same(before.params, params):
                new = rewritten(before.params, after.params, params)
                spots.append(Spot(line.origin, partial(_put, line, new)))
        return spots

    def subject(self, rule: Rule) -> frozenset[str]:
        return frozenset(rule.edit.within.split("."))

    def tells(self, rule: Rule, outline: Outline) -> bool:
        return False

    def candidates(self, rule: Rule, outline: Outline) -> Iterator[Candidate]:
        wanted = quotes.header(quotes.statement(rule.before))
        for line in _namesakes(rule, outline):
            yield Candidate(line.origin, quotes.header(line.node), 1.0, f"expected `{wanted}`")
        yield from likely(rule, wanted, outline.lines())


def _function(quote: str) -> cst.FunctionDef:
    return cst.ensure_type(quotes.statement(quote), cst.FunctionDef)


def _namesakes(rule: Rule, outline: Outline) -> Iterator[Line]:
    """The functions of the quoted name at the rule's place."""
    name = _function(rule.before).name
    for suite in outline.within(rule.edit.within):
        for line in suite.lines:
            if isinstance(line.node, cst.FunctionDef) and same(name, line.node.name):
                yield line


def _put(line: Line, new: cst.Parameters) -> None:
    # The block stays the node that the outline knows.
    node = cst.ensure_type(line.node, cst.FunctionDef)
    line.node = carried(node.with_changes(params=new), [node])
