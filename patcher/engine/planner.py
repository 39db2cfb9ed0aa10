"""What packs would do to a tree. Pure: bytes in, a plan out.

Each file is parsed once, outlined in one visit, edited by its rules in order, printed once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from patcher.code import quotes, source
from patcher.code.outline import Outline, outline
from patcher.edits.registry import KINDS
from patcher.engine.absence import missing
from patcher.engine.aliases import own_names
from patcher.engine.excerpt import Excerpt, views
from patcher.engine.fold import Finding, fold
from patcher.errors import PatchError, Unparsable
from patcher.model import (
    Explanation,
    FilePlan,
    Nearest,
    Outcome,
    Pack,
    Rule,
    Section,
    Seen,
    Site,
    State,
    TreePlan,
)

_T = TypeVar("_T")
_NEAR = 5  # candidates that an explanation shows


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
    yield from _shown(content, sections, lambda view: list(_steps(view, sections, chosen)))


def _steps(
    view: Excerpt, sections: Sequence[Section], chosen: Collection[str] | None
) -> Iterator[tuple[str, bytes]]:
    blocks = outline(_parsed(sections[0].path, view))
    for finding in _found(view, sections, blocks, chosen):
        if finding.state is State.PENDING:
            yield finding.id, view.restored(source.printed(blocks.rebuild()).content)


def _parsed(path: str, view: Excerpt) -> source.Printed:
    return (source.parse if view.whole else source.parse_good)(path, view.content)


class _ShowsTooLittle(Exception):
    """A rule may have to see what an excerpt leaves out."""


def _shown(content: bytes, sections: Sequence[Section], work: Callable[[Excerpt], _T]) -> _T:
    """What work on a file gives, done on the first view of it that shows enough."""
    for view in views(content, sections):
        try:
            return work(view)
        except (PatchError, _ShowsTooLittle):
            if view.whole:
                raise
    raise AssertionError("the last view is the whole file")


def _found(
    view: Excerpt, sections: Sequence[Section], blocks: Outline, chosen: Collection[str] | None
) -> Iterator[Finding]:
    """What each rule finds in a view, and has edited there."""
    rules = [rule for section in sections for rule in section.rules]
    names = own_names(rules, blocks)
    if not view.whole and names:
        raise _ShowsTooLittle
    for finding in fold(sections, names, blocks, chosen):
        if not view.whole and (finding.state.misfit or finding.moved):
            raise _ShowsTooLittle
        yield finding


def redone(sections: Sequence[Section], content: bytes, ids: Collection[str]) -> bytes:
    """A file with the edits of some rules.

    Args:
        sections: All of the file, at least one.
        content: Its bytes without them.
        ids: The rules.
    """
    versions = [after for _, after in steps(sections, content, ids)]
    return versions[-1] if versions else content


def explained(pack: Pack, content: bytes, id_: str) -> Explanation:
    """What a rule of a pack looked for in its file, and what it saw there.

    Args:
        pack: The pack.
        content: The file's bytes.
        id_: The rule.

    Raises:
        PatchError: The file cannot be parsed.
    """
    section, rule = next((s, rule) for each, s, rule in pack.entries() if each == id_)
    sections = [each for each in pack.sections if each.path == section.path]
    outcome = next(o for o in _planned(content, sections, None).outcomes if o.id == id_)
    parsed = source.parse(section.path, content)
    lines = source.lines(content)
    sites = tuple(Seen(site.line, lines[site.line - 1], str(site.state)) for site in outcome.sites)
    near: dict[int, Seen] = {}
    if (first := outcome.nearest) and first.text:
        near[first.line] = Seen(first.line, first.text, first.why)
    for each in _near(rule, parsed) if outcome.state.misfit else ():
        near.setdefault(each.line, Seen(each.line, each.text, each.why))
    return Explanation(outcome, sites, tuple(near.values())[:_NEAR])


def _planned(
    content: bytes, sections: Sequence[Section], chosen: Collection[str] | None
) -> FilePlan:
    path = sections[0].path
    try:
        return _shown(content, sections, lambda view: _folded(view, sections, chosen))
    except RecursionError:
        raise Unparsable(path, 0, "nested too deeply") from None


def _folded(view: Excerpt, sections: Sequence[Section], chosen: Collection[str] | None) -> FilePlan:
    path = sections[0].path
    parsed = _parsed(path, view)
    blocks = outline(parsed)
    findings = list(_found(view, sections, blocks, chosen))
    outcomes = _outcomes(findings, view, parsed)
    edited = source.printed(blocks.rebuild())
    again = list(_found(view, sections, outline(edited), chosen))
    afterwards = _outcomes(again, view, edited)
    before, after = view.restored(parsed.content), view.restored(edited.content)
    return FilePlan(path, before, after, outcomes, afterwards)


def _missing(sections: Sequence[Section], chosen: Collection[str] | None) -> FilePlan:
    outcomes = tuple(
        _reported(section, rule, State.ABSENT, (), None, " in a file that the tree lacks")
        for section in sections
        for rule in section.rules
        if chosen is None or section.id_of(rule) in chosen
    )
    return FilePlan(sections[0].path, b"", b"", outcomes, outcomes)


def _outcomes(
    findings: Iterable[Finding], view: Excerpt, parsed: source.Printed
) -> tuple[Outcome, ...]:
    """What rules found in the file as it was read."""
    numbers = view.numbers(parsed.content)
    return tuple(_outcome(finding, numbers, parsed) for finding in findings)


def _outcome(finding: Finding, numbers: Sequence[int], parsed: source.Printed) -> Outcome:
    spots = [spot for spot in finding.spots if spot.at]
    places = parsed.positions(spot.at for spot in spots if spot.at)
    sites = [
        Site(numbers[line - 1], column, spot.state)
        for (line, column), spot in zip(places, spots, strict=True)
    ]
    nearest = None
    if doubt := finding.doubt:
        ((line, _),) = parsed.positions([doubt.at])
        nearest = Nearest(line, quotes.header(doubt.at), doubt.why)
    elif finding.state is State.DRIFTED:
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
    return next(iter(_near(rule, parsed)), None)


def _near(rule: Rule, parsed: source.Printed) -> list[Nearest]:
    """What comes close in the file as it was read, the closest first."""
    candidates = list(KINDS[rule.edit.kind].candidates(rule, outline(parsed)))
    candidates.sort(key=lambda candidate: -candidate.likeness)
    places = parsed.positions(candidate.at for candidate in candidates)
    pairs = zip(candidates, places, strict=True)
    return [Nearest(line, each.text, each.why) for each, (line, _) in pairs]
