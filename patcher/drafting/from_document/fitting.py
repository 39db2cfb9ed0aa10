"""Edits that have a place each, made to fit together, and to be known again once they are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import libcst as cst

from patcher.code import quotes
from patcher.code.outline import Line
from patcher.document.gaps import failure
from patcher.drafting.draft import Mark
from patcher.drafting.from_document.candidates import candidates, holding
from patcher.drafting.from_document.wanted import Wanted, planned, view
from patcher.edits.base import edit_kind
from patcher.edits.kinds import IfTest, Statement
from patcher.model import Outcome, Section, State


def keep_what_fits(path: str, content: bytes, wanted: Sequence[Wanted]) -> None:
    """Take their places from the edits that cannot be made with the others, the first one first."""
    for each in wanted:
        if each.edit and not each.given and not _is_sound(each, path, content, wanted):
            each.edit, each.mark = None, Mark.UNRESOLVED
    while found := [each for each in wanted if each.edit]:
        plan = planned(path, content, found)
        unmade = [o for o in plan.outcomes if o.state is not State.PENDING]
        misfits, made = [o for o in unmade if not _waits(o)], set[str]()
        if not misfits:
            made = {o.id for o in plan.outcomes if o.state is State.PENDING}
            again = planned(path, plan.after, found).outcomes
            misfits = [o for o in again if o.id in made and o.state is not State.APPLIED]
        told = [_told_apart(_of(o, found), path, content, plan.after, found) for o in misfits]
        if any(told):
            continue
        if not misfits:
            for outcome in unmade:
                _note_wait(outcome, found)
            return
        first, near = _of(misfits[0], found), misfits[0].nearest
        why = f"{misfits[0].state}, {near.why}" if near else f"{misfits[0].state}"
        when = (
            "after the edit, the rule is"
            if misfits[0].id in made
            else "the rule does not fit there:"
        )
        first.found = f"{first.found}; {when} {why}"
        first.edit, first.mark = None, Mark.UNRESOLVED


def _is_sound(each: Wanted, path: str, content: bytes, wanted: Sequence[Wanted]) -> bool:
    """Whether an edit is proved on its quotes, if need be with a line next to them."""
    found = each.found
    if _is_proved(each, path):
        return True
    why, quoted, each.found = each.found, each.quoted, found
    if isinstance(each.edit, Statement) and _by_neighbour(each, path, content, wanted):
        if _is_proved(each, path):
            return True
        each.quoted = quoted
    each.found = why
    return False


def _is_proved(each: Wanted, path: str) -> bool:
    """Whether a rule makes its second quote of its first; else why it does not is noted."""
    rule = each.rule()
    wrong = failure(Section("", path, (rule,), "it"), rule, "the rule")
    if wrong:
        each.found = f"{each.found}, but {wrong[0]}, expected {wrong[1]}"
    return not wrong


def _of(outcome: Outcome, found: Sequence[Wanted]) -> Wanted:
    return next(each for each in found if f"trial-{each.item}" == outcome.id)


def _waits(outcome: Outcome) -> bool:
    """Whether an edit only needs another one, which may not be drafted yet."""
    return outcome.nearest is not None and outcome.nearest.is_blocker


def _note_wait(outcome: Outcome, found: Sequence[Wanted]) -> None:
    """Note what keeps an edit from being made as yet."""
    if near := outcome.nearest:
        _of(outcome, found).waits = f"not made yet: {near.why}"


def _told_apart(
    each: Wanted, path: str, content: bytes, edited: bytes, wanted: Sequence[Wanted]
) -> bool:
    """Distinguish an edit from what others make like it, or from what only looks like it."""
    if each.given:
        return False
    if isinstance(each.edit, IfTest) and not each.edit.holding:
        return _by_name(each, path, content, edited)
    if isinstance(each.edit, Statement):
        return _by_neighbour(each, path, content, wanted)
    return False


def _by_name(each: Wanted, path: str, content: bytes, edited: bytes) -> bool:
    """Distinguish a test from others by a name in its blocks."""
    before, after = view(path, content).outline, view(path, edited).outline
    for edit in holding(each.edit, each.quoted, before):
        rule = each.quoted.rule(edit)
        if [len(edit_kind(edit).find(rule, seen)) for seen in (before, after)] == [1, 1]:
            each.edit = edit
            return True
    return False


def _by_neighbour(each: Wanted, path: str, content: bytes, wanted: Sequence[Wanted]) -> bool:
    """Make statements fit that do not alone, by the line above or below, which stays."""
    seen = view(path, content)
    nodes = [e.node for e in candidates(each.quoted, seen.outline) if e.edit == each.edit]
    lines = [line for line in seen.outline.lines() if line.origin in nodes]
    if len(lines) != 1:
        return False
    quoted, before = each.quoted, each.quoted.before.rstrip("\n")
    after = quoted.after.rstrip("\n")
    above, below = _neighbours(lines[0], len(quotes.statements(quoted.before)))
    for line, words, old, new in (
        (above, "above", [above, before], [above, after]),
        (below, "below", [before, below], [after, below]),
    ):
        each.quoted = replace(quoted, before=_lines(old), after=_lines(new))
        states = {o.id: o.state for o in planned(path, content, wanted).outcomes}
        if line and states[f"trial-{each.item}"] is State.PENDING:
            each.found = f"{each.found}, with the line {words}, as it does not fit alone"
            return True
    each.quoted = quoted
    return False


def _lines(rows: Sequence[str]) -> str:
    return "".join(f"{row}\n" for row in rows if row)


def _neighbours(line: Line, number: int) -> tuple[str, str]:
    """The simple statements above and below some lines in their block; "" for none."""
    rows = line.suite.lines
    index = rows.index(line)
    above, below = rows[index - 1 : index] if index else [], rows[index + number :][:1]
    return _code(above), _code(below)


def _code(lines: Sequence[Line]) -> str:
    nodes = [line.node.with_changes(leading_lines=()) for line in lines]
    simple = [node for node in nodes if isinstance(node, cst.SimpleStatementLine)]
    return "".join(cst.Module([]).code_for_node(node) for node in simple).rstrip("\n")
