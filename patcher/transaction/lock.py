"""One run at a time on a tree, and the folder where a run keeps what a crash would need."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from patcher.errors import Locked, Unwritable, reason
from patcher.tree.files import Tree

# Seconds: a run that only looks whether there is something to mend lets go at once.
_PATIENCE = 0.5


def state_folder(tree: Tree) -> Path:
    """Where lock and journal are kept: under `.git` where that is in the tree, else beside it."""
    git = tree.root / ".git"
    inside = git.is_dir() and not git.is_symlink()
    return git / "effpatch" if inside else tree.root / ".effpatch"


@contextmanager
def hold(tree: Tree, command: str) -> Iterator[Path]:
    """Keep other runs off the tree; gives the state folder.

    The lock is the kernel's, so it ends with the process, however that ends.

    Args:
        tree: The tree.
        command: What is run, for the sentence that another run gets to read.

    Raises:
        Locked: Another run holds the lock.
        Unwritable: The lock cannot be made.
    """
    folder = state_folder(tree)
    if folder.is_symlink():
        raise Unwritable(str(folder), "it is a link")
    try:
        descriptor = _acquire(tree, folder)
    except OSError as error:
        raise Unwritable(tree.place, reason(error)) from None
    try:
        _sign(folder, descriptor, command)
        yield folder
    finally:
        _release(folder, descriptor)


def _acquire(tree: Tree, folder: Path) -> int:
    patience = time.monotonic() + _PATIENCE
    while True:
        with suppress(FileExistsError):
            folder.mkdir()
        try:
            descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
        except FileNotFoundError:  # another run has just taken the folder away
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 200).decode(errors="replace")
            os.close(descriptor)
            late = time.monotonic() - patience
            if late > 0 and (holder or late > 5):  # it is about to say who it is
                raise Locked(tree.place, holder or "another run") from None
            time.sleep(0.02)
            continue
        if _is_current(folder / "lock", descriptor):
            return descriptor
        os.close(descriptor)


def _sign(folder: Path, descriptor: int, command: str) -> None:
    """Have the lock say who holds it."""
    if os.fstat(descriptor).st_nlink > 1:
        raise Unwritable(str(folder / "lock"), "it has other names")
    holder = f"{command}, process {os.getpid()} on {os.uname().nodename}"
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, holder.encode())
    except OSError as error:
        raise Unwritable(str(folder / "lock"), reason(error)) from None


def _is_current(path: Path, descriptor: int) -> bool:
    """Whether the open lock is still the one that others would find."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _release(folder: Path, descriptor: int) -> None:
    """Take the lock away, and the folder if it is empty: another run may be quicker."""
    with suppress(OSError):
        (folder / "lock").unlink()
        folder.rmdir()
    os.close(descriptor)
