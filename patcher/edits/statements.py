"""Whole statements: changed, removed, or added behind another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import zip_longest

import libcst as cst

from patcher.code import quotes
from patcher.code.conditions import asks
from patcher.code.equivalence import opposite, same, walk
from patcher.code.imports import binding, bound, keys, only, packages, rivals, spread
from patcher.code.layout import fitted, remove
from patcher.code.outline import Line, Outline, Statement, Suite
from patcher.code.rewriting import rewritten
from patcher.edits.base import (
    Candidate,
    Spot,
    has_left,
    likely,
    names,
    removed,
    scope_words,
    telling,
)
from patcher.edits.imports import added_import, last_import
from patcher.edits.subjects import alike, first_difference, makers, says, setting, topic
from patcher.model import Rule


class WholeStatements:
    """Consecutive statements, which mean what the document quotes."""

    def expected(self, rule: Rule) -> int:
        return 1 if rule.before else len(quotes.statements(rule.after))

    def wants(self, rule: Rule) -> str:
        if rule.before:
            first = quotes.statements(rule.before)[0]
            return f"`{quotes.header(first)}` {scope_words(rule.edit.within)}"
        where = f"right after `{rule.edit.after}`" if rule.edit.after else "behind the imports"
        return f"a place {scope_words(rule.edit.within)} {where}"

    def find(self, rule: Rule, outline: Outline) -> list[Spot]:
        if not rule.before:
            return _additions(rule, outline)
        before, after = quotes.statements(rule.before), quotes.statements(rule.after)
        suites = list(outline.within(rule.edit.within))
        done = [line for suite in suites for line in _standing(after, suite)]
        if not done and len(after) == 1 and (wanted := only(after[0])):  # a line per name
            done = spread(wanted, outline, keys(wanted))[-1:]
        spots = [Spot(line.origin, None) for line in done]
        for suite in () if any(_rivals(rule, outline)) else suites:
            for line in _standing(before, suite):
                if not any(owner in done or _asks(after, owner) for owner in _owners(suite)):
                    spots.append(Spot(line.origin, partial(_change, line, before, after)))
        if after or not suites:
            return spots
        taken = {spot.at for spot in spots}
        likes = (line.origin for line in alike(rule, before[0], outline))
        return removed(spots, [each for each in likes if each not in taken])

    def subject(self, rule: Rule) -> frozenset[str]:
        found = quotes.statements(rule.before)[:1] if rule.before else ()
        imported = [part for node in found for part in walk(node) if isinstance(part, cst.Import)]
        if imported:  # the package, and what it is called here
            return frozenset().union(*map(packages, imported), *map(bound, imported))
        parts = (part for node in found for part in (topic(node) or (node,)))
        return names(*(part for part in parts if isinstance(part, cst.CSTNode)))

    def tells(self, rule: Rule, outline: Outline) -> bool:
        if rule.before:
            return telling(rule.before) and has_left(self.subject(rule), rule, outline)
        wanted, whole = quotes.statements(rule.after), outline.anywhere(outline.suites)
        told = any(alike(rule, node, whole) for node in wanted)
        # Whether and when a function that defines flags is called, its module does not tell.
        place = bool(rule.edit.within) and telling(rule.edit.after)
        return place and not told and not _doubts(rule, outline)

    def candidates(self, rule: Rule, outline: Outline) -> Iterator[Candidate]:
        wanted = quotes.statements(rule.before or rule.after)
        for line in _rivals(rule, outline):
            why = "binds a name that the edit imports"
            yield Candidate(line.origin, quotes.header(line.node), 1.2, why)
        for line, name in _bindings(rule, outline):
            why = f"binds `{name}` in another way"
            yield Candidate(line.origin, quotes.header(line.node), 0.9, why)
        sought = quotes.statements(rule.before or rule.edit.after)
        for line in outline.lines() if sought else ():
            if why := _differs(rule, sought, line):
                yield Candidate(line.origin, quotes.header(line.node), 1.0, why)
        for node in wanted:
            for line in alike(rule, node, outline):
                text = quotes.header(line.node)
                likeness = 1.0 if rule.before else 1.1
                yield Candidate(line.origin, text, likeness, f"expected `{quotes.header(node)}`")
        for line in makers(wanted[0], outline) if rule.before else ():
            why = f"expected `{quotes.header(wanted[0])}`"
            yield Candidate(line.origin, quotes.header(line.node), 0.95, why)
        text = quotes.header(wanted[0]) if rule.before else rule.edit.after
        yield from likely(rule, text, outline.lines())


def _rivals(rule: Rule, outline: Outline) -> Iterator[Line]:
    """Lines that bind a name that the edit imports anew to something else."""
    imports = [found for node in quotes.statements(rule.after) if (found := only(node))]
    known = names(*quotes.statements(rule.before)) if rule.before else frozenset()
    for wanted in imports:
        yield from rivals(wanted, outline, known)


def _bindings(rule: Rule, outline: Outline) -> Iterator[tuple[Line, str]]:
    """Lines that bind a name that an attempt to import it would have bound, and that name."""
    before = quotes.statements(rule.before)[0] if rule.before else None
    parts = walk(before) if isinstance(before, cst.Try) else ()
    for name in sorted({n for p in parts if isinstance(p, cst.Import) for n in bound(p)}):
        yield from ((line, name) for line in binding({name}, outline))


def _standing(wanted: Sequence[Statement], suite: Suite) -> Iterator[Line]:
    """The first line of each place in a block where `wanted` stands as consecutive lines."""
    for index in range(len(suite.lines) - len(wanted) + 1) if wanted else ():
        window = suite.lines[index : index + len(wanted)]
        if all(says(node, line.node) for node, line in zip(wanted, window, strict=True)):
            yield window[0]


def _owners(suite: Suite) -> Iterator[Line]:
    """The compound statements around a block, the innermost first."""
    while suite.owner:
        yield suite.owner
        suite = suite.owner.suite


def _asks(after: Sequence[Statement], line: Line) -> bool:
    """Whether a line is an `if` with the test of one that an edit puts there, or its opposite."""
    if not isinstance(line.node, cst.If):
        return False
    found = line.node.test
    wanted = [node.test for node in after if isinstance(node, cst.If)]
    return any(asks(test, found) or opposite(test, found) for test in wanted)


def _change(line: Line, before: Sequence[Statement], after: Sequence[Statement]) -> None:
    suite = line.suite
    index = suite.lines.index(line)
    run = suite.lines[index : index + len(before)]
    olds = [old.node for old in run]
    if not after:
        for old in run:
            remove(old)
    elif len(before) == len(after) == 1 and isinstance(olds[0], cst.SimpleStatementLine):
        new = rewritten(before[0], after[0], olds[0])
        new = new.with_changes(leading_lines=after[0].leading_lines)
        (line.node,) = fitted([new], olds, suite.indent)
    else:
        suite.replace(index, len(before), fitted(after, olds, suite.indent))


def _additions(rule: Rule, outline: Outline) -> list[Spot]:
    """Where each statement that a rule adds stands or belongs; none if one is contradicted."""
    wanted = quotes.statements(rule.after)
    if any(alike(rule, node, outline) for node in wanted):
        return []
    spots = []
    for index, node in enumerate(wanted):
        if only(node):
            spots += added_import(quotes.code(node), outline)
            continue
        lines = [e for s in outline.within(rule.edit.within) for e in _standing([node], s)]
        spots += [Spot(line.origin, None) for line in lines]
        for anchor in () if lines else _anchors(rule, outline):
            spots.append(Spot(anchor.origin, partial(_add, node, anchor, wanted[:index])))
    if any(_rivals(rule, outline)):
        return [spot for spot in spots if not spot.rewrite]
    return spots


def _anchors(rule: Rule, outline: Outline) -> Iterator[Line]:
    if not rule.edit.after:
        lines = outline.suites[0].lines
        yield from lines[max(last_import(outline), 0) :][:1]
        return
    for suite in outline.within(rule.edit.within):
        yield from _standing([quotes.statement(rule.edit.after)], suite)


def _doubts(rule: Rule, outline: Outline) -> list[Line]:
    """The lines that set the same as the statement that an addition follows, to something else."""
    anchor = quotes.statement(rule.edit.after)
    subject = setting(anchor)
    lines = (line for line in outline.lines() if same(subject, setting(line.node)))
    return [line for line in lines if not says(anchor, line.node)]


def _add(node: Statement, anchor: Line, earlier: Sequence[Statement]) -> None:
    """Put `node` behind the anchor and what the same rule has put there before."""
    suite = anchor.suite
    index = suite.lines.index(anchor)
    behind = suite.lines[index + 1 :]
    while behind and any(same(other, behind[0].node) for other in earlier):
        behind = behind[1:]
    suite.insert(len(suite.lines) - len(behind) - 1, [node])


def _differs(rule: Rule, wanted: Sequence[Statement], line: Line) -> str:
    """What is not as wanted around a line that starts so, or in one that starts like it."""
    first, scope, within = wanted[0], line.suite.scope, rule.edit.within
    exact = says(first, line.node)
    if not exact and not same(topic(first) or None, topic(line.node)):
        return first_difference(first, line.node)
    if scope != within:
        return f"stands {scope_words(scope)}, expected {scope_words(within)}" if exact else ""
    index = line.suite.lines.index(line)
    for node, other in zip_longest(wanted[1:], line.suite.lines[index + 1 : index + len(wanted)]):
        if other is None or not says(node, other.node):
            found = f"`{quotes.header(other.node)}`" if other else "nothing"
            return f"followed by {found}, expected `{quotes.header(node)}`"
    guards = [o for o in _owners(line.suite) if _asks(quotes.statements(rule.after), o)]
    if exact:
        return f"stands under `{quotes.header(guards[0].node)}` already" if guards else ""
    return "" if rule.before else f"expected `{quotes.header(first)}`"
