"""Whole statements: changed, removed, or added behind another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import libcst as cst

from patcher.edits import quotes
from patcher.edits.flags import flag_default, flag_name, sole_call
from patcher.edits.imported import bound, keys, only, packages, source
from patcher.edits.imports import added_import, last_import
from patcher.edits.kind import (
    Candidate,
    Spot,
    has_left,
    likely,
    names,
    removed,
    scope_words,
    telling,
)
from patcher.edits.layout import fitted, remove
from patcher.edits.meaning import in_a_row, same, walk
from patcher.edits.rewriting import rewritten
from patcher.model import Rule
from patcher.outline import Anywhere, Line, Outline, Statement, Suite


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
        spots = [Spot(line.origin, None) for line in done]
        for suite in suites:
            for line in _standing(before, suite):
                if not _inside(suite, done):
                    spots.append(Spot(line.origin, partial(_change, line, before, after)))
        if after or not suites:
            return spots
        taken = {spot.at for spot in spots}
        likes = (line.origin for line in _alike(rule, before[0], outline))
        return removed(spots, [each for each in likes if each not in taken])

    def subject(self, rule: Rule) -> frozenset[str]:
        found = quotes.statements(rule.before)[:1] if rule.before else ()
        imported = [part for node in found for part in walk(node) if isinstance(part, cst.Import)]
        if imported:  # the package, and what it is called here
            return frozenset().union(*map(packages, imported), *map(bound, imported))
        parts = (part for node in found for part in (_subject(node) or (node,)))
        return names(*(part for part in parts if isinstance(part, cst.CSTNode)))

    def tells(self, rule: Rule, outline: Outline) -> bool:
        if rule.before:
            return telling(rule.before) and has_left(self.subject(rule), rule, outline)
        wanted, whole = quotes.statements(rule.after), Anywhere(outline.module, outline.suites)
        told = any(_alike(rule, node, whole) for node in wanted)
        return telling(rule.edit.after) and not told and not _doubts(rule, outline)

    def candidates(self, rule: Rule, outline: Outline) -> Iterator[Candidate]:
        wanted = quotes.statements(rule.before or rule.after)
        for node in wanted:
            for line in _alike(rule, node, outline):
                text = quotes.header(line.node)
                yield Candidate(line.origin, text, 1.0, f"wanted `{quotes.header(node)}`")
        text = quotes.header(wanted[0]) if rule.before else rule.edit.after
        yield from likely(rule, text, outline.lines())


def _standing(wanted: Sequence[Statement], suite: Suite) -> Iterator[Line]:
    """The first line of each place in a block where `wanted` stands as consecutive lines."""
    for index in range(len(suite.lines) - len(wanted) + 1) if wanted else ():
        window = suite.lines[index : index + len(wanted)]
        if all(_is(node, line.node) for node, line in zip(wanted, window, strict=True)):
            yield window[0]


def _is(wanted: Statement, node: Statement) -> bool:
    """Whether a line says what is wanted; more names of an import, or another help, may be."""
    if same(wanted, node):
        return True
    names, found = only(wanted), only(node)
    if names and found:
        return source(names) == source(found) and keys(names) <= keys(found)
    flag, other = sole_call(wanted), sole_call(node)
    if flag and other and flag_name(flag):
        pairs = ((f(flag), f(other)) for f in (_definer, flag_name, flag_default))
        return all(same(one, two) for one, two in pairs)
    return False


def _definer(call: cst.Call) -> cst.BaseExpression:
    return call.func


def _inside(suite: Suite, lines: Sequence[Line]) -> bool:
    owner = suite.owner
    while owner:
        if owner in lines:
            return True
        owner = owner.suite.owner
    return False


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
    if any(_alike(rule, node, outline) for node in wanted):
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
    subject = _setting(anchor)
    lines = (line for line in outline.lines() if same(subject, _setting(line.node)))
    return [line for line in lines if not _is(anchor, line.node)]


def _setting(node: Statement) -> tuple[object, ...]:
    """What a statement is about, and where a call gives it that, the callee."""
    first = node.body[0] if isinstance(node, cst.SimpleStatementLine) else None
    value = first.value if isinstance(first, cst.Assign) else None
    return (*_subject(node), *([value.func] if isinstance(value, cst.Call) else ()))


def _add(node: Statement, anchor: Line, earlier: Sequence[Statement]) -> None:
    """Put `node` behind the anchor and what the same rule has put there before."""
    suite = anchor.suite
    index = suite.lines.index(anchor)
    behind = suite.lines[index + 1 :]
    while behind and any(same(other, behind[0].node) for other in earlier):
        behind = behind[1:]
    suite.insert(len(suite.lines) - len(behind) - 1, [node])


def _alike(rule: Rule, wanted: Statement, outline: Outline) -> list[Line]:
    """The lines about the same subject that say something else of it.

    For code that is removed that is any other use of the callee, wherever it stands.
    """
    suites = outline.within(rule.edit.within) if rule.after else outline.suites
    subject = _subject(wanted)[: None if rule.after else 1]
    found = []
    for line in (line for suite in suites for line in suite.lines):
        others = [_subject(cst.SimpleStatementLine([part])) for part in in_a_row(line.node)]
        about_it = subject and any(same(subject, other[: len(subject)]) for other in others)
        if about_it and not (rule.after and _is(wanted, line.node)):
            found.append(line)
    return found


def _subject(node: Statement) -> tuple[object, ...]:
    """What a statement is about: the target assigned to, the callee, the thing it names."""
    first = node.body[0] if isinstance(node, cst.SimpleStatementLine) else None
    if isinstance(first, cst.Assign):
        return tuple(target.target for target in first.targets)
    call = sole_call(node)
    if call is None:
        return ()
    if flag_name(call):
        return "flag", flag_name(call)
    named = [arg.value for arg in call.args[:1] if len(call.args) > 1]
    return call.func, *(arg for arg in named if isinstance(arg, cst.SimpleString))
