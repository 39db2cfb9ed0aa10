"""`if_statement`: an `if` with the quoted lines in its block, which may hold more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import libcst as cst

from patcher.code import quotes
from patcher.code.bindings import mentioned
from patcher.code.changes import Change, Rewrite, Splice
from patcher.code.equivalence import equivalent, statements_of
from patcher.code.layout import indented, transplant, with_comments_of
from patcher.code.outline import Line, Outline, Statement, Suite
from patcher.code.rewriting import rewritten
from patcher.edits.base import NearMiss, has_left_scope, is_distinctive, near_miss
from patcher.edits.if_test import IfTests, has_inverted_test, has_test, quoted_if, retested
from patcher.edits.subjects import rivals
from patcher.model import Rule


class IfStatements(IfTests):
    """An `if` with the quoted lines in its block, and perhaps others next to them."""

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

    def changes(self, line: Line, before: cst.If, after: cst.If) -> list[Change]:
        branches = _branches(before, line)
        assert branches is not None
        node, inner = _with_lines(line, branches, before, after)
        node = _with_else(node, line, branches, after)
        node = cst.ensure_type(with_comments_of(node, [line.node]), cst.If)
        return [*inner, Rewrite(line, retested(line, node, before, after))]

    def can_relocate(self, rule: Rule, outline: Outline) -> bool:
        return is_distinctive(rule.before) and has_left_scope(self.subject(rule), rule, outline)

    def subject(self, rule: Rule) -> frozenset[str]:
        before = quoted_if(rule.before)
        return mentioned(before.test) & mentioned(before.body)

    def near_misses(self, rule: Rule, outline: Outline) -> Iterator[NearMiss]:
        before = quoted_if(rule.before)
        first = _body(before)[0]
        for line in rivals(rule, first, outline):
            wanted = f"`{quotes.code(first)}` under `{quotes.header(before)}`"
            yield near_miss(line, 1.02, f"expected {wanted}")
        yield from super().near_misses(rule, outline)

    def difference(self, before: cst.If, after: cst.If, line: Line) -> str:
        branches, made = _branches(before, line), _branches(after, line)
        if made and after.orelse and _start(after, line, made.yes) is not None:
            return f"lacks `{quotes.code(after.orelse)}`"
        if not branches:
            return ""
        if _start(before, line, branches.yes) is None:
            return f"lacks `{quotes.code(_body(before)[0])}`"
        return "has an `else` already"


KIND = IfStatements()


class _Branches(NamedTuple):
    """The blocks of an `if`: where the wanted test is true, and where it is false.

    The second is None where there is no such block, and an `if` where it is an `elif`.
    """

    yes: cst.BaseSuite
    no: cst.BaseSuite | cst.If | None


def _branches(wanted: cst.If, line: Line) -> _Branches | None:
    """The blocks of an `if` with the wanted test, or the opposite."""
    node = cst.ensure_type(line.node, cst.If)
    orelse = node.orelse.body if isinstance(node.orelse, cst.Else) else node.orelse
    if has_test(wanted, line):
        return _Branches(node.body, orelse)
    if has_inverted_test(wanted, line) and isinstance(orelse, cst.BaseSuite):
        return _Branches(orelse, node.body)
    return None


def _with_lines(
    line: Line, branches: _Branches, before: cst.If, after: cst.If
) -> tuple[cst.If, list[Change]]:
    """The `if` with the quoted lines of its block rewritten, and what that changes inside."""
    node = cst.ensure_type(line.node, cst.If)
    block, start = _block(line, branches.yes), _start(before, line, branches.yes)
    if not block:
        return _with_branch(node, branches.yes, _rewritten_row(before, after, branches.yes)), []
    old, new = _body(before), _body(after)
    if start is None or equivalent(old, new):
        return node, []
    run = block.lines[start : start + len(old)]
    return node, [Splice(run, transplant(new, [each.node for each in run], block.indent))]


def _with_else(node: cst.If, line: Line, branches: _Branches, after: cst.If) -> cst.If:
    """The `if` with the `else` of the quote, where it has none that does anything."""
    if not after.orelse or not _is_empty(branches.no):
        return node
    indent = (_block(line, branches.yes) or line.suite).indent
    branch = cst.ensure_type(indented(after, indent), cst.If).orelse
    if branches.no is None:
        return node.with_changes(orelse=branch)
    return _with_branch(node, branches.no, branch.body) if isinstance(branch, cst.Else) else node


def _is_empty(branch: cst.BaseSuite | cst.If | None) -> bool:
    """Whether a branch does nothing."""
    if isinstance(branch, cst.If):
        return False
    return branch is None or all(isinstance(each, cst.Pass) for each in statements_of(branch))


def _is_else(wanted: cst.If, branch: cst.BaseSuite | cst.If | None) -> bool:
    """Whether a branch does what the quote has in its `else`."""
    return isinstance(wanted.orelse, cst.Else) and equivalent(wanted.orelse.body, branch)


def _with_branch(node: cst.If, old: cst.CSTNode, new: cst.BaseSuite) -> cst.If:
    """The `if` with one of its two blocks replaced; a comment behind the colon stays."""
    if isinstance(old, cst.IndentedBlock) and isinstance(new, cst.IndentedBlock):
        new = new.with_changes(header=old.header)
    if node.body is old:
        return node.with_changes(body=new)
    return node.with_changes(orelse=cst.ensure_type(node.orelse, cst.Else).with_changes(body=new))


def _body(node: cst.If) -> Sequence[Statement]:
    block = node.body
    if isinstance(block, cst.SimpleStatementSuite):  # behind the colon
        plain = (each.with_changes(semicolon=cst.MaybeSentinel.DEFAULT) for each in block.body)
        return [cst.SimpleStatementLine([each]) for each in plain]
    return block.body  # type: ignore[return-value]


def _block(line: Line, body: cst.BaseSuite) -> Suite | None:
    """A block of an `if`; None where it stands on the same line."""
    return next((suite for suite in line.suites if suite.node is body), None)


def _start(wanted: cst.If, line: Line, body: cst.BaseSuite) -> int | None:
    """Where the quoted lines start in a block of an `if`; None where they are not there."""
    block = _block(line, body)
    own = [each.node for each in block.lines] if block else body.body
    run: Sequence[cst.CSTNode] = _body(wanted) if block else statements_of(wanted.body)
    for start in range(len(own) - len(run) + 1):
        if equivalent(run, own[start : start + len(run)]):
            return start
    return None


def _rewritten_row(before: cst.If, after: cst.If, block: cst.BaseSuite) -> cst.BaseSuite:
    """A block on the line of its `if`, with the quoted statements in it rewritten."""
    old, new = statements_of(before.body), statements_of(after.body)
    parts = list(block.body)
    for index in range(len(parts) - len(old) + 1):
        if equivalent(old, parts[index : index + len(old)]):
            parts[index : index + len(old)] = map(rewritten, old, new, parts[index:])
            break
    return block.with_changes(body=parts)
