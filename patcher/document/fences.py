"""Fenced code that stands further left than its fence, moved under it, so that it can be read.

People write such code in lists; for CommonMark, it ends the list, and the closing fence opens
another block, which takes in the text below.
"""

import re

_OPENING = re.compile(r"([ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)(`{3,}|~{3,})([^`]*)$")
_ENTRY = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")


def aligned(text: str) -> str:
    """Markdown of the same lines in which no code stands further left than its opening fence."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    start = 0
    while start < len(lines):
        opening = _OPENING.match(lines[start])
        end = _end(lines, start, opening[2]) if opening else 0
        if opening and end:
            _align(lines, start + 1, end, _width(opening[1]))
        start = max(start, end) + 1
    return "\n".join(lines)


def _end(lines: list[str], start: int, fence: str) -> int:
    """The line that closes a fence; 0 where none does, before another one opens."""
    for number in range(start + 1, len(lines)):
        found = _OPENING.match(lines[number])
        if found and found[2].startswith(fence):
            return 0 if found[3].strip() else number
    return 0


def _align(lines: list[str], first: int, end: int, column: int) -> None:
    """Move lines of code, and the fence that closes them, to a column or further right."""
    code = [line for line in lines[first:end] if line.strip()]
    short = column - min(map(_indent, code), default=column)
    if short > 0 and not any(_ENTRY.match(line) and _indent(line) < column for line in code):
        lines[first:end] = [f"{' ' * short}{line}" for line in lines[first:end]]
        short = 0
    if short <= 0 and _indent(lines[end]) < column:
        lines[end] = " " * column + lines[end].strip()


def _indent(line: str) -> int:
    return _width(line[: len(line) - len(line.lstrip(" \t"))])


def _width(space: str) -> int:
    return len(space.expandtabs(4))
