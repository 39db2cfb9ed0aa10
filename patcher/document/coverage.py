"""A document checked against the rules of a pack, both ways, and each rule against its quotes."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from patcher.document.document import Item, Part
from patcher.document.gaps import Gap, Verdict, differences, failures
from patcher.document.matching import as_ruled, headed, is_of, items_of
from patcher.model import Pack, Section


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
    found = headed(parts, pack)
    entries: list[Entry] = []
    for section in pack.sections:
        entries += _checked(section, items_of(section, found, pack))
    for heading, part in found:
        entries += [_extra(heading, item) for item in part.items if heading not in known]
    recognised = {heading: part.line for heading, part in found if heading != part.heading}
    return Coverage(document, pack.name, tuple(entries), recognised)


def item_lines(parts: Sequence[Part], pack: Pack) -> dict[str, int]:
    """The line of each rule's item in a document, 1-based, by the rule's id."""
    found = headed(parts, pack)
    lines = dict[str, int]()
    for section in pack.sections:
        numbered = {item.rule: item.line for item in reversed(items_of(section, found, pack))}
        own = ((section.id_of(rule), numbered.get(rule.item)) for rule in section.rules)
        lines |= {id_: line for id_, line in own if line}
    return lines


def _checked(section: Section, items: Sequence[Item]) -> Iterator[Entry]:
    """The rules of a section with their items, and then the items that have no rule."""
    left, above, heading = list(items), 0, section.heading
    for rule in section.rules:
        id_ = section.id_of(rule)
        item = next((item for item in left if is_of(item, rule)), None)
        line = item.line if item else 0
        if item:
            left.remove(item)
            item, *more = as_ruled(item, rule)
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


def _extra(heading: str, item: Item) -> Entry:
    """An item without a rule."""
    title = next(iter((item.after or item.before).splitlines()), "")
    what = "a quote outside any item" if item.number is None else f"item {item.number}"
    found = f"{what} under {heading or 'no heading'} has no rule"
    gap = Gap(Verdict.EXTRA, item.line, found, "a rule for each item")
    return Entry("", heading, item.number, item.line, title, (gap,))
