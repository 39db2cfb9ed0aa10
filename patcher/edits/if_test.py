"""`if_test`: the test of an `if`, whatever stands in its blocks."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

import libcst as cst

from patcher.code import quotes
from patcher.code.bindings import mentioned, mentions
from patcher.code.changes import Change, Rewrite
from patcher.code.conditions import is_inverted, matches_test, negated, rewrite_test
from patcher.code.equivalence import equivalent, opposite, walk
from patcher.code.layout import with_comments_of
from patcher.code.outline import Line, Outline
from patcher.edits.base import (
    EditKind,
    Match,
    NearMiss,
    applied,
    has_left_scope,
    near_miss,
    pending,
    similar_lines,
)
from patcher.edits.kinds import IfTest
from patcher.edits.subjects import states_otherwise
from patcher.model import Rule


class IfTests(EditKind):
    """The test of an `if`, alone, among further clauses, or inverted with an `else`."""

    def find(self, rule: Rule, outline: Outline) -> list[Match]:
        before, after = quoted_if(rule.before), quoted_if(rule.after)
        found = []
        for line in _ifs(rule, outline):
            if self.is_done(after, line):
                found.append(applied(line))
            elif self.is_due(before, after, line):
                found.append(pending(line, *self.changes(line, before, after)))
        return found

    def is_done(self, after: cst.If, line: Line) -> bool:
        """Whether the line is as after the edit."""
        return has_test(after, line) or has_inverted_test(after, line)

    def is_due(self, before: cst.If, after: cst.If, line: Line) -> bool:
        """Whether the line is as before the edit."""
        return has_test(before, line) or has_inverted_test(before, line)

    def changes(self, line: Line, before: cst.If, after: cst.If) -> list[Change]:
        """The changes that make the edit."""
        return [Rewrite(line, retested(line, cst.ensure_type(line.node, cst.If), before, after))]

    def can_relocate(self, rule: Rule, outline: Outline) -> bool:
        return bool(_holding(rule)) and has_left_scope(self.subject(rule), rule, outline)

    def wants(self, rule: Rule) -> str:
        around = f" around {_holding(rule)}" if _holding(rule) else ""
        return f"{super().wants(rule)}{around}"

    def subject(self, rule: Rule) -> frozenset[str]:
        return mentioned(quoted_if(rule.before).test)

    def is_reworded(self, rule: Rule, outline: Outline) -> bool:
        holding = _holding(rule)
        lines = (line.node for suite in outline.within(rule.edit.within) for line in suite.lines)
        around = (node for node in lines if holding and isinstance(node, cst.If))
        wrapped = any(mentions(node.body, holding) for node in around)
        return wrapped or states_otherwise(rule, outline)

    def near_misses(self, rule: Rule, outline: Outline) -> Iterator[NearMiss]:
        before, after = quoted_if(rule.before), quoted_if(rule.after)
        wanted = quotes.header(before)
        for line in _ifs(rule, outline):
            difference = self.difference(before, after, line)
            shared = mentioned(before.test) & mentioned(test_of(line))
            if not difference and (_holding(rule) or shared):
                difference = f"expected `{wanted}`"
            if difference:
                text = quotes.header(line.node)
                likeness = 1 + SequenceMatcher(None, wanted, text).ratio()
                yield NearMiss(line.origin, text, likeness, difference)
        for line in (line for suite in outline.within(rule.edit.within) for line in suite.lines):
            if form := _other_form(rule, before.test, line):
                yield near_miss(line, 1.05, f"asks this {form}, expected `{wanted}`")
        ifs = (line for line in outline.lines() if isinstance(line.node, cst.If))
        yield from similar_lines(rule, wanted, ifs, "the closest `if`")

    def difference(self, before: cst.If, after: cst.If, line: Line) -> str:
        """What else than the test differs from what is wanted; "" for nothing."""
        return ""


KIND = IfTests()


def quoted_if(quote: str) -> cst.If:
    """The `if` of a quote."""
    return cst.ensure_type(quotes.statement(quote), cst.If)


def test_of(line: Line) -> cst.BaseExpression:
    """The test of a line that is an `if`."""
    return cst.ensure_type(line.node, cst.If).test


def has_test(wanted: cst.If, line: Line) -> bool:
    """Whether a line tests what a quoted `if` does."""
    return matches_test(wanted.test, test_of(line))


def has_inverted_test(wanted: cst.If, line: Line) -> bool:
    """Whether a line tests the opposite, and has an `else`."""
    return is_inverted(wanted.test, cst.ensure_type(line.node, cst.If))


def retested(line: Line, node: cst.If, before: cst.If, after: cst.If) -> cst.If:
    """An `if` with the test of `after`, or its negation where the line has that of `before`."""
    old, new = before.test, after.test
    if has_inverted_test(before, line):
        old, new = negated(old), negated(new)
    test = rewrite_test(old, new, node.test)
    space = node.whitespace_before_test  # a bracket may have stood in for it
    space = space if test.lpar or not space.empty else cst.SimpleWhitespace(" ")
    changed = node.with_changes(test=test, whitespace_before_test=space)
    return cst.ensure_type(with_comments_of(changed, [node]), cst.If)


def _holding(rule: Rule) -> str:
    return rule.edit.holding if isinstance(rule.edit, IfTest) else ""


def _ifs(rule: Rule, outline: Outline) -> Iterator[Line]:
    """The `if` statements at the rule's place."""
    holding = _holding(rule)
    for suite in outline.within(rule.edit.within):
        for line in suite.lines:
            if isinstance(line.node, cst.If) and (not holding or _holds(line.node, holding)):
                yield line


def _holds(node: cst.If, name: str) -> bool:
    """Whether a block of an `if` mentions a name."""
    orelse = node.orelse
    blocks = (node.body, *((orelse.body,) if isinstance(orelse, cst.Else) else ()))
    return any(mentions(block, name) for block in blocks)


def _other_form(rule: Rule, wanted: cst.BaseExpression, line: Line) -> str:
    """In which form other than its `if` a line tests what is wanted; "" where it does not."""
    node, found = line.node, list[cst.CSTNode]()
    form = ""
    if isinstance(node, cst.If):
        form, found = "in an `elif`", [part for each in _elifs(node) for part in walk(each.test)]
    elif isinstance(node, cst.While):
        form, found = "in a `while`", [*walk(node.test)]
    elif isinstance(node, cst.SimpleStatementLine):
        form, found = "without an `if`", [*walk(node)]
    meant = not _holding(rule) or mentions(node, _holding(rule))
    tests = (part for part in found if isinstance(part, cst.BaseExpression))
    same = any(equivalent(wanted, test) or opposite(wanted, test) for test in tests)
    return form if meant and same else ""


def _elifs(node: cst.If) -> Iterator[cst.If]:
    if isinstance(node.orelse, cst.If):
        yield node.orelse
        yield from _elifs(node.orelse)
