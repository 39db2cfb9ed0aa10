"""What was inferred of a hand-made port: a pack, and what of the port it makes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from patcher.checks.line_diff import differences
from patcher.drafting.draft import DraftPack
from patcher.drafting.from_port.port import Port
from patcher.model import Rule


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines that no rule expresses.

    Attributes:
        lines: The lines of the new file, 1-based; an empty range where old ones are left above it.
        removed: How many lines of the old file are still there.
        added: How many of the new file are not.
    """

    lines: range
    removed: int
    added: int


@dataclass(frozen=True, slots=True)
class FileResult:
    """What is expressed of a file.

    Attributes:
        rules: The rules that were drafted for it.
        changed: The number of lines that the port adds to the file and removes from it.
        left: What no rule expresses.
        is_layout: Whether that is comments, blank lines and indents alone.
        why: Why it could not be read; "" where it could.
    """

    path: str
    rules: tuple[Rule, ...]
    changed: int
    left: tuple[Hunk, ...]
    is_layout: bool = False
    why: str = ""

    @property
    def missing(self) -> int:
        """The number of lines that no rule expresses."""
        return min(self.changed, sum(hunk.removed + hunk.added for hunk in self.left))


@dataclass(frozen=True, slots=True)
class Inferred:
    """A pack from a port, and how much of the port it makes, file by file."""

    drafted: DraftPack
    files: tuple[FileResult, ...]
    port: Port

    @property
    def is_whole(self) -> bool:
        """Whether the pack makes all of the port."""
        return not self.port.others and not any(file.left for file in self.files)


def hunks(one: bytes, other: bytes) -> Iterator[Hunk]:
    """The lines in which one version of a file differs from the other, which is the new one."""
    lines, others = one.splitlines(keepends=True), other.splitlines(keepends=True)
    for gone, come in differences(lines, others):
        yield Hunk(range(come.start + 1, come.stop + 1), len(gone), len(come))
