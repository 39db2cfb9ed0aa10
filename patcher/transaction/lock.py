"""Taking a tree's lock, which first completes or undoes what an interrupted run has left."""

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from patcher.errors import LockedError, RecoveryError, WriteError, reason
from patcher.transaction.disk import Disk
from patcher.transaction.journal import STATE, TREE, Journal, Record, waits
from patcher.transaction.run import Run
from patcher.tree import state
from patcher.tree.files import Tree

# Seconds to wait for a run that only checks whether there is something to recover.
_PATIENCE = 0.5
# Seconds to wait for a run that has the lock, but has not written yet who it is.
_PATIENCE_FOR_A_NAME = 5
_NAME = "lock"


@contextmanager
def hold(tree: Tree, command: str) -> Iterator[Run]:
    """Keep other runs off the tree, once an interrupted one is completed or undone.

    In a repository that goes for all its trees, as one can be in another.

    The lock is the kernel's, so it ends with the process, however that ends. Only the user can
    open it, so that nobody else holds it. The error that another run shows meanwhile names the
    command.

    Raises:
        LockedError: Another run holds the lock.
        WriteError: The lock cannot be made.
        RecoveryError: The interrupted run can be neither completed nor undone.
    """
    folder = state.folder_of(tree)
    try:
        descriptor = _acquire(tree)
    except OSError as error:
        raise _cannot_lock(str(folder), error) from None
    try:
        _sign(folder, descriptor, command)
        recovered = _recover(tree, folder)
        with Disk({TREE: tree.root, STATE: folder}) as disk:
            yield Run(tree, disk, folder, recovered)
    finally:
        with suppress(OSError):  # another run may have been quicker
            (folder / _NAME).unlink()
            folder.rmdir()
        os.close(descriptor)


def recover(tree: Tree) -> str:
    """Complete or undo an interrupted run; for commands that change nothing themselves.

    Returns:
        A sentence that says what was done; "" where there was nothing, or another run holds the
        tree, or it cannot be written, and no journal waits.

    Raises:
        LockedError: The run that wrote the journal is still working.
        WriteError: There is something to recover, and the tree cannot be written.
        RecoveryError: The run can be neither completed nor undone.
    """
    names = state.names(tree)
    try:
        with hold(tree, "effpatch, recovering an interrupted run") as run:
            return run.recovered
    except (LockedError, WriteError):
        if waits(names):
            raise
        return ""


def interrupted(tree: Tree) -> list[str]:
    """The files, links followed, that a waiting journal of the tree is about.

    Raises:
        RecoveryError: What is there is not a journal.
    """
    if not waits(state.names(tree)):
        return []
    found = _recorded(state.folder_of(tree))
    if not found or state.top_of(tree) / found.tree != tree.root:
        return []
    return [step.path for step in found.steps if step.target.startswith(f"{TREE}/")]


def _recover(tree: Tree, folder: Path) -> str:
    """Complete or undo an interrupted run; gives a sentence on it, "" where there was none."""
    owner, found = tree, _recorded(folder)
    if found and (root := state.top_of(tree) / found.tree) != tree.root:
        owner = Tree(str(root), root)
        if not root.is_dir() or root.resolve() != root:
            raise RecoveryError(
                str(root),
                "is no folder any more, so that a run in it is neither finished nor undone",
                next_step=f"bring it back; or delete {folder}, and restore its files with git",
            )
    with Disk({TREE: owner.root, STATE: folder}) as disk:
        run = Run(owner, disk, folder)
        run.recover()
        return run.recovered


def _recorded(folder: Path) -> Record | None:
    """What the journal in a folder says; errors as for `Journal.read`."""
    with Disk({STATE: folder}) as disk:
        return Journal(disk, folder).read()


def _acquire(tree: Tree) -> int:
    start = time.monotonic()
    while True:
        holder, lacking = "", None
        try:
            folder = state.open_folder(tree)
            try:
                descriptor = _opened(folder)
                if _is_locked(descriptor, folder):
                    return descriptor
                holder = os.pread(descriptor, 200, 0).decode(errors="replace")
                os.close(descriptor)
            finally:
                os.close(folder)
        except FileNotFoundError as error:  # another run has just removed it, most likely
            lacking = error
        if time.monotonic() - start > (_PATIENCE if holder else _PATIENCE_FOR_A_NAME):
            if lacking:
                raise lacking
            found = f"in use by {holder or 'another run'}"
            raise LockedError(tree.place, found, "", "wait until that has ended")
        time.sleep(0.001 if lacking else 0.02)


def _opened(folder: int) -> int:
    """The lock, open. One that is no file of the user's alone gives way to a new one.

    Others could hold it for ever.
    """
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK
    with suppress(FileNotFoundError):
        descriptor = os.open(_NAME, flags, dir_fd=folder)
        found = os.fstat(descriptor)
        if stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and not found.st_mode & 0o077:
            return descriptor
        os.close(descriptor)
        os.unlink(_NAME, dir_fd=folder)
    try:
        return os.open(_NAME, flags | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=folder)
    except FileExistsError:  # another run was quicker
        raise FileNotFoundError from None


def _is_locked(descriptor: int, folder: int) -> bool:
    """Whether a lock is ours now; one that another run has removed meanwhile is not."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        there = os.stat(_NAME, dir_fd=folder, follow_symlinks=False)
        return os.path.samestat(there, os.fstat(descriptor))
    except (BlockingIOError, FileNotFoundError):
        return False


def _sign(folder: Path, descriptor: int, command: str) -> None:
    """Write into the lock who holds it."""
    holder = f"{command}, process {os.getpid()} on {os.uname().nodename}"
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, holder.encode())
    except OSError as error:
        raise _cannot_lock(str(folder / _NAME), error) from None


def _cannot_lock(place: str, error: OSError) -> WriteError:
    next_step = "make it writable and run again"
    return WriteError(place, f"cannot be written ({reason(error)})", next_step=next_step)
