"""A hand-made port: what differs between the tree that it was made from and the port."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from patcher import reading
from patcher.errors import TreeError, reason
from patcher.paths import is_git_name, is_plain
from patcher.tree.repository import LARGEST

_NO_SOURCE = ("__pycache__",)  # folders of what Python makes by itself
_MOST = 200_000  # files of a tree


class Other(NamedTuple):
    """A difference that no rule is about: a file, and what of it differs."""

    path: str
    what: str


@dataclass(frozen=True, slots=True)
class Port:
    """What a port changes.

    Attributes:
        files: The bytes before and after of each Python file that it edits, by path.
        others: All else in which the trees differ.
        python: The bytes of every Python file of the tree before, by path.
    """

    files: Mapping[str, tuple[bytes, bytes]]
    others: tuple[Other, ...]
    python: Mapping[str, bytes]


class Entry(NamedTuple):
    """A file of a tree: its bytes, or where a link leads; whether it is a link, or a program."""

    content: bytes
    is_link: bool = False
    is_program: bool = False


def compared(old: Mapping[str, Entry], new: Mapping[str, Entry]) -> Port:
    """What differs between two trees, given by the files of each."""
    files, others = dict[str, tuple[bytes, bytes]](), list[Other]()
    for path in sorted(old.keys() | new.keys()):
        one, other = old.get(path), new.get(path)
        if one == other:
            continue
        if one is None or other is None:
            others.append(Other(path, "removed" if one else "added"))
            continue
        if one.is_link or other.is_link:
            others.append(Other(path, "a link"))
            continue
        if one.is_program != other.is_program:
            others.append(Other(path, "its mode"))
        if one.content != other.content and path.endswith(".py") and is_plain(path):
            files[path] = one.content, other.content
        elif one.content != other.content:
            what = "not Python" if is_plain(path) else "a name that no pack may have"
            others.append(Other(path, what))
    python = {path: e.content for path, e in old.items() if path.endswith(".py") and not e.is_link}
    return Port(files, tuple(others), python)


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
