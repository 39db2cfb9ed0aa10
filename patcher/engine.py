"""What packs would do to a tree. Pure: bytes in, a plan out.

Each file is parsed once, outlined in one visit, edited by its rules in order, printed once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from patcher import source
from patcher.edits.kind import Spot
from patcher.edits.kinds import KINDS
from patcher.model import (
    FilePlan,
    Nearest,
    Outcome,
    Pack,
    Rule,
    Section,
    Site,
    State,
    TreePlan,
)
from patcher.outline import Outline, outline


@dataclass(frozen=True, slots=True, eq=False)
class _Finding:
    """What a rule found, before places have lines."""

    section: Section
    rule: Rule
    state: State
    spots: Sequence[Spot]


def plan(
    packs: Sequence[Pack], files: Mapping[str, bytes], chosen: Collection[str] | None = None
) -> TreePlan:
    """What the packs would do to a tree.

    Args:
        packs: Their rules are applied in this order.
        files: The bytes of each file that the packs name, by path; those the tree lacks left out.
        chosen: Ids of the rules to plan; None for all.

    Raises:
        PatchError: A file cannot be parsed, or would not survive an edit.
    """
    sections = [section for pack in packs for section in pack.sections]
    paths = dict.fromkeys(section.path for section in sections)
    return TreePlan(
        tuple(pack.name for pack in packs),
        tuple(
            _plan_file(path, files.get(path), [s for s in sections if s.path == path], chosen)
            for path in paths
        ),
    )


def steps(
    sections: Sequence[Section], content: bytes, chosen: Collection[str] | None = None
) -> Iterator[tuple[str, bytes]]:
    """The file after each rule that is applied to it: the rule's id, the bytes.

    Args:
        sections: All of the same file.
        content: The file's bytes.
        chosen: Ids of the rules to apply; None for all.
    """
    parsed = source.parse(sections[0].path, content)
    blocks = outline(parsed.module)
    for finding in _fold(sections, blocks, chosen):
        if finding.state is State.PENDING:
            yield finding.section.id_of(finding.rule), parsed.render(blocks.rebuild())


def _plan_file(
    path: str,
    content: bytes | None,
    sections: Sequence[Section],
    chosen: Collection[str] | None,
) -> FilePlan:
    if content is None:
        missing = Nearest(0, "", "the tree has no such file")
        return FilePlan(path, b"", b"", tuple(_missing(sections, chosen, missing)))
    parsed = source.parse(path, content)
    blocks = outline(parsed.module)
    untouched = outline(parsed.module)
    findings = list(_fold(sections, blocks, chosen))
    return FilePlan(
        path,
        content,
        parsed.render(blocks.rebuild()),
        tuple(_outcome(finding, parsed, untouched) for finding in findings),
    )


def _fold(
    sections: Sequence[Section], blocks: Outline, chosen: Collection[str] | None
) -> Iterator[_Finding]:
    """Apply each rule to what the rules before it have left."""
    for section in sections:
        for rule in section.rules:
            if chosen is not None and section.id_of(rule) not in chosen:
                continue
            spots = KINDS[rule.edit.kind].find(rule, blocks)
            state = _state(spots, KINDS[rule.edit.kind].expected(rule))
            if state is State.DRIFTED:
                spots = _overwritten(section, rule, blocks)
                state = State.APPLIED if spots else State.DRIFTED
            if state is State.PENDING:
                for spot in spots:
                    if spot.rewrite:
                        spot.rewrite()
            yield _Finding(section, rule, state, spots)


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


def _outcome(finding: _Finding, parsed: source.Source, untouched: Outline) -> Outcome:
    section, rule = finding.section, finding.rule
    kind = KINDS[rule.edit.kind]
    places: list[tuple[cst.CSTNode, State]] = [
        (spot.at, spot.state) for spot in finding.spots if spot.at
    ]
    lines = parsed.positions(at for at, _ in places)
    sites = [Site(*place, state) for place, (_, state) in zip(lines, places, strict=True)]
    drifted = finding.state is State.DRIFTED
    return Outcome(
        id=section.id_of(rule),
        file=section.path,
        title=rule.title,
        state=finding.state,
        expected=kind.expected(rule),
        sites=tuple(sorted(sites, key=lambda site: (site.line, site.column))),
        wants=kind.wants(rule),
        nearest=_nearest(rule, parsed, untouched) if drifted else None,
    )


def _nearest(rule: Rule, parsed: source.Source, untouched: Outline) -> Nearest | None:
    candidates = list(KINDS[rule.edit.kind].candidates(rule, untouched))
    if not candidates:
        return None
    best = max(candidates, key=lambda candidate: candidate.likeness)
    ((line, _),) = parsed.positions([best.at])
    return Nearest(line, best.text, best.why)


def _missing(
    sections: Sequence[Section], chosen: Collection[str] | None, nearest: Nearest
) -> Iterator[Outcome]:
    for section in sections:
        for rule in section.rules:
            if chosen is None or section.id_of(rule) in chosen:
                kind = KINDS[rule.edit.kind]
                yield Outcome(
                    id=section.id_of(rule),
                    file=section.path,
                    title=rule.title,
                    state=State.DRIFTED,
                    expected=kind.expected(rule),
                    sites=(),
                    wants=kind.wants(rule),
                    nearest=nearest,
                )
