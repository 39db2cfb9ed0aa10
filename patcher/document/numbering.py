"""The items of a document as they are compared with the rules of a pack."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from patcher.document.document import Item, Part


def comparable(parts: Sequence[Part]) -> list[Part]:
    """The parts with numbered items, each quote as it is written.

    In a document without numbers, the items with code are counted below each heading. So they are
    in one with numbers below the heading of a file that has none, and where a heading is there more
    than once and some of its items have the same number. An item that neither quotes code nor
    starts with a verb is left out, and so is one that a pack was written as, and that says of
    itself that the document has no such item.
    """
    named = [(part, [item for item in part.items if _is_edit(item)]) for part in parts]
    has_numbers = any(item.number is not None for _, items in named for item in items)
    numbers = dict[str, list[list[int | None]]]()
    for part, items in named:
        numbers.setdefault(part.heading, []).append([item.number for item in items])
    counted = {heading for heading, each in numbers.items() if _is_counted(heading, each)}
    kept = [
        (part, items)
        for part, items in named
        if part.file or not has_numbers or any(item.number is not None for item in items)
    ]
    return [
        replace(part, items=tuple(map(_verbatim, items)))
        for part, items in _numbered(kept, counted)
        if items
    ]


def _is_counted(heading: str, numbers: Sequence[Sequence[int | None]]) -> bool:
    """Whether items are counted below a heading, given their numbers each time that it is there."""
    every = [*chain.from_iterable(numbers)]
    if not any(number is not None for number in every):
        return True
    is_clear = all(len({*each}) == len(each) for each in numbers) and None not in every
    return bool(heading) and is_clear and len({*every}) < len(every)


def _is_edit(item: Item) -> bool:
    return (item.has_code or item.is_bare) and item.keys.get("undocumented") is not True


def _numbered(
    named: Iterable[tuple[Part, list[Item]]], counted: Collection[str]
) -> Iterator[tuple[Part, list[Item]]]:
    """Parts with their items, counted below the headings where items are."""
    counts = Counter[str]()
    for part, items in named:
        if part.heading in counted:
            first = counts[part.heading] + 1
            counts[part.heading] += len(items)
            items = [replace(item, number=n) for n, item in enumerate(items, first)]
        yield part, items


def _verbatim(item: Item) -> Item:
    """An item with its quotes as they are written, or as its keys say that a document has them."""
    before, after = item.verbatim or (item.before, item.after)
    stated = item.keys.get("instead_of")
    return replace(item, before=before, after=stated if isinstance(stated, str) else after)
