"""What a plan changes, as a diff that git makes."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from patcher.model import FilePlan
from patcher.tree.git import Settings, try_to


def unified(files: Iterable[FilePlan], *, colour: bool = False) -> bytes:
    """A unified diff, the one that `git diff` gives when the files are changed.

    With `colour`, it is coloured as git does on a terminal.

    Raises:
        GitError: git is missing or refuses.
    """
    return _compare(files, f"--color={'always' if colour else 'never'}")


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
