"""The items of a document as they are compared with the rules of a pack."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from patcher.document.document import Item, Part


def numbers_of(items: Sequence[Item]) -> list[int]:
    """The numbers that the items of a section have as rules.

    Those of edits are as written; they are counted where none is written, or all are the same. An
    item that has no number by then, or one that another item has, comes after all others.
    """
    edits = [item for item in items if _is_edit(item)]
    written = {item.number for item in edits}
    is_counted = written == {None} or (len(edits) > 1 and len(written) == 1)
    found = dict[int, int]()  # by the place of an item in the list
    for index, item in enumerate(items):
        number = item.number
        if is_counted:
            number = len(found) + 1 if _is_edit(item) else None
        if number is not None and number not in found.values():
            found[index] = number
    free = max(found.values(), default=0)
    for index in range(len(items)):
        if index not in found:
            free += 1
            found[index] = free
    return [found[index] for index in range(len(items))]


def comparable(parts: Sequence[Part], known: Collection[str] = ()) -> list[Part]:
    """The parts with the items that have rules, their numbers, and each quote as it is written.

    An item that neither quotes code nor starts with a verb is left out, and so is one that a pack
    was written as, and that says of itself that the document has no such item. In a document with
    numbers, parts without any are left out unless they are about a file, or have a known heading.
    """
    has_numbers = any(i.number is not None for part in parts for i in part.items if _is_edit(i))
    numbers = {place: iter(numbers_of(items)) for place, items in _by_place(parts).items()}
    numbered = [
        (part, [(item, next(numbers[_place(part)])) for item in part.items]) for part in parts
    ]
    kept = [
        (part, [(item, number) for item, number in items if _is_edit(item)])
        for part, items in numbered
        if part.file
        or part.heading in known
        or not has_numbers
        or any(i.number is not None for i, _ in items)
    ]
    return [
        replace(part, items=tuple(_verbatim(*each) for each in items))
        for part, items in kept
        if items
    ]


_Place = tuple[str, str]  # a heading, and the file that its items are in


def _place(part: Part) -> _Place:
    return part.heading, part.file


def _by_place(parts: Sequence[Part]) -> dict[_Place, list[Item]]:
    found = dict[_Place, list[Item]]()
    for part in parts:
        found.setdefault(_place(part), []).extend(part.items)
    return found


def _is_edit(item: Item) -> bool:
    return (item.has_code or item.is_bare) and item.keys.get("undocumented") is not True


def _verbatim(item: Item, number: int) -> Item:
    """An item with its quotes as they are written, or as its keys say that a document has them."""
    before, after = item.verbatim or (item.before, item.after)
    stated = item.keys.get("instead_of")
    after = stated if isinstance(stated, str) else after
    short = item.before, item.after
    return replace(item, before=before, after=after, short=short, rule=item.rule or number)
