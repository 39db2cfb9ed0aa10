"""Rules folded over an outline: each sees what the ones before it have left."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from patcher.edits.kind import Spot
from patcher.edits.kinds import KINDS
from patcher.model import Rule, Section, State
from patcher.outline import Outline


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """What a rule found, and has edited if it was pending."""

    section: Section
    rule: Rule
    state: State
    spots: Sequence[Spot]

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.section.id_of(self.rule)


def fold(
    sections: Sequence[Section], blocks: Outline, chosen: Collection[str] | None
) -> Iterator[Finding]:
    """Apply each chosen rule that is pending, in order.

    Args:
        sections: All of the same file.
        blocks: The file's outline, which is edited.
        chosen: Ids of the rules; None for all.
    """
    for section in sections:
        for rule in section.rules:
            if chosen is None or section.id_of(rule) in chosen:
                finding = _look(section, rule, blocks)
                if finding.state is State.PENDING:
                    for spot in finding.spots:
                        spot.edit()
                yield finding


def _look(section: Section, rule: Rule, blocks: Outline) -> Finding:
    kind = KINDS[rule.edit.kind]
    spots = kind.find(rule, blocks)
    state = _state(spots, kind.expected(rule))
    if state is State.DRIFTED:
        spots = _overwritten(section, rule, blocks)
        state = State.APPLIED if spots else State.DRIFTED
    return Finding(section, rule, state, spots)


def _state(spots: Sequence[Spot], expected: int) -> State:
    due = sum(spot.state is State.PENDING for spot in spots)
    if not spots:
        return State.DRIFTED
    if len(spots) > expected:
        return State.AMBIGUOUS
    if len(spots) < expected or 0 < due < expected:
        return State.PARTIAL
    return State.PENDING if due else State.APPLIED


def _overwritten(section: Section, rule: Rule, blocks: Outline) -> list[Spot]:
    """The sites of a later rule, applied, that has rewritten what this one leaves behind."""
    for later in section.rewriters(rule):
        kind = KINDS[later.edit.kind]
        spots = kind.find(later, blocks)
        if _state(spots, kind.expected(later)) is State.APPLIED:
            return spots
    return []
