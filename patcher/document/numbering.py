"""The items of a document as they are compared with the rules of a pack."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from patcher.document.document import Item, Part


def comparable(parts: Sequence[Part]) -> list[Part]:
    """The parts with numbered items, each quote as it is written.

    In a document without numbers, the items with code are counted below each heading. An item
    that neither quotes code nor starts with a verb is left out, and so is one that a pack was
    written as, and that says of itself that the document has no such item.
    """
    named = [(part, [item for item in part.items if _is_edit(item)]) for part in parts]
    kept = [each for each in named if any(item.number is not None for item in each[1])]
    if not kept:
        kept = list(_numbered(named))
    return [replace(part, items=tuple(map(_verbatim, items))) for part, items in kept if items]


def _is_edit(item: Item) -> bool:
    return (item.has_code or item.is_bare) and item.keys.get("undocumented") is not True


def _numbered(named: Iterable[tuple[Part, list[Item]]]) -> Iterator[tuple[Part, list[Item]]]:
    counts = Counter[str]()
    for part, items in named:
        first = counts[part.heading] + 1
        counts[part.heading] += len(items)
        yield part, [replace(item, number=n) for n, item in enumerate(items, first)]


def _verbatim(item: Item) -> Item:
    """An item with its quotes as they are written, or as its keys say that a document has them."""
    before, after = item.verbatim or (item.before, item.after)
    stated = item.keys.get("instead_of")
    return replace(item, before=before, after=stated if isinstance(stated, str) else after)
