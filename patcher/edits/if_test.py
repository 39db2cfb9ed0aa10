"""`if_test`: the test of an `if`, whatever its blocks contain."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

import libcst as cst

from patcher.code import quotes
from patcher.code.bindings import mentioned, mentions
from patcher.code.changes import Change, Rewrite
from patcher.code.equivalence import equivalent, fails, leaves, opposite, statements_of, walk
from patcher.code.layout import with_comments_of
from patcher.code.outline import Line, Outline
from patcher.code.rewriting import denies_test, matches_test, rewrite_test
from patcher.edits.base import (
    EditKind,
    Match,
    NearMiss,
    applied,
    compared,
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
        for line, _ in _ifs(rule, outline):
            if self.is_done(after, line):
                found.append(applied(line))
            elif self.is_due(before, after, line) and not _is_other(before, after, line):
                found.append(pending(line, *self.changes(line, before, after)))
        return found

    def is_done(self, after: cst.If, line: Line) -> bool:
        """Whether the line is as after the edit."""
        return branches_of(after, line) is not None

    def is_due(self, before: cst.If, after: cst.If, line: Line) -> bool:
        """Whether the line is as before the edit."""
        return branches_of(before, line) is not None

    def changes(self, line: Line, before: cst.If, after: cst.If) -> list[Change]:
        """The changes that make the edit."""
        return [Rewrite(line, retested(cst.ensure_type(line.node, cst.If), before, after))]

    def can_relocate(self, rule: Rule, outline: Outline) -> bool:
        return bool(_holding(rule)) and self.has_left_scope(rule, outline)

    def wants(self, rule: Rule) -> str:
        around = f" around {_holding(rule)}" if _holding(rule) else ""
        return f"{super().wants(rule)}{around}"

    def subject(self, rule: Rule) -> frozenset[str]:
        return mentioned(quoted_if(rule.before).test)

    def is_reworded(self, rule: Rule, outline: Outline) -> bool:
        holding = _holding(rule)
        nodes = (line.node for line in outline.lines(rule.edit.within) if holding)
        wrapped = (mentions(node.body, holding) for node in nodes if isinstance(node, cst.If))
        return any(wrapped) or states_otherwise(rule, outline)

    def near_misses(self, rule: Rule, outline: Outline) -> Iterator[NearMiss]:
        before, after = quoted_if(rule.before), quoted_if(rule.after)
        wanted = quotes.header(before)
        for line, node in _ifs(rule, outline):
            alike = _holding(rule) or mentioned(before.test) & mentioned(node.test)
            likeness = 1 + SequenceMatcher(None, wanted, quotes.header(node)).ratio()
            if difference := self.difference(before, after, line):
                yield near_miss(line, likeness, difference)
            elif alike:
                yield compared(before, line, likeness, in_blocks=False)
        for line in outline.ifs(rule.edit.within) if _holding(rule) else ():
            if branches_of(before, line):
                yield near_miss(line, 1.0, f"does not mention `{_holding(rule)}` in its blocks")
        for line in outline.lines(rule.edit.within):
            if form := _other_form(rule, before.test, line):
                yield near_miss(line, 1.05, f"asks this {form}, expected `{wanted}`")
        ifs = (line for line in outline.lines() if isinstance(line.node, cst.If))
        yield from similar_lines(rule, before, ifs)

    def difference(self, before: cst.If, after: cst.If, line: Line) -> str:
        """What else than the test differs from what is wanted; "" for nothing."""
        return ""


KIND = IfTests()


def quoted_if(quote: str) -> cst.If:
    """The `if` of a quote."""
    return cst.ensure_type(quotes.statement(quote), cst.If)


class Branches(NamedTuple):
    """The blocks of an `if`: where the wanted test is true, and where it is false.

    The first is None where it is the lines behind an `if` whose block ends in a `return`. The
    second is None where there is no such block, and an `if` where it is an `elif`.
    """

    yes: cst.BaseSuite | None
    no: cst.BaseSuite | cst.If | None


def branches_of(wanted: cst.If, line: Line) -> Branches | None:
    """The blocks of an `if` with the wanted test, or with the opposite and an `else`.

    The lines behind an `if` without an `else` count as one where its block leaves the function.
    """
    node = cst.ensure_type(line.node, cst.If)
    orelse = node.orelse.body if isinstance(node.orelse, cst.Else) else node.orelse
    if matches_test(wanted.test, node.test):
        return Branches(node.body, orelse)
    if isinstance(orelse, cst.If) or not denies_test(wanted.test, node.test):
        return None
    rest = orelse is None and leaves(statements_of(node.body)[-1])
    return Branches(orelse, node.body) if orelse or rest else None


def rest_of(line: Line) -> Sequence[Line]:
    """The lines behind an `if` in its block; for an `elif`, behind the `if` that it belongs to."""
    lines = line.suite.lines
    index = next(i for i, each in enumerate(lines) if line in each.chain())
    return lines[index + 1 :]


def retested(node: cst.If, before: cst.If, after: cst.If) -> cst.If:
    """An `if` with the test of `after`, or its negation where it has that of `before`."""
    test = rewrite_test(before.test, after.test, node.test)
    space = node.whitespace_before_test  # a bracket may have stood in for it
    space = space if test.lpar or not space.empty else cst.SimpleWhitespace(" ")
    changed = node.with_changes(test=test, whitespace_before_test=space)
    return cst.ensure_type(with_comments_of(changed, [node]), cst.If)


def _holding(rule: Rule) -> str:
    return rule.edit.holding if isinstance(rule.edit, IfTest) else ""


def _ifs(rule: Rule, outline: Outline) -> Iterator[tuple[Line, cst.If]]:
    """The `if` statements at the rule's place, each `elif` as one."""
    holding, quoted = _holding(rule), [quoted_if(quote) for quote in (rule.before, rule.after)]
    for line in outline.ifs(rule.edit.within):
        node = cst.ensure_type(line.node, cst.If)
        if not holding or _holds(node, holding) or _leaves_to(quoted, line, holding):
            yield line, node


