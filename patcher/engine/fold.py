"""Rules folded over an outline: each sees what the ones before it have left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import libcst as cst

from patcher.code.equivalence import reads
from patcher.code.imports import bound, quoted
from patcher.code.outline import Outline
from patcher.edits.base import Spot
from patcher.edits.registry import KINDS
from patcher.engine.absence import absent
from patcher.engine.aliases import spoken
from patcher.engine.duplicates import doubled
from patcher.engine.safety import bereft, other, own, provided, unprovided
from patcher.model import Rule, Section, State


class Doubt(NamedTuple):
    """A place that looks like a rule's own, and what speaks against it."""

    at: cst.CSTNode
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """What a rule found, and has edited if it was pending."""

    section: Section
    rule: Rule
    state: State
    spots: Sequence[Spot]
    moved: bool = False  # whether that was in another function than the rule names
    doubt: Doubt | None = None  # why a place that looks right is not edited

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.section.id_of(self.rule)


def fold(
    sections: Sequence[Section],
    names: Mapping[str, str],
    blocks: Outline,
    chosen: Collection[str] | None,
) -> Iterator[Finding]:
    """Apply each chosen rule that is pending, in order.

    Args:
        sections: All of the same file.
        names: What the file calls the things that quotes import, where it is another name.
        blocks: The file's outline, which is edited.
        chosen: Ids of the rules; None for all.
    """
    lost: dict[str, str] = {}
    for section in sections:
        for rule in section.rules:
            if chosen is None or section.id_of(rule) in chosen:
                finding = _ready(_look(section, rule, names, blocks), names, lost, blocks)
                if finding.state is State.PENDING:
                    for spot in finding.spots:
                        spot.edit()
                elif finding.state.misfit:
                    lost.update(dict.fromkeys(provided(rule), finding.id))
                yield finding


def _ready(
    finding: Finding, names: Mapping[str, str], lost: Mapping[str, str], blocks: Outline
) -> Finding:
    """The finding, unless its edit needs what a rule that does not fit would have brought in."""
    if finding.state is not State.PENDING:
        return finding
    needed = unprovided(spoken(finding.rule, names), lost, blocks)
    if not needed:
        return finding
    at = next(spot.at for spot in finding.spots if spot.at and spot.rewrite)
    doubt = Doubt(at, f"needs `{needed}`, which {lost[needed]} would bring in and cannot")
    return replace(finding, state=State.DRIFTED, spots=(), doubt=doubt)


def _look(section: Section, rule: Rule, names: Mapping[str, str], blocks: Outline) -> Finding:
    said = spoken(rule, names)
    for search in (_in_place, _moved):
        moved = search is _moved
        if spots := search(section, said, blocks):
            state = _state(spots, KINDS[said.edit.kind].expected(said))
            if state is State.PENDING and (doubt := _doubt(section, said, names, blocks, spots)):
                return Finding(section, rule, State.DRIFTED, (), doubt=doubt)
            return Finding(section, rule, state, spots, moved)
        for later in section.rewriters(rule):
            spots = search(section, spoken(later, names), blocks)
            if _state(spots, KINDS[later.edit.kind].expected(later)) is State.APPLIED:
                return Finding(section, rule, State.APPLIED, spots, moved)
    state = State.ABSENT if absent(said, blocks) else State.DRIFTED
    return Finding(section, rule, state, ())


def _doubt(
    section: Section, rule: Rule, names: Mapping[str, str], blocks: Outline, spots: Sequence[Spot]
) -> Doubt | None:
    """What speaks against the sites of a rule that are as before the edit."""
    at = next(spot.at for spot in spots if spot.at and spot.rewrite)
    if rule.edit.kind.startswith("import"):
        needed = "" if rule.after else _needed(section, rule, names, blocks)
        return Doubt(at, f"`{needed}` is still used in this file") if needed else None
    if found := doubled(rule, section.rules, blocks):
        return Doubt(*found)
    if name := bereft(rule, blocks):
        return Doubt(at, f"`{name}` is used elsewhere in `{rule.edit.within}`")
    if name := other(rule, section.rules, blocks):
        return Doubt(at, f"`{name}` is something else in this file")
    scopes = {
        line.suite.scope for line in blocks.lines() if any(s.at is line.origin for s in spots)
    }
    for scope in sorted(scopes):
        there = replace(rule, edit=replace(rule.edit, within=scope))
        if name := own(there, section.rules, names, blocks):
            return Doubt(at, f"`{name}` is a parameter or variable of `{scope}` there")
    return None


def _needed(section: Section, rule: Rule, names: Mapping[str, str], blocks: Outline) -> str:
    """A name that a removed import brings in, and that is still used once all is done; or ""."""
    wanted = bound(quoted(rule.before))
    uses = Counter(name for name in reads(blocks.rebuild()) if name in wanted)
    for each in section.rules if uses else ():
        if each.edit.kind == "statement" and not each.after:
            said = spoken(each, names)
            spots = _in_place(section, said, blocks)
            if _state(spots, KINDS[said.edit.kind].expected(said)) is State.PENDING:
                uses -= Counter(name for spot in spots if spot.at for name in reads(spot.at))
    return min(+uses, default="")


def _in_place(section: Section, rule: Rule, blocks: Outline) -> list[Spot]:
    """The sites of a rule where the document has them."""
    return KINDS[rule.edit.kind].find(rule, blocks)


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
    kind, scope = KINDS[rule.edit.kind], rule.edit.within
    if not kind.tells(rule, blocks):
        return []
    others = {each.edit.within for each in section.rules}
    inside, rest = blocks.parted(scope.rpartition(".")[0], others)
    spots = kind.find(rule, inside)
    alone = len(spots) == kind.expected(rule) and not any(s.at for s in kind.find(rule, rest))
    return spots if alone and all(spot.at for spot in spots) else []
