"""What a plan changes, as a diff that git makes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from patcher.model import Plan
from patcher.tree.git import try_to

# The path of a file, and its bytes before and after.
Change = tuple[str, bytes, bytes]


def unified(changes: Iterable[Change], *, colour: bool = False) -> bytes:
    """A unified diff, the one that `git diff` gives when the changes are made.

    With `colour`, it is coloured as git does on a terminal.

    Raises:
        GitError: git is missing or refuses.
    """
    return _compare(changes, f"--color={'always' if colour else 'never'}")


def whole(plan: Plan, *, colour: bool = False) -> bytes:
    """Everything that a plan changes, as one unified diff."""
    return unified([(file.path, file.before, file.after) for file in plan.changed], colour=colour)


def line_counts(plan: Plan) -> dict[str, tuple[int, int]]:
    """Lines added and removed by path, as git counts them."""
    counts = {}
    for file in plan.changed:
        change = (file.path, file.before, file.after)
        added, removed, *_ = _compare([change], "--text", "--numstat").split()
        counts[file.path] = (int(added), int(removed))
    return counts


def _compare(changes: Iterable[Change], *options: str) -> bytes:
    with TemporaryDirectory(prefix="effpatch-") as name:
        folder = Path(name)
        for path, *versions in changes:
            for side, content in zip(("a", "b"), versions, strict=True):
                file = folder / side / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
        if not any(folder.iterdir()):
            return b""
        ours = ("--no-index", "--no-prefix", "--no-ext-diff", "--no-renames")
        return try_to(folder, "diff", *ours, *options, "a", "b")[1]