def _holds(node: cst.If, name: str) -> bool:
    """Whether a block of an `if` mentions a name."""
    other = isinstance(node.orelse, cst.Else) and mentions(node.orelse, name)
    return other or mentions(node.body, name)


def _leaves_to(quoted: Sequence[cst.If], line: Line, name: str) -> bool:
    """Whether an `if` leaves, on one of the quoted tests, what mentions a name behind it."""
    found = filter(None, (branches_of(each, line) for each in quoted))
    behind = any(not each.yes for each in found)
    return behind and any(mentions(each.node, name) for each in rest_of(line))


def _is_other(before: cst.If, after: cst.If, line: Line) -> bool:
    """Whether a test mentions already what the edit puts there, or is one that must hold.

    The latter ends in an error where it does not.
    """
    found, node = branches_of(before, line), cst.ensure_type(line.node, cst.If)
    must_hold = found and isinstance(found.no, cst.BaseSuite) and fails(found.no)
    new = mentioned(after.test) - mentioned(before.test)
    return bool(must_hold or new & mentioned(node.test))


def _other_form(rule: Rule, wanted: cst.BaseExpression, line: Line) -> str:
    """In which form other than its `if` a line tests what is wanted; "" where it does not."""
    node, form, found = line.node, "", list[cst.CSTNode]()
    if isinstance(node, cst.While):
        form, found = "in a `while`", [node.test]
    elif isinstance(node, cst.SimpleStatementLine):
        form, found = "without an `if`", [node]
    meant = not _holding(rule) or mentions(node, _holding(rule))
    parts = (part for each in found for part in walk(each))
    tests = (part for part in parts if isinstance(part, cst.BaseExpression))
    same = any(equivalent(wanted, test) or opposite(wanted, test) for test in tests)
    return form if meant and same else ""
