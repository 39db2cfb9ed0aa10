"""What changes files, as a patch that git makes, and as the places where they differ."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from patcher.model import FilePlan
from patcher.tree.git import Settings, try_to

_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_LINE = re.compile(rb"[^\n]*\n|[^\n]+")


class Block(NamedTuple):
    """A hunk of a patch: its lines, and where the file differs in it.

    These are the lines before and after, 0-based, without context.
    """

    lines: Sequence[bytes]
    places: Sequence[tuple[range, range]]


class FilePatch(NamedTuple):
    """One file's part of a patch: its first lines, up to the first `@@`, and its hunks."""

    head: Sequence[bytes]
    blocks: Sequence[Block]


def unified(files: Iterable[FilePlan]) -> bytes:
    """A unified diff, the one that `git diff` gives when the files are changed.

    Raises:
        GitError: git is missing or refuses.
    """
    return _compare(files, "--color=never")


def by_file(files: Sequence[FilePlan]) -> list[tuple[FilePlan, FilePatch]]:
    """The files that change, in the order of git's diff of them, each with its part of it.

    What git takes for no text is compared all the same.

    Raises:
        GitError: git is missing or refuses.
    """
    changed = sorted((file for file in files if file.changed), key=_as_git_sorts)
    parts = re.split(rb"(?m)^(?=diff --git )", _compare(changed, "--color=never", "--text"))[1:]
    return [(file, _parsed(part)) for file, part in zip(changed, parts, strict=True)]


def _as_git_sorts(file: FilePlan) -> list[bytes]:
    return os.fsencode(file.path).split(b"/")


def line_counts(files: Iterable[FilePlan]) -> dict[str, tuple[int, int]]:
    """Lines added and removed by path, as git counts them."""
    counts = {}
    for file in files:
        added, removed, *_ = _compare([file], "--text", "--numstat").split()
        counts[file.path] = (int(added), int(removed))
    return counts


def lines(content: bytes) -> list[bytes]:
    """The lines of a file, with their ends, as git counts them: a carriage return ends none."""
    return _LINE.findall(content)


def _parsed(part: bytes) -> FilePatch:
    head, *hunks = map(lines, re.split(rb"(?m)^(?=@@ )", part))
    return FilePatch(head, [Block(hunk, [*_places(hunk)]) for hunk in hunks])


def _places(hunk: Sequence[bytes]) -> Iterator[tuple[range, range]]:
    """Where a file differs, by one hunk of its patch."""
    match = _HUNK.match(hunk[0])
    if not match:
        raise ValueError("not a hunk of a patch")
    # Of no lines, git gives the one before.
    old, new = (int(match[n]) - (match[n + 1] != b"0") for n in (1, 3))
    at = old, new
    for line in (*hunk[1:], b" "):
        if line[:1] == b"-":
            old += 1
        elif line[:1] == b"+":
            new += 1
        elif line[:1] == b" ":
            if (old, new) != at:
                yield range(at[0], old), range(at[1], new)
            at = old, new = old + 1, new + 1


def _compare(files: Iterable[FilePlan], *options: str) -> bytes:
    with TemporaryDirectory(prefix="effpatch-") as name:
        folder = Path(name)
        for file in files:
            for side, content in (("a", file.before), ("b", file.after)):
                place = folder / side / file.path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
        if not any(folder.iterdir()):
            return b""
        ours = ("--no-index", "--no-prefix", "--no-ext-diff", "--no-renames")
        return try_to(folder, "diff", *ours, *options, "a", "b", settings=Settings.NONE)[1]
