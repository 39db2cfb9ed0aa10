"""Taking a tree's lock, which first completes or undoes what an interrupted run has left."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from patcher.errors import LockedError, WriteError, reason
from patcher.transaction.disk import Root
from patcher.transaction.journal import Journal, state_folder
from patcher.transaction.run import Run
from patcher.tree.files import Tree

# Seconds to wait for a run that only checks whether there is something to recover.
_PATIENCE = 0.5
# Seconds to wait for a run that has the lock, but has not written yet who it is.
_PATIENCE_FOR_A_NAME = 5


@contextmanager
def hold(tree: Tree, command: str) -> Iterator[Run]:
    """Keep other runs off the tree, once an interrupted one is completed or undone.

    The lock is the kernel's, so it ends with the process, however that ends. The error that
    another run shows meanwhile names the command.

    Raises:
        LockedError: Another run holds the lock.
        WriteError: The lock cannot be made.
        RecoveryError: The interrupted run can be neither completed nor undone.
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
        with Root(tree.root) as root:
            run = Run(tree, root)
            run.recover()
            yield run
    finally:
        with suppress(OSError):  # another run may have been quicker
            (folder / "lock").unlink()
            folder.rmdir()
        os.close(descriptor)


def recover(tree: Tree) -> str:
    """Complete or undo an interrupted run; for commands that change nothing themselves.

    Returns:
        A sentence that says what was done; "" where there was nothing, or another run holds the
        tree, or it cannot be written, and no journal waits in it.

    Raises:
        LockedError: The run that wrote the journal is still working.
        WriteError: There is something to recover, and the tree cannot be written.
        RecoveryError: The run can be neither completed nor undone.
    """
    folder = state_folder(tree)
    if not folder.is_dir() and not folder.is_symlink():
        return ""
    waiting = folder.is_symlink() or any(folder.glob("journal.*ing"))
    try:
        with hold(tree, "effpatch, recovering an interrupted run") as run:
            return run.recovered
    except (LockedError, WriteError):
        if waiting:
            raise
        return ""


def interrupted(tree: Tree) -> list[str]:
    """The files, links followed, that a waiting journal is about; none where there is no journal.

    Raises:
        RecoveryError: What is there is not a journal.
    """
    folder = state_folder(tree)
    if folder.is_symlink() or not folder.is_dir():
        return []
    with Root(tree.root) as root:
        journal = Journal(tree, root)
        stage = journal.stage
        return [step.target for step in journal.read(stage)[0]] if stage else []


def _acquire(tree: Tree, folder: Path) -> int:
    start, lock = time.monotonic(), folder / "lock"
    while True:
        with suppress(FileExistsError):
            folder.mkdir()
        try:
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
        except FileNotFoundError:  # another run has just removed the folder
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.stat(lock), os.fstat(descriptor)):
                return descriptor
        except FileNotFoundError:  # another run has just removed the lock
            pass
        except BlockingIOError:
            holder = os.read(descriptor, 200).decode(errors="replace")
            if time.monotonic() - start > (_PATIENCE if holder else _PATIENCE_FOR_A_NAME):
                os.close(descriptor)
                found = f"in use by {holder or 'another run'}"
                raise LockedError(tree.place, found, "", "wait until that has ended") from None
            time.sleep(0.02)
        os.close(descriptor)


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
