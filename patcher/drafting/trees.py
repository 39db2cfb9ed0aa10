"""The files of a source tree that need not be under git, read without following a link."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from patcher import reading
from patcher.errors import TreeError, reason
from patcher.paths import is_git_name
from patcher.tree.repository import LARGEST

_NO_SOURCE = ("__pycache__",)  # folders of what Python makes by itself
_MOST = 200_000  # files of a tree


class Entry(NamedTuple):
    """A file of a tree: its bytes, or where a link leads; whether it is a link, or a program."""

    content: bytes
    is_link: bool = False
    is_program: bool = False


def read_tree(place: Path) -> dict[str, Entry]:
    """Every file of a tree by its path, links as links; what git and Python keep is left out.

    Raises:
        TreeError: There is no such folder, it has too many files, or one cannot be read.
    """
    if not place.is_dir():
        raise TreeError(str(place), "no such folder", "a source tree", "name one")
    found = dict[str, Entry]()
    for path, file in _files(place.resolve()):
        if len(found) == _MOST:
            raise TreeError(str(place), f"more than {_MOST:,} files", "", "name a part of the tree")
        try:
            found[path] = _entry(file)
        except OSError as error:
            step = "replace it, or fix its permissions"
            raise TreeError(path, f"cannot be read ({reason(error)})", next_step=step) from None
    return found


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    def failed(error: OSError) -> None:
        step = "fix its permissions"
        raise TreeError(str(error.filename), f"cannot be read ({reason(error)})", next_step=step)

    for folder, folders, names in os.walk(root, onerror=failed):
        links = [name for name in folders if Path(folder, name).is_symlink()]
        folders[:] = sorted(
            name
            for name in folders
            if not (is_git_name(name) or name in _NO_SOURCE or name in links)
        )
        for name in sorted([*names, *links]):
            if not is_git_name(name):
                place = Path(folder, name)
                yield place.relative_to(root).as_posix(), place


def _entry(place: Path) -> Entry:
    if place.is_symlink():
        return Entry(os.fsencode(os.readlink(place)), is_link=True)
    is_program = bool(place.stat().st_mode & 0o100)
    return Entry(reading.read(place, LARGEST, follow_links=False), is_program=is_program)
