"""Rules folded over an outline: each sees what the ones before it have left."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from patcher.absence import absent
from patcher.edits import quotes
from patcher.edits.dialect import own_names, spoken
from patcher.edits.kind import Spot, names
from patcher.edits.kinds import KINDS
from patcher.model import Rule, Section, State
from patcher.outline import Outline

# Kinds whose quotes tell a place by themselves.
_TELLING = ("statement", "if_statement", "call_argument")


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """What a rule found, and has edited if it was pending."""

    section: Section
    rule: Rule
    state: State
    spots: Sequence[Spot]
    moved: bool = False  # whether that was in another function than the rule names

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
    names = own_names([rule for section in sections for rule in section.rules], blocks)
    for section in sections:
        for rule in section.rules:
            if chosen is None or section.id_of(rule) in chosen:
                finding = _look(section, rule, names, blocks)
                if finding.state is State.PENDING:
                    for spot in finding.spots:
                        spot.edit()
                yield finding


def _look(section: Section, rule: Rule, names: Mapping[str, str], blocks: Outline) -> Finding:
    kind, said = KINDS[rule.edit.kind], spoken(rule, names)
    spots = kind.find(said, blocks)
    state = _state(spots, kind.expected(said))
    if state is State.DRIFTED:
        spots = _overwritten([spoken(each, names) for each in section.rewriters(rule)], blocks)
        state = State.APPLIED if spots else State.DRIFTED
    moved = _moved(section, said, blocks) if state is State.DRIFTED else []
    if moved:
        spots, state = moved, _state(moved, kind.expected(said))
    if state is State.DRIFTED and absent(said, blocks):
        state = State.ABSENT
    return Finding(section, rule, state, spots, bool(moved))


def _state(spots: Sequence[Spot], expected: int) -> State:
    due = sum(spot.state is State.PENDING for spot in spots)
    if not spots:
        return State.DRIFTED
    if len(spots) > expected:
        return State.AMBIGUOUS
    if len(spots) < expected or 0 < due < expected:
        return State.PARTIAL
    return State.PENDING if due else State.APPLIED


def _moved(section: Section, rule: Rule, blocks: Outline) -> list[Spot]:
    """The sites of a rule in another function, if what it is about has left its own.

    That is a function of the same class, or one of the module; the functions of other rules are
    theirs. None where more than one place can be meant, and none for a bare question, such as
    `if hvd is not None:`, which any place may ask.
    """
    kind = KINDS[rule.edit.kind]
    subject, scope = kind.subject(rule), rule.edit.within
    still_here = (line.node for suite in blocks.within(scope) for line in suite.lines)
    if not subject or any(subject <= names(node) for node in still_here):
        return []
    if not rule.edit.holding and not (rule.edit.kind in _TELLING and _tells(rule)):
        return []
    others = {each.edit.within for each in section.rules}
    family = scope.rpartition(".")[0]
    spots = kind.find(rule, blocks.anywhere(family, others))
    return spots if len(spots) == kind.expected(rule) and all(spot.at for spot in spots) else []


def _tells(rule: Rule) -> bool:
    """Whether a quote is about more than one thing: `bs = -1 if bs is None else bs` is not."""
    return rule.edit.call != "" or len(names(*quotes.statements(rule.before))) > 1


def _overwritten(rewriters: Sequence[Rule], blocks: Outline) -> list[Spot]:
    """The sites of a later rule, applied, that has rewritten what an earlier one leaves behind."""
    for later in rewriters:
        kind = KINDS[later.edit.kind]
        spots = kind.find(later, blocks)
        if _state(spots, kind.expected(later)) is State.APPLIED:
            return spots
    return []
