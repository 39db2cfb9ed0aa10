"""A unified diff, as git and `diff -u` write it, applied by git to a copy of what it names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from patcher import reading
from patcher.drafting.trees import Entry, read_tree
from patcher.errors import GitError, TreeError, reason
from patcher.paths import is_plain
from patcher.tree.git import Settings, ask

LARGEST = 50_000_000  # bytes
_STRIPS = (1, 0, 2, 3, 4, 5)  # how many folders names may have too much, git's own first
_OTHER_TREE = "name the tree that the diff was made from"


class _Named(NamedTuple):
    """A file that a diff leaves, or removes."""

    path: str
    is_binary: bool


def read(file: Path) -> bytes:
    """The bytes of a diff.

    Raises:
        TreeError: It cannot be read.
    """
    try:
        return reading.read(file, LARGEST)
    except OSError as error:
        found = f"cannot be read ({reason(error)})"
        raise TreeError(str(file), found, next_step="name the diff with --diff") from None


def patched(place: str, diff: bytes, tree: Mapping[str, Entry]) -> dict[str, Entry]:
    """The files of a tree as a diff leaves them.

    Args:
        place: The name of the diff, for sentences.
        diff: Its bytes.
        tree: The files of the tree, by path.

    Raises:
        TreeError: It is no unified diff, or does not fit the tree.
    """
    with TemporaryDirectory(prefix="effpatch-") as name:
        folder = Path(name)
        strip, named = _read_names(place, diff, tree, folder)
        for each in named:
            _check(place, each, tree)
        # The old name of a file that is renamed is not among the names, but in the diff.
        known = {path for path in tree if os.fsencode(path) in diff}
        known = {path for path in known | {each.path for each in named} if path in tree}
        for path in (path for path in known if not tree[path].is_link):
            _write(folder / path, tree[path])
        try:
            _git_apply(folder, diff, strip)
        except GitError as error:
            raise TreeError(
                place, f"does not fit the tree ({_reason(error)})", "", _OTHER_TREE
            ) from None
        rest = {path: e for path, e in tree.items() if path not in known or e.is_link}
        return {**rest, **read_tree(folder)}


def _read_names(
    place: str, diff: bytes, tree: Mapping[str, Entry], folder: Path
) -> tuple[int, Sequence[_Named]]:
    """How many folders the names in a diff have too much, and the files that it then names.

    That is as many as give most files of the tree.
    """
    found, faults = dict[int, Sequence[_Named]](), dict[int, str]()
    for strip in _STRIPS:
        try:
            found[strip] = [*_names(_git_apply(folder, diff, strip, "--numstat", "-z"))]
        except GitError as error:
            faults[strip] = _reason(error)
    if not found:
        fault = faults[0]  # that of others may only be that names are too short
        wanted = "a unified diff, as `git diff` and `diff -u` write it"
        raise TreeError(place, f"cannot be read as a diff ({fault})", wanted, "make it again")
    best = max(found, key=lambda strip: sum(each.path in tree for each in found[strip]))
    return best, found[best]


def _names(listed: str) -> Iterator[_Named]:
    """The files in what `git apply --numstat -z` prints; of one that is renamed, the new name."""
    for row in filter(None, listed.split("\0")):
        added, _, path = row.split("\t", 2)
        yield _Named(path, added == "-")


def _check(place: str, named: _Named, tree: Mapping[str, Entry]) -> None:
    path, entry = named.path, tree.get(named.path)
    if not is_plain(path):
        raise TreeError(place, f"names {path!r}", "a file below the tree", "correct the diff")
    if named.is_binary:
        raise TreeError(place, f"{path} is binary", "a text", "leave it out of the diff")
    if entry and entry.is_link:
        raise TreeError(place, f"{path} is a link in the tree", "a file", _OTHER_TREE)


def _write(file: Path, entry: Entry) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(entry.content)
    file.chmod(0o755 if entry.is_program else 0o644)


def _git_apply(folder: Path, diff: bytes, strip: int, *options: str) -> str:
    how = ("apply", f"-p{strip}", "--unidiff-zero", "--whitespace=nowarn", *options, "-")
    return ask(folder, *how, stdin=diff, settings=Settings.NONE)


def _reason(error: GitError) -> str:
    return error.found.removeprefix("git failed: ").removeprefix("error: ")
