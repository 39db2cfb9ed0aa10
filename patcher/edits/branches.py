"""The `if` statement: its test, and the lines in its block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import partial
from typing import NamedTuple

import libcst as cst

from patcher.code import quotes
from patcher.code.conditions import asked, asks, negated, turned
from patcher.code.equivalence import flat, mentions, opposite, same, walk
from patcher.code.layout import carried, fitted, indented
from patcher.code.outline import Line, Outline, Statement, Suite
from patcher.code.rewriting import rewritten
from patcher.edits.base import Candidate, Spot, has_left, likely, names, scope_words, telling
from patcher.edits.subjects import alike
from patcher.model import Rule


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
        before, after = _if(rule.before), _if(rule.after)
        wanted = quotes.header(before)
        for line in _ifs(rule, outline):
            why = self.differs(before, after, line)
            if not why and (rule.edit.holding or names(before.test) & names(_question(line))):
                why = f"expected `{wanted}`"
            if not why:
                continue
            text = quotes.header(line.node)
            likeness = 1 + SequenceMatcher(None, wanted, text).ratio()
            yield Candidate(line.origin, text, likeness, why)
        for line in (line for suite in outline.within(rule.edit.within) for line in suite.lines):
            if form := _form(rule, before.test, line):
                why = f"asks this {form}, expected `{wanted}`"
                yield Candidate(line.origin, quotes.header(line.node), 1.05, why)
        ifs = (line for line in outline.lines() if isinstance(line.node, cst.If))
        yield from likely(rule, wanted, ifs, "the closest `if`")

    def subject(self, rule: Rule) -> frozenset[str]:
        return names(_if(rule.before).test)

    def tells(self, rule: Rule, outline: Outline) -> bool:
        return bool(rule.edit.holding) and has_left(self.subject(rule), rule, outline)

    def differs(self, before: cst.If, after: cst.If, line: Line) -> str:
        """What else than the test differs from what is wanted."""
        return ""


class IfStatement(IfTest):
    """An `if` with the quoted lines in its block, and perhaps others beside them."""

    def is_done(self, after: cst.If, line: Line) -> bool:
        branches = _branches(after, line)
        if not branches or _start(after, line, branches.yes) is None:
            return False
        return after.orelse is None or _is_else(after, branches.no)

    def is_due(self, before: cst.If, after: cst.If, line: Line) -> bool:
        branches = _branches(before, line)
        if not branches or _start(before, line, branches.yes) is None:
            return False
        free = after.orelse is None or _is_empty(branches.no)
        return free or _is_else(after, branches.no)

    def rewrite(self, line: Line, before: cst.If, after: cst.If) -> None:
        node, branches = cst.ensure_type(line.node, cst.If), _branches(before, line)
        assert branches is not None
        block, start = _block(line, branches.yes), _start(before, line, branches.yes)
        old, new = _body(before), _body(after)
        changed = node
        if not block:
            row = _rewritten_row(before, after, branches.yes)
            changed = _with_branch(node, branches.yes, row)
        elif start is not None and not same(old, new):
            olds = [each.node for each in block.lines[start : start + len(old)]]
            block.replace(start, len(old), fitted(new, olds, block.indent))
        if after.orelse and _is_empty(branches.no):
            indent = (block or line.suite).indent
            branch = cst.ensure_type(indented(after, indent), cst.If).orelse
            if branches.no is None:
                changed = changed.with_changes(orelse=branch)
            elif isinstance(branch, cst.Else):
                changed = _with_branch(changed, branches.no, branch.body)
        line.node = carried(changed, [node])
        super().rewrite(line, before, after)

    def subject(self, rule: Rule) -> frozenset[str]:
        before = _if(rule.before)
        return names(before.test) & names(before.body)

    def tells(self, rule: Rule, outline: Outline) -> bool:
        return telling(rule.before) and has_left(self.subject(rule), rule, outline)

    def candidates(self, rule: Rule, outline: Outline) -> Iterator[Candidate]:
        before = _if(rule.before)
        wanted = _body(before)[0]
        why = f"expected `{quotes.code(wanted)}` under `{quotes.header(before)}`"
        for line in alike(rule, wanted, outline):
            yield Candidate(line.origin, quotes.header(line.node), 1.02, why)
        yield from super().candidates(rule, outline)

    def differs(self, before: cst.If, after: cst.If, line: Line) -> str:
        branches, made = _branches(before, line), _branches(after, line)
        if made and after.orelse and _start(after, line, made.yes) is not None:
            return f"lacks `{quotes.code(after.orelse)}`"
        if not branches:
            return ""
        if _start(before, line, branches.yes) is None:
            return f"lacks `{quotes.code(_body(before)[0])}`"
        return "has an `else` already"


class _Branches(NamedTuple):
    """The blocks of an `if`: where what is wanted holds, and where it does not.

    The second is None where there is no such block, and an `if` where an `elif` stands for it.
    """

    yes: cst.BaseSuite
    no: cst.BaseSuite | cst.If | None


def _branches(wanted: cst.If, line: Line) -> _Branches | None:
    """The blocks of an `if` that asks what is wanted, or the opposite."""
    node = cst.ensure_type(line.node, cst.If)
    orelse = node.orelse.body if isinstance(node.orelse, cst.Else) else node.orelse
    if _tests(wanted, line):
        return _Branches(node.body, orelse)
    if _turned(wanted, line) and isinstance(orelse, cst.BaseSuite):
        return _Branches(orelse, node.body)
    return None


def _is_empty(branch: cst.BaseSuite | cst.If | None) -> bool:
    """Whether nothing is done in a branch."""
    if isinstance(branch, cst.If):
        return False
    return branch is None or all(isinstance(each, cst.Pass) for each in flat(branch))


def _is_else(wanted: cst.If, branch: cst.BaseSuite | cst.If | None) -> bool:
    """Whether a branch does what is wanted in the `else`."""
    return isinstance(wanted.orelse, cst.Else) and same(wanted.orelse.body, branch)


def _with_branch(node: cst.If, old: cst.CSTNode, new: cst.BaseSuite) -> cst.If:
    """The `if` with one of its two blocks replaced; a comment behind the colon stays."""
    if isinstance(old, cst.IndentedBlock) and isinstance(new, cst.IndentedBlock):
        new = new.with_changes(header=old.header)
    if node.body is old:
        return node.with_changes(body=new)
    return node.with_changes(orelse=cst.ensure_type(node.orelse, cst.Else).with_changes(body=new))


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


def _form(rule: Rule, wanted: cst.BaseExpression, line: Line) -> str:
    """How a line asks what is wanted, or the opposite, other than by its `if`; "" if not at all."""
    node, found = line.node, list[cst.CSTNode]()
    if isinstance(node, cst.If):
        elifs = [*_elifs(node)]
        form, found = "in an `elif`", [part for each in elifs for part in walk(each.test)]
    elif isinstance(node, cst.While):
        form, found = "in a `while`", [*walk(node.test)]
    elif isinstance(node, cst.SimpleStatementLine):
        form, found = "without an `if`", [*walk(node)]
    meant = not rule.edit.holding or mentions(node, rule.edit.holding)
    tests = (part for part in found if isinstance(part, cst.BaseExpression))
    return form if meant and any(same(wanted, t) or opposite(wanted, t) for t in tests) else ""


def _elifs(node: cst.If) -> Iterator[cst.If]:
    if isinstance(node.orelse, cst.If):
        yield node.orelse
        yield from _elifs(node.orelse)


def _question(line: Line) -> cst.BaseExpression:
    return cst.ensure_type(line.node, cst.If).test


def _tests(wanted: cst.If, line: Line) -> bool:
    return asks(wanted.test, _question(line))


def _turned(wanted: cst.If, line: Line) -> bool:
    return turned(wanted.test, cst.ensure_type(line.node, cst.If))


def _body(node: cst.If) -> Sequence[Statement]:
    return cst.ensure_type(node.body, cst.IndentedBlock).body  # type: ignore[return-value]


def _block(line: Line, body: cst.BaseSuite) -> Suite | None:
    """A block of an `if`; None where it stands on the same line."""
    return next((suite for suite in line.suites if suite.node is body), None)


def _start(wanted: cst.If, line: Line, body: cst.BaseSuite) -> int | None:
    """Where the wanted lines start in a block of an `if`; None where they are not there."""
    block = _block(line, body)
    own = [each.node for each in block.lines] if block else body.body
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
