"""What packs would do to a tree. Pure: bytes in, a plan out.

Each file is parsed once, outlined in one visit, edited by its rules in order, printed once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from patcher import source
from patcher.absence import missing
from patcher.edits.kinds import KINDS
from patcher.errors import Unparsable
from patcher.fold import Finding, fold
from patcher.model import FilePlan, Nearest, Outcome, Pack, Rule, Section, Site, State, TreePlan
from patcher.outline import outline


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
    by_path: dict[str, list[Section]] = {}
    for section in (section for pack in packs for section in pack.sections):
        if chosen is None or any(section.id_of(rule) in chosen for rule in section.rules):
            by_path.setdefault(section.path, []).append(section)
    plans = (
        _planned(files[path], mine, chosen) if path in files else _missing(mine, chosen)
        for path, mine in by_path.items()
    )
    return TreePlan(tuple(pack.name for pack in packs), tuple(plans))


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
    for finding in fold(sections, blocks, chosen):
        if finding.state is State.PENDING:
            yield finding.id, source.printed(blocks.rebuild()).content


def redone(sections: Sequence[Section], content: bytes, ids: Collection[str]) -> bytes:
    """A file with the edits of some rules.

    Args:
        sections: All of the file, at least one.
        content: Its bytes without them.
        ids: The rules.
    """
    versions = [after for _, after in steps(sections, content, ids)]
    return versions[-1] if versions else content


def _planned(
    content: bytes, sections: Sequence[Section], chosen: Collection[str] | None
) -> FilePlan:
    path = sections[0].path
    try:
        return _folded(path, content, sections, chosen)
    except RecursionError:
        raise Unparsable(path, 0, "nested too deeply") from None


def _folded(
    path: str, content: bytes, sections: Sequence[Section], chosen: Collection[str] | None
) -> FilePlan:
    parsed = source.parse(path, content)
    blocks = outline(parsed.module)
    outcomes = tuple(_outcome(finding, parsed) for finding in fold(sections, blocks, chosen))
    edited = source.printed(blocks.rebuild())
    again = fold(sections, outline(edited.module), chosen)
    afterwards = tuple(_outcome(finding, edited) for finding in again)
    return FilePlan(path, content, edited.content, outcomes, afterwards)


def _missing(sections: Sequence[Section], chosen: Collection[str] | None) -> FilePlan:
    outcomes = tuple(
        _reported(section, rule, State.ABSENT, (), None, " in a file that the tree lacks")
        for section in sections
        for rule in section.rules
        if chosen is None or section.id_of(rule) in chosen
    )
    return FilePlan(sections[0].path, b"", b"", outcomes, outcomes)


def _outcome(finding: Finding, parsed: source.Printed) -> Outcome:
    """What a rule found in the file as it was read."""
    spots = [spot for spot in finding.spots if spot.at]
    places = parsed.positions(spot.at for spot in spots if spot.at)
    sites = [Site(*place, spot.state) for place, spot in zip(places, spots, strict=True)]
    nearest = None
    if finding.state is State.DRIFTED:
        nearest = _nearest(finding.rule, parsed)
    elif finding.state is State.ABSENT:
        lacking = sorted(missing(finding.rule, parsed.module))
        words = " and ".join(f"`{name}`" for name in lacking)
        verb = "is" if len(lacking) == 1 else "are"
        nearest = Nearest(1, "", f"{words} {verb} nowhere in this file: nothing to do?")
    return _reported(finding.section, finding.rule, finding.state, sites, nearest)


def _reported(
    section: Section,
    rule: Rule,
    state: State,
    sites: Sequence[Site],
    nearest: Nearest | None,
    place: str = "",
) -> Outcome:
    kind = KINDS[rule.edit.kind]
    ground = ", ".join(section.id_of(each) for each in section.groundwork(rule))
    ready = f" as {ground} leaves it" if ground and state is State.DRIFTED else ""
    return Outcome(
        id=section.id_of(rule),
        file=section.path,
        title=rule.title,
        state=state,
        expected=kind.expected(rule),
        sites=tuple(sorted(sites, key=lambda site: (site.line, site.column))),
        wants=f"{kind.wants(rule)}{ready}{place}",
        nearest=nearest,
    )


def _nearest(rule: Rule, parsed: source.Printed) -> Nearest | None:
    """The best candidate in the file as it was read."""
    candidates = list(KINDS[rule.edit.kind].candidates(rule, outline(parsed.module)))
    if not candidates:
        return None
    best = max(candidates, key=lambda candidate: candidate.likeness)
    ((line, _),) = parsed.positions([best.at])
    return Nearest(line, best.text, best.why)
