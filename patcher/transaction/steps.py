"""One file of a run: checked, staged, put in place, and restored; nothing else of it is lost."""

import os
import secrets
from pathlib import Path, PurePosixPath

from patcher.errors import RecoveryError, WriteError
from patcher.transaction.disk import Disk
from patcher.transaction.journal import STATE, TREE, FileStep
from patcher.tree.files import Change, Tree, digest


def in_tree(change: Change, tree: Tree, disk: Disk, folder: Path) -> FileStep:
    """The step that makes a change of a tree's file, links followed.

    Args:
        change: The change.
        tree: The tree.
        disk: The tree and the folder of its state.
        folder: That folder.

    Raises:
        WriteError: The file is read-only, or not as it was read.
        TreeError: It leads out of the tree.
        OSError: It cannot be looked at.
    """
    is_new, old = change.before is None, ""
    place = (tree.new_target if is_new else tree.target)(change.path)
    path = PurePosixPath(TREE, place.relative_to(tree.root))
    near = str(path.with_name(f".{path.name}.{secrets.token_hex(4)}"))
    if not is_new:
        if not (place.stat().st_mode & 0o222 and os.access(place, os.W_OK)):
            found = "cannot be written (it is read-only), nothing was changed"
            raise WriteError(change.path, found, next_step="make it writable and run again")
        if disk.read(str(path)) != change.before:
            raise changed_since_read(change.path)
        same_disk = place.stat().st_dev == folder.stat().st_dev
        old = f"{STATE}/old.{near[-8:]}" if same_disk else f"{near}.old"
    return FileStep(str(path), f"{near}.new", old, digest(change.before), digest(change.after))


def in_state(change: Change, disk: Disk) -> FileStep:
    """The step that makes a change of a file next to the journal; errors as for `in_tree`."""
    target, token = f"{STATE}/{change.path}", secrets.token_hex(4)
    if disk.read(target) != change.before:
        raise changed_since_read(change.path)
    old = f"{STATE}/old.{token}" if change.before is not None else ""
    new = f"{STATE}/new.{token}"
    return FileStep(target, new, old, digest(change.before), digest(change.after))


def has_other_names(disk: Disk, step: FileStep) -> bool:
    """Whether a file that is to be changed is known by further names, of which nothing is known."""
    found = disk.status(step.target) if step.before else None
    return found is not None and found.st_nlink > 1


def stage(disk: Disk, step: FileStep, change: Change) -> None:
    """Write the new file next to the target, and keep the old one."""
    if change.before is None:
        disk.make_folders(step.target)
    else:
        try:
            disk.link(step.target, step.old)
        except OSError:  # not every file system has links
            disk.write(step.old, change.before, step.target)
    if change.after is not None:
        mode = 0o600 if step.target.startswith(f"{STATE}/") else 0o666
        disk.write(step.new, change.after, step.target if step.before else "", mode)


def is_put(disk: Disk, step: FileStep) -> bool:
    """Whether a step's change was made, once all its files are there."""
    if step.after:
        return digest(disk.read(step.new)) != step.after
    return bool(disk.status(step.new)) or not disk.status(step.target)


def put(disk: Disk, step: FileStep) -> None:
    """Put the new file in the place of the old one, which then has its name.

    Raises:
        WriteError: The target is not as it was read, also if that came about meanwhile. It is
            as it was found.
    """
    if digest(disk.read(step.target)) != step.before:
        raise changed_since_read(step.path)
    try:
        replaced = _put_safely(disk, step)
    except FileExistsError:
        raise changed_since_read(step.path) from None
    if not replaced:  # not every system has that
        _put_plainly(disk, step)
    elif step.before and digest(disk.read(step.new)) != step.before:
        _give_back(disk, step)
        raise changed_since_read(step.path)


def restore(disk: Disk, step: FileStep, *, by_hook: bool = False) -> None:
    """Restore a file that was changed, unless it is as before already.

    What a hook of the user's may have made of the file since is kept next to it.

    Raises:
        RecoveryError: It was edited since, or its bytes from before are gone.
    """
    found = digest(disk.read(step.target))
    if found == step.before:
        return
    if not step.before:
        if found == step.after:
            disk.remove(step.target)
        return
    kept = _kept(disk, step)
    if kept and found != step.after and not by_hook:
        raise edited_since(step, disk)
    if not kept and found == step.after:
        lost = "changed by a run that was interrupted, and its bytes from before are gone"
        next_step = "restore the file, for example from git, and run again"
        raise RecoveryError(step.path, lost, next_step=next_step)
    if not kept:
        return
    if not found:
        if not disk.rename_to_free(kept, step.target):
            disk.rename(kept, step.target)
    elif not disk.exchange(kept, step.target):
        disk.rename(kept, step.target)
    elif digest(disk.read(kept)) != step.after and not by_hook:  # saved meanwhile
        disk.exchange(kept, step.target)
        raise edited_since(step, disk)


def clear(disk: Disk, step: FileStep) -> None:
    """Remove what is next to a file, unless somebody else has written it."""
    disk.remove(step.old)
    if digest(disk.read(step.new)) in (step.before, step.after):
        disk.remove(step.new)  # last: it says how the file stands


def changed_since_read(path: str) -> WriteError:
    """The error that says that a file is no longer as it was read."""
    found = "it has changed since it was read, nothing was changed"
    return WriteError(path, found, next_step="run again")


def edited_since(step: FileStep, disk: Disk) -> RecoveryError:
    """The error that says that a file can neither be finished nor restored, as it was edited."""
    kept = _kept(disk, step)
    restore = f"move {disk.place(kept)} in its place" if kept else "restore the file"
    return RecoveryError(
        step.path,
        "edited since a run was interrupted that can only be undone",
        "the file as that run left it",
        f"save your copy elsewhere, {restore} and run again",
    )


def _put_safely(disk: Disk, step: FileStep) -> bool:
    """Put a new file in place, and the old one where that was; False where that cannot be done."""
    if step.before and step.after:
        return disk.exchange(step.new, step.target)
    if step.before:
        return disk.rename_to_free(step.target, step.new)
    return disk.rename_to_free(step.new, step.target)


def _put_plainly(disk: Disk, step: FileStep) -> None:
    """Put a new file in place where names cannot be exchanged."""
    if step.after:
        disk.rename(step.new, step.target)
    else:
        disk.remove(step.target)


def _give_back(disk: Disk, step: FileStep) -> None:
    """Put back what was saved in the place of a file right before it was replaced."""
    if not step.after:
        disk.rename_to_free(step.new, step.target)
        return
    disk.exchange(step.new, step.target)
    if digest(disk.read(step.new)) != step.after:  # saved once more: the later one counts
        disk.exchange(step.new, step.target)


def _kept(disk: Disk, step: FileStep) -> str:
    """The file that holds what the target was before; "" where it is gone."""
    there = (name for name in (step.new, step.old) if name and disk.status(name))
    return next((name for name in there if digest(disk.read(name)) != step.after), "")
