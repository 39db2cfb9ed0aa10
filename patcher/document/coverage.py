"""A document checked against the rules of a pack, both ways, and each rule against its quotes."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import dedent

from patcher.document.changed_parts import changed_parts, without_branch
from patcher.document.document import Item, Part
from patcher.document.gaps import Gap, Verdict, differences, failures
from patcher.document.numbering import comparable
from patcher.model import Pack, Rule, Section
from patcher.paths import is_end_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One edit of a document, of a pack, or of both.

    Attributes:
        id: The rule's id; "" for an item without a rule.
        heading: The heading that it is under; "" where there is none.
        number: The item's number; None for a quote outside any item.
        deviates: Whether the rule says something else than the document, and why.
        line: The item's line in the document, 1-based; 0 where there is none.
    """

    id: str
    heading: str
    number: int | None
    line: int
    title: str
    gaps: tuple[Gap, ...]
    deviates: bool = False

    @property
    def verdict(self) -> Verdict:
        """The first thing that is wrong with it, else whether it is covered or deviates."""
        if self.gaps:
            return self.gaps[0].verdict
        return Verdict.DEVIATES if self.deviates else Verdict.COVERED


@dataclass(frozen=True, slots=True)
class Coverage:
    """How a document and a pack, both by their names, compare.

    Attributes:
        entries: Every edit, by heading in the pack's order; items of other headings last.
        recognised: The headings that the document lacks although it has their part, known by
            its position; and the line, 1-based, where that part starts.
    """

    document: str
    pack: str
    entries: tuple[Entry, ...]
    recognised: Mapping[str, int]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Everything that is wrong."""
        return tuple(gap for entry in self.entries for gap in entry.gaps)

    @property
    def summary(self) -> dict[Verdict, int]:
        """Number of edits of each verdict, every verdict named."""
        counts = Counter(entry.verdict for entry in self.entries)
        return {verdict: counts[verdict] for verdict in Verdict}


def compare(document: str, parts: Sequence[Part], pack: Pack) -> Coverage:
    """Check a document, given its name, against a pack, and each rule against its own quotes."""
    known = [section.heading for section in pack.sections]
    headed = _headed(parts, pack)
    entries: list[Entry] = []
    for section in pack.sections:
        entries += _checked(section, _items_of(section, headed, pack))
    for heading, part in headed:
        entries += [_extra(heading, item) for item in part.items if heading not in known]
    recognised = {heading: part.line for heading, part in headed if heading != part.heading}
    return Coverage(document, pack.name, tuple(entries), recognised)


def item_lines(parts: Sequence[Part], pack: Pack) -> dict[str, int]:
    """The line of each rule's item in a document, 1-based, by the rule's id."""
    headed = _headed(parts, pack)
    lines = dict[str, int]()
    for section in pack.sections:
        numbered = {item.rule: item.line for item in reversed(_items_of(section, headed, pack))}
        found = ((section.id_of(rule), numbered.get(rule.item)) for rule in section.rules)
        lines |= {id_: line for id_, line in found if line}
    return lines


def _headed(parts: Sequence[Part], pack: Pack) -> list[tuple[str, Part]]:
    """Each part with its heading, its items numbered as those of one section.

    Parts about files that are not Python, and that the pack has no section for, are left out.
    """
    known = [section.heading for section in pack.sections]
    stated = {part.heading for part in parts}
    kept = (part for part in parts if part.heading in known or not part.is_foreign)
    split = [each for part in kept for each in _by_section(part, pack, stated)]
    return list(_with_headings(comparable(split), known))


def _by_section(part: Part, pack: Pack, stated: Collection[str]) -> Iterator[Part]:
    """A part that is about the files of several sections, as a part for each.

    Its heading names no file and is that of several sections, or no part has a heading. An item is
    that of the rule which has its quotes. What belongs to no section comes last.
    """
    is_headless = {*stated} == {""}
    sections = [s for s in pack.sections if is_headless or s.heading == part.heading]
    if part.file or not sections[1:]:
        yield part
        return
    taken = set[int]()
    for section, items in _claimed(part.items, sections):
        taken.update(item.line for item in items)
        yield replace(part, heading=section.heading, items=tuple(items), file=section.path)
    yield replace(part, items=tuple(item for item in part.items if item.line not in taken))


def _claimed(
    items: Sequence[Item], sections: Iterable[Section]
) -> Iterator[tuple[Section, list[Item]]]:
    """The items that each section has a rule for, by their quotes, with the number of that rule."""
    left = list(items)
    for section in sections:
        mine = list[Item]()
        for rule in section.rules:
            item = next((item for item in left if _is_quoted(item, rule)), None)
            if item:
                left.remove(item)
                mine.append(replace(item, rule=rule.item))
        yield section, mine


def _is_quoted(item: Item, rule: Rule) -> bool:
    """Whether a rule quotes an item as it is written, or a part of it."""
    verbatim, short = item.verbatim or ("", ""), (item.before, item.after)
    return _has_quotes(*verbatim, rule) or any(_widens(*each, rule) for each in _forms(*short))


def _quotes(before: str, after: str) -> tuple[str, str]:
    return dedent(before).strip("\n"), dedent(after).strip("\n")


def _items_of(section: Section, headed: Iterable[tuple[str, Part]], pack: Pack) -> list[Item]:
    """The items below the heading of a section, and of its file where others have that heading."""
    alike = [each for each in pack.sections if each.heading == section.heading]
    parts = (part for heading, part in headed if heading == section.heading)
    if not alike[1:]:
        return [item for part in parts for item in part.items]
    mine = (
        part
        for part in parts
        if (is_end_of(part.file, section.path) if part.file else section is alike[0])
    )
    return [item for part in mine for item in part.items]


def _with_headings(parts: Sequence[Part], known: Sequence[str]) -> Iterator[tuple[str, Part]]:
    """Each part with its heading.

    A part without one is the section that comes next in the pack, unless the document has that
    section elsewhere.
    """
    stated = {part.heading for part in parts}
    upcoming = list(known)
    for part in parts:
        implied = not part.heading and upcoming and upcoming[0] not in stated
        heading = upcoming[0] if implied else part.heading
        upcoming = list(known[known.index(heading) + 1 :]) if heading in known else []
        yield heading, part


def _checked(section: Section, items: Sequence[Item]) -> Iterator[Entry]:
    """The rules of a section with their items, and then the items that have no rule."""
    left, above, heading = list(items), 0, section.heading
    for rule in section.rules:
        id_ = section.id_of(rule)
        item = next((item for item in left if _is_of(item, rule)), None)
        line = item.line if item else 0
        if item:
            left.remove(item)
            item, *more = _parts(item, rule)
            left += more
            is_own = item.number == rule.item
            gaps = list(differences(id_, rule, item, above if is_own else 0))
            above = max(above, line) if is_own else above
        elif rule.stated == "":
            gaps = []
        else:
            wanted = f"item {rule.item} under {heading}"
            gaps = [Gap(Verdict.MISSING, 0, f"{id_} has no item", wanted)]
        gaps += failures(section, rule, line)
        yield Entry(id_, heading, rule.item, line, rule.title, tuple(gaps), rule.stated is not None)
    yield from (_extra(heading, item) for item in left)


def _is_of(item: Item, rule: Rule) -> bool:
    """Whether an item, or one of several parts of one, is that of a rule."""
    return item.rule == rule.item if item.rule else _has_quotes(item.before, item.after, rule)


def _has_quotes(before: str, after: str, rule: Rule) -> bool:
    stated = rule.after if rule.stated is None else rule.stated
    return _quotes(before, after) == _quotes(rule.before, stated)


def _parts(item: Item, rule: Rule) -> list[Item]:
    """An item as its rule has it; where a rule is one of several parts that it quotes, all of them.

    Parts are what stands between the lines that quotes leave out.
    """
    if not item.short or _has_quotes(item.before, item.after, rule):
        return [item]
    parts = _forms(*item.short)
    first = next((part for part in parts if _widens(*part, rule)), None)
    if not first:
        return [item]
    more = [_part(item, *part) for part in parts if part is not first]
    stated = rule.after if rule.stated is None else rule.stated
    return [_part(item, rule.before, stated), *more]


def _widens(before: str, after: str, rule: Rule) -> bool:
    """Whether a rule quotes code, perhaps with the same lines next to it before and afterwards."""
    (before, after), (wide, made) = _quotes(before, after), _quotes(rule.before, rule.after)
    if not before:
        return (before, after) == (wide, made)
    above, found, below = wide.partition(before)
    return bool(found) and made == above + after + below


def _forms(before: str, after: str) -> list[tuple[str, str]]:
    """The edits that a quote can stand for: its parts, or the block of a quoted `else`."""
    return [without_branch(*part) or part for part in changed_parts(before, after)]


def _part(item: Item, before: str, after: str) -> Item:
    verb = "Changed" if before and after else "Added" if after else "Removed"
    return replace(item, before=before, after=after, verb=verb, rule=0)


def _extra(heading: str, item: Item) -> Entry:
    """An item without a rule."""
    title = next(iter((item.after or item.before).splitlines()), "")
    what = "a quote outside any item" if item.number is None else f"item {item.number}"
    found = f"{what} under {heading or 'no heading'} has no rule"
    gap = Gap(Verdict.EXTRA, item.line, found, "a rule for each item")
    return Entry("", heading, item.number, item.line, title, (gap,))
