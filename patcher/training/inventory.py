"""A list of all that is in a stack, by which it can be told whether anybody else put something in.

A file is the one on the list if its inode is and nothing has changed it since, which the system
notes in a time that no program can set. So neither an archive nor a clone can bring a stack that
passes for one made here, and no file of the user's passes for one of ours.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from patcher import reading

_NAME = "effpatch-stack-files.json"
_LARGEST = 64_000_000  # bytes
_CACHE = "__pycache__"

Identity = list[int]  # the inode; of what is no folder, also when it last changed


def write(folder: Path) -> None:
    """List what is in a folder.

    Where the list cannot be written, there is none, and `is_complete` does not hold.
    """
    with suppress(OSError):
        (folder / _NAME).unlink(missing_ok=True)
        (folder / _NAME).write_text(json.dumps(dict(_entries(folder))), "utf-8")


def is_complete(folder: Path) -> bool:
    """Whether the list names all that is in a folder, and nothing of it has changed."""
    try:
        listed = json.loads(reading.read(folder / _NAME, _LARGEST, follow_links=False))
        found = dict(_entries(folder))
    except (OSError, ValueError, RecursionError):
        return False
    found.pop(_NAME)
    return isinstance(listed, dict) and all(
        _is_listed(path, now, listed) for path, now in found.items()
    )


def _is_listed(path: str, now: Identity, listed: dict[str, Identity]) -> bool:
    folder, name = os.path.split(path)
    if path in listed:
        return listed[path] == now
    if name == _CACHE:
        return folder in listed and len(now) == 1
    if os.path.basename(folder) == _CACHE and name.endswith(".pyc"):  # Python wrote it meanwhile
        return os.path.join(os.path.dirname(folder), f"{name.partition('.')[0]}.py") in listed
    return False


def _entries(folder: Path) -> Iterator[tuple[str, Identity]]:
    """All that is below a folder, by its path in there."""

    def fail(error: OSError) -> None:
        raise error

    for place, folders, files in os.walk(folder, onerror=fail):
        for name in (*folders, *files):
            path = os.path.join(place, name)
            now = os.lstat(path)
            changes = [] if name in folders and not os.path.islink(path) else [now.st_ctime_ns]
            yield os.path.relpath(path, folder), [now.st_ino, *changes]
