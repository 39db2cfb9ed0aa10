"""`if_statement`: an `if` with the quoted lines in its block, which may hold more."""

from collections.abc import Iterator, Sequence

import libcst as cst

from patcher.code import quotes
from patcher.code.bindings import mentioned, reads
from patcher.code.changes import Change, Rewrite, Splice
from patcher.code.equivalence import equivalent, statements_of
from patcher.code.layout import indented, transplant, with_comments_of
from patcher.code.outline import Line, Outline, Statement, Suite
from patcher.code.rewriting import rewritten
from patcher.edits.base import NearMiss, compared, is_distinctive, near_miss
from patcher.edits.if_test import Branches, IfTests, branches_of, quoted_if, rest_of, retested
from patcher.edits.subjects import rivals
from patcher.model import Rule


class IfStatements(IfTests):
    """An `if` with the quoted lines in its block, and perhaps others next to them."""

    def is_done(self, after: cst.If, line: Line) -> bool:
        branches = _holding(after, line)
        return branches is not None and (after.orelse is None or _is_else(after, branches.no))

    def is_due(self, before: cst.If, after: cst.If, line: Line) -> bool:
        branches = _holding(before, line)
        return branches is not None and (
            after.orelse is None
            or _is_else(after, branches.no)
            or (_is_empty(branches.no) and _is_about(before.test, line))
        )

    def changes(self, line: Line, before: cst.If, after: cst.If) -> list[Change]:
        branches = branches_of(before, line)
        assert branches
        node, inner = _with_lines(line, branches, before, after)
        node = _with_else(node, line, branches, after)
        node = cst.ensure_type(with_comments_of(node, [line.node]), cst.If)
        return [*inner, Rewrite(line, retested(node, before, after))]

    def can_relocate(self, rule: Rule, outline: Outline) -> bool:
        return is_distinctive(rule.before) and self.has_left_scope(rule, outline)

    def subject(self, rule: Rule) -> frozenset[str]:
        before = quoted_if(rule.before)
        return mentioned(before.test) & mentioned(before.body)

    def near_misses(self, rule: Rule, outline: Outline) -> Iterator[NearMiss]:
        before = quoted_if(rule.before)
        first = _body(before)[0]
        for line in rivals(first, outline.lines(rule.edit.within)):
            if _is_under(before, line):
                yield compared(first, line, 2.1)
            else:
                wanted = f"`{quotes.code(first)}` under `{quotes.header(before)}`"
                yield near_miss(line, 1.02, f"expected {wanted}")
        yield from super().near_misses(rule, outline)

    def difference(self, before: cst.If, after: cst.If, line: Line) -> str:
        if after.orelse and _holding(after, line):
            return f"lacks `{quotes.code(after.orelse)}`"
        if not branches_of(before, line):
            return ""
        if not _holding(before, line):
            return f"lacks `{quotes.code(_body(before)[0])}`"
        branches = branches_of(before, line)
        if branches and _is_empty(branches.no):
            return "has a clause of something else, for which the new `else` would run as well"
        return "has an `else` already"


KIND = IfStatements()


def _is_under(wanted: cst.If, line: Line) -> bool:
    """Whether a line stands in the block of an `if` where the wanted test is true."""
    owner = line.suite.owner
    found = branches_of(wanted, owner) if owner and isinstance(owner.node, cst.If) else None
    return found is not None and found.yes is line.suite.node


def _is_about(wanted: cst.BaseExpression, line: Line) -> bool:
    """Whether the test of an `if` with the wanted clause is about nothing else.

    Another clause, such as one of a flag, would have a new `else` run in cases that no rule means.
    """
    return {*reads(cst.ensure_type(line.node, cst.If).test)} <= {*reads(wanted)}


def _holding(wanted: cst.If, line: Line) -> Branches | None:
    """The blocks of an `if` with the wanted test, where that holds the wanted lines."""
    found = branches_of(wanted, line)
    return found if found and _start(wanted, line, found.yes) is not None else None


def _with_lines(
    line: Line, branches: Branches, before: cst.If, after: cst.If
) -> tuple[cst.If, list[Change]]:
    """The `if` with the quoted lines of its block rewritten, and what that changes inside."""
    node = cst.ensure_type(line.node, cst.If)
    block, start = _block(line, branches.yes), _start(before, line, branches.yes)
    assert start is not None
    if not block and branches.yes:
        row, parts = list(branches.yes.body), statements_of(before.body)
        new_parts = map(rewritten, parts, statements_of(after.body), row[start:])
        row[start : start + len(parts)] = new_parts
        return _with_branch(node, branches.yes, branches.yes.with_changes(body=row)), []
    old, new = _body(before), _body(after)
    if equivalent(old, new):
        return node, []
    lines = block.lines if block else rest_of(line)
    run, indent = lines[start : start + len(old)], (block or line.suite).indent
    return node, [Splice(run, transplant(new, [each.node for each in run], indent))]


def _with_else(node: cst.If, line: Line, branches: Branches, after: cst.If) -> cst.If:
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


def _block(line: Line, body: cst.BaseSuite | None) -> Suite | None:
    """A block of an `if`; None where it stands on the same line, or is the lines behind."""
    return next((suite for suite in line.suites if suite.node is body), None)


def _start(wanted: cst.If, line: Line, body: cst.BaseSuite | None) -> int | None:
    """Where the quoted lines start in a block of an `if`; None where they are not there."""
    block = _block(line, body)
    lines = block.lines if block else () if body else rest_of(line)
    own = body.body if body and not block else [each.node for each in lines]
    run: Sequence[cst.CSTNode] = statements_of(wanted.body) if body and not block else _body(wanted)
    for start in range(len(own) - len(run) + 1):
        if equivalent(run, own[start : start + len(run)]):
            return start
    return None
