"""Paths that name a file of a tree in one plain way, and paths that programs are searched on."""

import os
from pathlib import PurePosixPath

_GIT = {".git", "git~1"}  # the second is what Windows may call the first


def is_plain(path: str) -> bool:
    """Whether a path names something below a root, in the only way that it can be written.

    Nothing is plain that git keeps for itself, however it is spelled.
    """
    parts = path.split("/")
    ordinary = path.isprintable() and not {"", ".", ".."} & set(parts) and "\\" not in path
    return ordinary and not any(map(is_git_name, parts))


def is_end_of(name: str, path: str) -> bool:
    """Whether the last parts of a path are those of a name, as `b.py` and `a/b.py` of `a/b.py`."""
    wanted, parts = PurePosixPath(name).parts, PurePosixPath(path).parts
    return bool(wanted) and parts[-len(wanted) :] == wanted


def is_git_name(name: str) -> bool:
    """Whether some file system takes a name for `.git`.

    Case, spaces and dots at the end, what follows a colon, and characters that do not show make no
    difference on one or another.
    """
    shown = "".join(filter(str.isprintable, name.partition(":")[0]))
    return shown.rstrip(" .").casefold() in _GIT


def program_path() -> str:
    """What programs are searched on: PATH, but for what is relative to the current folder."""
    return absolute_entries(os.environ.get("PATH", "")) or os.defpath


def absolute_entries(search_path: str) -> str:
    """A search path without its empty entries and those that are relative to the current folder."""
    return os.pathsep.join(filter(os.path.isabs, search_path.split(os.pathsep)))
