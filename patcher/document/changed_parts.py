"""Quotes that leave out lines, as `...`: what of them an edit changes."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from textwrap import dedent

# A line that stands for others, perhaps with the bracket that closes what is left out.
_CUT = re.compile(r"\s*\(?(?:\.{2,}|\u2026)\)?,?\s*(?P<rest>[)\]}]*[,:]?)\s*")
# The header of a block that is no statement without the one above.
_BRANCH = re.compile(r"(?:else|elif\b.*|except\b.*|finally)\s*:")
_END = re.compile(r"\s+(?:\.{2,}|\u2026)$")


def changed_parts(before: str, after: str) -> list[tuple[str, str]]:
    """The parts of two quotes that differ, in order; the quotes themselves where nothing is cut.

    A part of the second without one in the first is added, with "" in its place.
    """
    old, new = (parts_of(quote) for quote in (before, after))
    if len(old) <= 1 and len(new) <= 1:
        return [(old[0] if old else "", new[0] if new else "")]
    return list(_paired(old, new))


def without_branch(before: str, after: str) -> tuple[str, str] | None:
    """The blocks of two quotes that start with the same `else` or the like; None where none do."""
    (header, *rest), (other, *new) = before.splitlines() or [""], after.splitlines() or [""]
    if not _BRANCH.fullmatch(header.strip()) or header.split() != other.split():
        return None
    blocks = (dedent("\n".join(lines)) for lines in (rest, new))
    old, made = (f"{block}\n" if block.strip() else "" for block in blocks)
    return (old, made) if old and made else None


def parts_of(quote: str) -> list[str]:
    """What stands between the cuts of a quote, each dedented; brackets alone are nothing."""
    parts = [list[str]()]
    for line in quote.splitlines(keepends=True):
        if _CUT.fullmatch(line):
            parts.append([])
            continue
        parts[-1].append(_END.sub("", line.rstrip("\n")) + "\n")
        if _END.search(line.rstrip("\n")):
            parts.append([])
    texts = (dedent("".join(part)).strip("\n") for part in parts)
    return [f"{text}\n" for text in texts if text.strip(" )]}\n")]


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    rows = [["".join(part.split()) for part in parts] for parts in (old, new)]
    for tag, a, b, c, d in SequenceMatcher(None, rows[0], rows[1], autojunk=False).get_opcodes():
        if tag == "replace" and b - a == d - c:
            yield from zip(old[a:b], new[c:d], strict=True)
        elif tag != "equal":
            yield "...\n".join(old[a:b]), "...\n".join(new[c:d])
