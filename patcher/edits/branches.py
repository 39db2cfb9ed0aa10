"""The `if` statement: its test, and the lines in its block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import partial

import libcst as cst

from patcher.edits import quotes
from patcher.edits.conditions import asked, asks, negated, turned
from patcher.edits.kind import Candidate, Spot, has_left, likely, names, scope_words, telling
from patcher.edits.layout import carried, fitted, indented
from patcher.edits.meaning import flat, mentions, same
from patcher.edits.rewriting import rewritten
from patcher.model import Rule
from patcher.outline import Line, Outline, Statement, Suite


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
        return _tests(after, line) or _turned(after, line)

    def is_due(self, before: cst.If, after: cst.If, line: Line) -> bool:
        """Whether the line is as it is wanted before."""
        return _tests(before, line) or _turned(before, line)

    def rewrite(self, line: Line, before: cst.If, after: cst.If) -> None:
        """Make the edit."""
        node = cst.ensure_type(line.node, cst.If)
        old, new = before.test, after.test
        if _turned(before, line):
            old, new = negated(old), negated(new)
        test = asked(old, new, node.test)
        space = node.whitespace_before_test  # a bracket may have stood in for it
        space = space if test.lpar or not space.empty else cst.SimpleWhitespace(" ")
        line.node = carried(node.with_changes(test=test, whitespace_before_test=space), [node])

    def candidates(self, rule: Rule, outline: Outline) -> Iterator[Candidate]:
        before = _if(rule.before)
        wanted = quotes.header(before)
        for line in _ifs(rule, outline):
            why = self.differs(before, line) or f"wanted `{wanted}`"
            text = quotes.header(line.node)
            likeness = 1 + SequenceMatcher(None, wanted, text).ratio()
            yield Candidate(line.origin, text, likeness, why)
        ifs = (line for line in outline.lines() if isinstance(line.node, cst.If))
        yield from likely(rule, wanted, ifs, "the closest `if`")

    def subject(self, rule: Rule) -> frozenset[str]:
        return names(_if(rule.before).test)

    def tells(self, rule: Rule, outline: Outline) -> bool:
        return bool(rule.edit.holding) and has_left(self.subject(rule), rule, outline)

    def differs(self, before: cst.If, line: Line) -> str:
        """What else than the test differs from what is wanted."""
        return ""


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
        node = cst.ensure_type(line.node, cst.If)
        block, start = _block(line), _start(before, line)
        old, new = _body(before), _body(after)
        if not block:
            line.node = node = node.with_changes(body=_rewritten_row(before, after, node.body))
        elif start is not None and not same(old, new):
            olds = [each.node for each in block.lines[start : start + len(old)]]
            block.replace(start, len(old), fitted(new, olds, block.indent))
        if after.orelse and not before.orelse:
            indent = (block or line.suite).indent
            branch = cst.ensure_type(indented(after, indent), cst.If).orelse
            line.node = node.with_changes(orelse=branch)
        super().rewrite(line, before, after)

    def subject(self, rule: Rule) -> frozenset[str]:
        before = _if(rule.before)
        return names(before.test) & names(before.body)

    def tells(self, rule: Rule, outline: Outline) -> bool:
        return telling(rule.before) and has_left(self.subject(rule), rule, outline)

    def differs(self, before: cst.If, line: Line) -> str:
        if not _tests(before, line):
            return ""
        body = quotes.code(_body(before)[0])
        return f"lacks `{body}`" if _start(before, line) is None else "has an `else` already"


def _if(quote: str) -> cst.If:
    return cst.ensure_type(quotes.statement(quote), cst.If)


def _ifs(rule: Rule, outline: Outline) -> Iterator[Line]:
    """The `if` statements at the rule's place."""
    holding = rule.edit.holding
    for suite in outline.within(rule.edit.within):
        for line in suite.lines:
            if isinstance(line.node, cst.If) and (not holding or _holds(line.node, holding)):
                yield line


def _holds(node: cst.If, name: str) -> bool:
    """Whether a block of an `if` mentions a name."""
    orelse = node.orelse
    blocks = (node.body, *((orelse.body,) if isinstance(orelse, cst.Else) else ()))
    return any(mentions(block, name) for block in blocks)


def _tests(wanted: cst.If, line: Line) -> bool:
    return asks(wanted.test, cst.ensure_type(line.node, cst.If).test)


def _turned(wanted: cst.If, line: Line) -> bool:
    return turned(wanted.test, cst.ensure_type(line.node, cst.If))


def _body(node: cst.If) -> Sequence[Statement]:
    return cst.ensure_type(node.body, cst.IndentedBlock).body  # type: ignore[return-value]


def _block(line: Line) -> Suite | None:
    """The block of an `if`; None where it stands on the same line."""
    body = cst.ensure_type(line.node, cst.If).body
    return next((suite for suite in line.suites if suite.node is body), None)


def _start(wanted: cst.If, line: Line) -> int | None:
    """Where the wanted lines start in the block of an `if`; None where they are not there."""
    block = _block(line)
    row = cst.ensure_type(line.node, cst.If).body.body
    own = [each.node for each in block.lines] if block else row
    run: Sequence[cst.CSTNode] = _body(wanted) if block else flat(wanted.body)
    for start in range(len(own) - len(run) + 1):
        if same(run, own[start : start + len(run)]):
            return start
    return None


def _rewritten_row(before: cst.If, after: cst.If, block: cst.BaseSuite) -> cst.BaseSuite:
    """A block on the line of its `if`, with the wanted statements in it rewritten."""
    old, new = flat(before.body), flat(after.body)
    parts = list(block.body)
    for index in range(len(parts) - len(old) + 1):
        if same(old, parts[index : index + len(old)]):
            parts[index : index + len(old)] = map(rewritten, old, new, parts[index:])
            break
    return block.with_changes(body=parts)
