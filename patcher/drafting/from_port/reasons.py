"""What a document says of edits that were found without it: their numbers, order and reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from patcher.document.document import Item, Part
from patcher.drafting.draft import Draft, DraftPack, DraftSection
from patcher.drafting.from_port.infer import with_groups
from patcher.drafting.from_port.inferred import Inferred
from patcher.engine import plan


def with_reasons(found: Inferred, parts: Sequence[Part], file: Path) -> Inferred:
    """The pack with the reasons of those items of a document whose quotes are a rule's.

    Where every rule of a file has an item, they also get its numbers, and its order unless the
    rules make the port in their own order only.
    """
    items = [(part, item) for part in parts for item in part.items]
    sections = tuple(_section(each, items) for each in found.drafted.sections)
    drafted = replace(found.drafted, sections=sections, document=file)
    made = _made(drafted, found)
    for position, section in enumerate(sections):
        drafts = tuple(sorted(section.drafts, key=lambda draft: draft.rule.item))
        if drafts != section.drafts:
            ordered = replace(section, drafts=drafts)
            others = drafted.sections[:position], drafted.sections[position + 1 :]
            tried = replace(drafted, sections=(*others[0], ordered, *others[1]))
            drafted = tried if _made(tried, found) == made else drafted
    return replace(found, drafted=with_groups(drafted))


def _made(drafted: DraftPack, found: Inferred) -> dict[str, bytes]:
    """What the rules of a pack make of each file of the port."""
    return {file.path: file.after for file in plan([drafted.pack()], found.port.python).files}


def _section(section: DraftSection, items: list[tuple[Part, Item]]) -> DraftSection:
    """A section with what items of the document give; each is used once, in order."""
    pairs = [*_pairs(section, items)]
    headings = [part.heading for _, found in pairs if found for part in found[:1]]
    drafts = [_explained(draft, found[1] if found else None) for draft, found in pairs]
    numbers = [found[1].number for _, found in pairs if found]
    if len(numbers) == len(drafts) == len({*numbers}):
        drafts = [_numbered(draft, number) for draft, number in zip(drafts, numbers, strict=True)]
    heading = headings[0] if headings and len({*headings}) == 1 else section.heading
    return replace(section, heading=heading or section.heading, drafts=tuple(drafts))


def _pairs(
    section: DraftSection, items: list[tuple[Part, Item]]
) -> Iterator[tuple[Draft, tuple[Part, Item] | None]]:
    name = section.path.rpartition("/")[2]
    for draft in section.drafts:
        rule = draft.rule
        quotes = _words(rule.before), _words(rule.after)
        same = [each for each in items if (_words(each[1].before), _words(each[1].after)) == quotes]
        found = next((each for each in same if name in each[0].heading), None)
        if found:
            items.remove(found)
        yield draft, found


def _explained(draft: Draft, item: Item | None) -> Draft:
    if item is None or not item.prose:
        return replace(draft, line=item.line) if item else draft
    rule = replace(draft.rule, why=item.prose, whose="document")
    return replace(draft, rule=rule, line=item.line)


def _numbered(draft: Draft, number: int | None) -> Draft:
    return replace(draft, rule=replace(draft.rule, item=number or draft.rule.item))


def _words(quote: str) -> str:
    return " ".join(quote.split())
