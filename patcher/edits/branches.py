"""The `if` statement: its test, and the lines in its block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import libcst as cst

from patcher.edits import quotes
from patcher.edits.kind import Candidate, Spot, likely, scope_words
from patcher.edits.layout import carried, fitted, indented
from patcher.edits.meaning import mentions, same
from patcher.edits.rewriting import rewritten
from patcher.model import Rule
from patcher.outline import Line, Outline, Statement


class IfTest:
    """The test of an `if`, whatever stands in its blocks."""

    def expected(self, rule: Rule) -> int:
        return 1

    def wants(self, rule: Rule) -> str:
        holding = f" around {rule.edit.holding}" if rule.edit.holding else ""
        header = quotes.header(quotes.statement(rule.before))
        return f"`{header}` {scope_words(rule.edit.within)}{holding}"

    def find(self, rule: Rule, outline: Outline) -> list[Spot]:
        before, after = _if(rule.before), _if(rule.after)
        spots = []
        for line in _ifs(rule, outline):
            if self.is_done(after, line):
                spots.append(Spot(line.origin, None))
            elif self.is_due(before, after, line):
                spots.append(Spot(line.origin, partial(self.rewrite, line, before, after)))
        return spots

    def is_done(self, after: cst.If, line: Line) -> bool:
        """Whether the line is as it is wanted afterwards."""
        return _tests(after, line)

    def is_due(self, before: cst.If, after: cst.If, line: Line) -> bool:
        """Whether the line is as it is wanted before."""
        return _tests(before, line)

    def rewrite(self, line: Line, before: cst.If, after: cst.If) -> None:
        """Make the edit."""
        node = cst.ensure_type(line.node, cst.If)
        new = node.with_changes(test=rewritten(before.test, after.test, node.test))
        line.node = carried(new, [node])

    def candidates(self, rule: Rule, outline: Outline) -> Iterator[Candidate]:
        wanted = quotes.header(_if(rule.before))
        for line in _ifs(rule, outline):
            text = quotes.header(line.node)
            why = "holds other lines" if text == wanted else f"wanted `{wanted}`"
            yield Candidate(line.origin, text, 1.0, why)
        ifs = (line for line in outline.lines() if isinstance(line.node, cst.If))
        yield from likely(rule, wanted, ifs, "the closest `if`")


class IfStatement(IfTest):
    """An `if` with the quoted lines in its block, and perhaps others beside them."""

    def is_done(self, after: cst.If, line: Line) -> bool:
        orelse = cst.ensure_type(line.node, cst.If).orelse
        return (
            _tests(after, line)
            and _start(after, line) is not None
            and (after.orelse is None or same(after.orelse, orelse))
        )

    def is_due(self, before: cst.If, after: cst.If, line: Line) -> bool:
        orelse = cst.ensure_type(line.node, cst.If).orelse
        return (
            _tests(before, line)
            and _start(before, line) is not None
            and (after.orelse is None or orelse is None)
        )

    def rewrite(self, line: Line, before: cst.If, after: cst.If) -> None:
        suite = line.suites[0]
        old, new = _body(before), _body(after)
        start = _start(before, line)
        if start is not None and not same(old, new):
            olds = [each.node for each in suite.lines[start : start + len(old)]]
            suite.replace(start, len(old), fitted(new, olds, suite.indent))
        super().rewrite(line, before, after)
        if after.orelse and not before.orelse:
            branch = cst.ensure_type(indented(after, suite.indent), cst.If).orelse
            line.node = line.node.with_changes(orelse=branch)


def _if(quote: str) -> cst.If:
    return cst.ensure_type(quotes.statement(quote), cst.If)


def _ifs(rule: Rule, outline: Outline) -> Iterator[Line]:
    """The `if` statements at the rule's place."""
    holding = rule.edit.holding
    for suite in outline.within(rule.edit.within):
        for line in suite.lines:
            if isinstance(line.node, cst.If) and (not holding or mentions(line.node.body, holding)):
                yield line


def _tests(wanted: cst.If, line: Line) -> bool:
    return same(wanted.test, cst.ensure_type(line.node, cst.If).test)


def _body(node: cst.If) -> Sequence[Statement]:
    return cst.ensure_type(node.body, cst.IndentedBlock).body  # type: ignore[return-value]


def _start(wanted: cst.If, line: Line) -> int | None:
    """Where the wanted lines start in the block of an `if`; None where they are not there."""
    if not line.suites or line.suites[0].node is not cst.ensure_type(line.node, cst.If).body:
        return None
    lines, run = line.suites[0].lines, _body(wanted)
    for start in range(len(lines) - len(run) + 1):
        if same([each.node for each in lines[start : start + len(run)]], run):
            return start
    return None
