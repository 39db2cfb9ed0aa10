"""The lock that admits one run at a time to a tree, and the folder that it is in."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from patcher.errors import LockedError, WriteError, reason
from patcher.tree.files import Tree

# Seconds to wait for a run that only checks whether there is something to recover.
_PATIENCE = 0.5
# Seconds to wait for a run that has the lock, but has not written yet who it is.
_PATIENCE_FOR_A_NAME = 5


def state_folder(tree: Tree) -> Path:
    """Where lock and journal are: in `.git` where that is in the tree, else in the tree."""
    git = tree.root / ".git"
    inside = git.is_dir() and not git.is_symlink()
    return git / "effpatch" if inside else tree.root / ".effpatch"


@contextmanager
def locked(tree: Tree, command: str) -> Iterator[Path]:
    """Keep other runs off the tree, without a look at what an earlier one left.

    The lock is the kernel's, so it ends with the process, however that ends.

    Args:
        tree: The tree.
        command: What runs, for the error that another run shows.

    Yields:
        The tree's state folder.

    Raises:
        LockedError: Another run holds the lock.
        WriteError: The lock cannot be made.
    """
    folder = state_folder(tree)
    if folder.is_symlink():
        raise WriteError(str(folder), "it is a link", "a folder", "remove the link and run again")
    try:
        descriptor = _acquire(tree, folder)
    except OSError as error:
        raise _cannot_lock(tree.place, error) from None
    try:
        _sign(folder / "lock", descriptor, command)
        yield folder
    finally:
        _release(folder, descriptor)


def _acquire(tree: Tree, folder: Path) -> int:
    deadline = time.monotonic() + _PATIENCE
    while True:
        with suppress(FileExistsError):
            folder.mkdir()
        try:
            descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
        except FileNotFoundError:  # another run has just removed the folder
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 200).decode(errors="replace")
            os.close(descriptor)
            late = time.monotonic() - deadline
            if late > 0 and (holder or late > _PATIENCE_FOR_A_NAME):
                raise _in_use(tree, holder) from None
            time.sleep(0.02)
            continue
        if _is_current(folder / "lock", descriptor):
            return descriptor
        os.close(descriptor)


def _in_use(tree: Tree, holder: str) -> LockedError:
    return LockedError(
        tree.place, f"in use by {holder or 'another run'}", next_step="wait until that has ended"
    )


def _sign(lock: Path, descriptor: int, command: str) -> None:
    """Write into the lock who holds it."""
    if os.fstat(descriptor).st_nlink > 1:
        found, wanted = "it has other names", "a file with one name"
        raise WriteError(str(lock), found, wanted, "delete it and run again")
    holder = f"{command}, process {os.getpid()} on {os.uname().nodename}"
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, holder.encode())
    except OSError as error:
        raise _cannot_lock(str(lock), error) from None


def _cannot_lock(place: str, error: OSError) -> WriteError:
    next_step = "make it writable and run again"
    return WriteError(place, f"cannot be written ({reason(error)})", next_step=next_step)


def _is_current(path: Path, descriptor: int) -> bool:
    """Whether the open lock is still the one that others would find."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _release(folder: Path, descriptor: int) -> None:
    """Remove the lock, and the folder if it is empty: another run may have been quicker."""
    with suppress(OSError):
        (folder / "lock").unlink()
        folder.rmdir()
    os.close(descriptor)
