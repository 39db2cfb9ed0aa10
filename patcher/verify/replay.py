"""The rules made again from a file's first bytes, with every line's owner kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from patcher import engine
from patcher.model import Section


@dataclass(frozen=True, slots=True)
class Replay:
    """A file as its rules leave it.

    Attributes:
        path: Below the tree's root.
        before: Its bytes before the first rule.
        after: Its bytes after the last.
        owners: For each line of `after`, the id of the rule that wrote it; "" where none did.
        counts: Number of lines that each rule added and took away, by id, in order.
    """

    path: str
    before: bytes
    after: bytes
    owners: tuple[str, ...]
    counts: dict[str, int]


def replay(sections: Sequence[Section], before: bytes, ids: Collection[str]) -> Replay:
    """What rules make of a file.

    Args:
        sections: All of the file, at least one.
        before: The file's bytes.
        ids: The rules.

    Raises:
        PatchError: The file cannot be parsed.
    """
    content, owners, counts = before, [""] * len(lines(before)), dict[str, int]()
    for id_, after in engine.steps(sections, before, ids):
        counts[id_] = 0
        for old, new in hunks(content, after):
            owners[new.start : new.start + len(old)] = [id_] * len(new)
            counts[id_] += len(old) + len(new)
        content = after
    return Replay(sections[0].path, before, content, tuple(owners), counts)


def hunks(one: bytes, other: bytes) -> list[tuple[range, range]]:
    """Where two files differ: the lines of each, 0-based, in order."""
    return differences(lines(one), lines(other))


def differences(one: Sequence[object], other: Sequence[object]) -> list[tuple[range, range]]:
    """Where two sequences differ: the indices in each, in order."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    codes = matcher.get_opcodes()
    return [(range(a, b), range(c, d)) for tag, a, b, c, d in codes if tag != "equal"]


def lines(content: bytes) -> list[bytes]:
    """The lines of a file, with their ends."""
    return content.splitlines(keepends=True)
