"""Pieces of Markdown that GitHub and the site show alike."""

import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"[\\*_\[\]<>|~$&]")
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown; a `|` in code is escaped, as GitHub wants it."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", " ".join(text.split()))


def code(text: str) -> str:
    """Code inside a line."""
    ticks = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{space}{text}{space}{ticks}"


def fenced(text: str, language: str) -> str:
    """Code in a fence that is longer than any in it."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}{language}\n{text.strip(chr(10))}\n{fence}"


def prose(text: str) -> str:
    """Plain text on one line; what stands between backticks is code, and nothing else is markup."""
    line, parts, end = " ".join(text.split()), [], 0
    for found in _CODE.finditer(line):
        parts += [_escaped(line[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*parts, _escaped(line[end:])])


def _escaped(text: str) -> str:
    """Text with a backslash before what Markdown takes for markup, but inside words.

    A single underscore in a word means nothing.
    """
    return _SPECIAL.sub(lambda found: _character(text, found.start()), text)


def _character(text: str, index: int) -> str:
    around = text[index - 1 : index] + text[index + 1 : index + 2]
    inside = text[index] == "_" and len(around) == 2 and around.isalnum()
    return text[index] if inside else f"\\{text[index]}"
