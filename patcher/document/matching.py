"""Which items of a document are those of the rules of a pack."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from textwrap import dedent

from patcher.document.changed_parts import changed_parts, without_branch
from patcher.document.document import Item, Part
from patcher.document.numbering import comparable
from patcher.model import Pack, Rule, Section
from patcher.paths import is_end_of


def headed(parts: Sequence[Part], pack: Pack) -> list[tuple[str, Part]]:
    """Each part with its heading, its items numbered as those of one section.

    Parts about files that are not Python, and that the pack has no section for, are left out.
    """
    known = [section.heading for section in pack.sections]
    stated = {part.heading for part in parts}
    kept = (part for part in parts if part.heading in known or not part.is_foreign)
    split = [each for part in kept for each in _by_section(part, pack, stated)]
    return list(_with_headings(comparable(split, known), known))


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
    is_wide = any(_widens(*each, rule) for each in _forms(*short))
    return is_wide or _has_quotes(*verbatim, rule) or _is_beside(item, *short, rule)


def _quotes(before: str, after: str) -> tuple[str, str]:
    return dedent(before).strip("\n"), dedent(after).strip("\n")


def items_of(section: Section, found: Iterable[tuple[str, Part]], pack: Pack) -> list[Item]:
    """The items below the heading of a section, and of its file where others have that heading."""
    alike = [each for each in pack.sections if each.heading == section.heading]
    parts = (part for heading, part in found if heading == section.heading)
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


def is_of(item: Item, rule: Rule) -> bool:
    """Whether an item, or one of several parts of one, is that of a rule."""
    return item.rule == rule.item if item.rule else _has_quotes(item.before, item.after, rule)


def _has_quotes(before: str, after: str, rule: Rule) -> bool:
    stated = rule.after if rule.stated is None else rule.stated
    return _quotes(before, after) == _quotes(rule.before, stated)


def as_ruled(item: Item, rule: Rule) -> list[Item]:
    """An item as its rule has it; where a rule is one of several parts that it quotes, all of them.

    Parts are what stands between the lines that quotes leave out.
    """
    if not item.short or _has_quotes(item.before, item.after, rule):
        return [item]
    parts = _forms(*item.short)
    stated = rule.after if rule.stated is None else rule.stated
    if _is_beside(item, *item.short, rule):
        return [_part(item, rule.before, stated)]
    first = next((part for part in parts if _widens(*part, rule)), None)
    if not first:
        return [item]
    more = [_part(item, *part) for part in parts if part is not first]
    return [_part(item, rule.before, stated), *more]


def _widens(before: str, after: str, rule: Rule) -> bool:
    """Whether a rule quotes code, perhaps with one line more above or below, as `new` adds it."""
    (before, after), (wide, made) = _quotes(before, after), _quotes(rule.before, rule.after)
    if (before, after) == (wide, made):
        return True
    if not before or "\n" not in wide:
        return False
    first, last = wide[: wide.find("\n") + 1], wide[wide.rfind("\n") :]
    one_more = ((first + before, first + after), (before + last, after + last))
    return (wide, made) in one_more


def _is_beside(item: Item, before: str, after: str, rule: Rule) -> bool:
    """Whether a rule adds what an item does, and quotes the statement next to it as well."""
    (before, after), (wide, made) = _quotes(before, after), _quotes(rule.before, rule.after)
    if before or not (after and wide):
        return False
    above, below = made == f"{wide}\n{after}", made == f"{after}\n{wide}"
    if item.follows:
        return above and "".join(wide.split()).endswith("".join(item.follows.split()))
    if item.precedes:
        return below and "".join(wide.split()).startswith("".join(item.precedes.split()))
    return above or below


def _forms(before: str, after: str) -> list[tuple[str, str]]:
    """The edits that a quote can stand for: its parts, or the block of a quoted `else`."""
    return [without_branch(*part) or part for part in changed_parts(before, after)]


def _part(item: Item, before: str, after: str) -> Item:
    verb = "Changed" if before and after else "Added" if after else "Removed"
    return replace(item, before=before, after=after, verb=verb, rule=0)
