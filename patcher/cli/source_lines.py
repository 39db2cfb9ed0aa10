"""A source line on a terminal, with carets below the part that is meant."""

from collections.abc import Iterator, Sequence
from unicodedata import combining, east_asian_width

from patcher.errors import SourceLine
from patcher.errors.visible import visible

_GAP = "..."  # where a line is cut
_CONTEXT = 20  # columns that stay in front of the carets where they can


def pointed_at(source: SourceLine, columns: int) -> Iterator[str]:
    """A source line, cut to a terminal's columns, and carets below the part that is meant."""
    number = str(source.line)
    room = max(columns - len(number) - len("   | "), 3 * _CONTEXT)
    text, start = [visible(each, keep="\t") for each in source.text], source.column - 1
    first, last = _window(text, start, room)
    head, tail = _GAP if first else "", _GAP if last < len(text) else ""
    meant = text[start : min(start + source.width, last)]
    before = "".join(each if each == "\t" else " " * _cells(each) for each in text[first:start])
    carets = "^" * max(sum(map(_cells, meant)), 1)
    yield f"  {number} | {head}{''.join(text[first:last])}{tail}"
    yield f"  {' ' * len(number)} | {' ' * len(head)}{before}{carets} {source.note}".rstrip()


def _window(text: Sequence[str], start: int, room: int) -> tuple[int, int]:
    """The part of a line to show, as two indices, with the character at `start` in it."""
    if sum(map(_cells, text)) <= room:
        return 0, len(text)
    room -= 2 * len(_GAP)
    near = sum(map(_cells, text[: start + _CONTEXT])) <= room
    first = 0 if near else max(start - _CONTEXT, 0)
    while first and sum(map(_cells, text[first - 1 :])) <= room:
        first -= 1
    last = first
    while last < len(text) and (room := room - _cells(text[last])) >= 0:
        last += 1
    return first, last


def _cells(character: str) -> int:
    """How many columns a character takes, or the escape for it; of a tab, the most that it can."""
    if character == "\t":
        return 8
    if len(character) > 1:
        return len(character)
    if combining(character):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
