"""What a plan changes, as a diff that git makes."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from patcher.errors.visible import visible
from patcher.model import FilePlan
from patcher.tree.git import Settings, try_to

_BOLD, _COLOURS = "1", {"@": "36", "-": "31", "+": "32"}  # git's own
_HUNK = re.compile("@@ .*? @@")


def unified(files: Iterable[FilePlan], *, colour: bool = False) -> bytes:
    """A unified diff, the one that `git diff` gives when the files are changed.

    With `colour`, it is one to read on a terminal: coloured as git does, and with what is in the
    files made visible.

    Raises:
        GitError: git is missing or refuses.
    """
    patch = _compare(files, "--color=never")
    if not colour:
        return patch
    lines = patch.decode("utf-8", "surrogateescape").removesuffix("\n").split("\n")
    return "".join(f"{line}\n" for line in _coloured(lines) if patch).encode()


def _coloured(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a patch for a terminal; one that has no colours gets none."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") in ("dumb", "unknown")
    in_hunk = False
    for line in (visible(each, keep="\t") for each in lines):
        in_hunk = not line.startswith("diff --git ") and (in_hunk or line.startswith("@@ "))
        colour = _COLOURS.get(line[:1], "") if in_hunk else _BOLD
        part = _HUNK.match(line) if in_hunk else None
        end = part.end() if part else len(line)
        coloured = colour and line and not plain
        yield f"\x1b[{colour}m{line[:end]}\x1b[m{line[end:]}" if coloured else line


def line_counts(files: Iterable[FilePlan]) -> dict[str, tuple[int, int]]:
    """Lines added and removed by path, as git counts them."""
    counts = {}
    for file in files:
        added, removed, *_ = _compare([file], "--text", "--numstat").split()
        counts[file.path] = (int(added), int(removed))
    return counts


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
