"""The rules applied again to what a file was before, with the owner of every line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from patcher import engine
from patcher.model import Pack, Section, State


@dataclass(frozen=True, eq=False)
class Replay:
    """A file as its rules leave it.

    Attributes:
        sections: All sections of the file, at least one.
        before: Its bytes before the first rule.
        after: Its bytes after the last.
        ids: The rules that edited it, in order.
    """

    sections: tuple[Section, ...]
    before: bytes
    after: bytes
    ids: tuple[str, ...]

    @property
    def path(self) -> str:
        """The file, below the tree's root."""
        return self.sections[0].path

    @property
    def owners(self) -> Sequence[str]:
        """For each line of `after`, the id of the rule that wrote it; "" where none did."""
        return self._lines[0]

    @property
    def counts(self) -> Mapping[str, int]:
        """Number of lines that each rule added and removed, by id, in order."""
        return self._lines[1]

    @cached_property
    def _lines(self) -> tuple[list[str], dict[str, int]]:
        """Owners and counts, for which the file is printed after every rule."""
        content, owners, counts = self.before, [""] * len(lines(self.before)), dict[str, int]()
        for id_, after in engine.steps(self.sections, self.before, self.ids):
            counts[id_] = 0
            for old, new in hunks(content, after):
                owners[new.start : new.start + len(old)] = [id_] * len(new)
                counts[id_] += len(old) + len(new)
            content = after
        return owners, counts


def replays(
    packs: Sequence[Pack], ids: Collection[str], files: Mapping[str, bytes]
) -> Iterator[Replay]:
    """Each patched file as its rules leave it.

    Args:
        packs: Whose rules were applied, in order.
        ids: The rules that were.
        files: The bytes of the files that the packs name, as they were before, by path.

    Raises:
        PatchError: A file was no Python before.
    """
    everything = [section for pack in packs for section in pack.sections]
    for file in engine.plan(packs, files, ids).files:
        if file.path in files:
            sections = tuple(section for section in everything if section.path == file.path)
            edited = tuple(each.id for each in file.outcomes if each.state is State.PENDING)
            yield Replay(sections, file.before, file.after, edited)


def hunks(one: bytes, other: bytes) -> list[tuple[range, range]]:
    """Where two files differ: the lines of each, 0-based, in order."""
    return differences(lines(one), lines(other)) if one != other else []


def differences(one: Sequence[object], other: Sequence[object]) -> list[tuple[range, range]]:
    """Where two sequences differ: the indices in each, in order."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    codes = matcher.get_opcodes()
    return [(range(a, b), range(c, d)) for tag, a, b, c, d in codes if tag != "equal"]


def lines(content: bytes) -> list[bytes]:
    """The lines of a file, with their ends."""
    return content.splitlines(keepends=True)
