"""A quote that is written as a diff, as the code before and the code afterwards of each hunk."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_MARKS = ("+", "-", " ", "\t")
_NAMED = re.compile(r"(?:---|\+\+\+) (?:[ab]/)?(?!/dev/null)(\S+\.\w+)")
_AT = re.compile(r"@@[^@]*@@\s*(\S.*)")
_HEAD = re.compile(
    r"--- |\+\+\+ |@@|diff --|index [0-9a-f]+\.\.|(?:new|deleted) file mode |(?:old|new) mode \d"
    r"|similarity index |rename (?:from|to) "
)


class Hunk(NamedTuple):
    """What is changed in one place.

    Attributes:
        line: Where its code starts in the diff, 0-based.
        file: The file that the head above names; "" for none.
        within: The header of the function or class that it is in; "" where it has none.
    """

    line: int
    file: str
    within: str
    before: str
    after: str


def hunks(diff: str) -> Iterator[Hunk]:
    """The hunks of a diff, or of a part of one without any head."""
    file, within, start, rows = "", "", 0, list[str]()
    for number, line in enumerate([*diff.splitlines(), "@@"]):
        if not _HEAD.match(line):
            rows.append(line)
            continue
        if any(row[:1] in ("+", "-") for row in rows):
            yield Hunk(start, file, within, _side(rows, "+"), _side(rows, "-"))
        found, named = _AT.match(line), _NAMED.match(line)
        rows, start, within = [], number + 1, found[1] if found else ""
        file = named[1] if named else "" if line.startswith("--- ") else file


def _side(rows: list[str], other: str) -> str:
    """The code of a hunk without the lines that only the other side has."""
    kept = (row for row in rows if not row.startswith((other, "\\ ")))
    return "".join(f"{row[1:] if row[:1] in _MARKS else row}\n" for row in kept)
