"""Changing the files of a tree: every one, or none, whatever happens on the way.

The journal names all files that will be made, and is written first. Then every new content is
written beside its target and synced, and every old one kept beside the journal as a hard link,
where git does not clean up. Then the journal is renamed, which takes no room on a full disk, to say
that all is there; each new file is renamed into place; and commits that were made of them are
adopted. Folders are made where a file needs them, and taken away where a run leaves them empty.
Whoever finds a journal that a crash has left knows by its name what to do: undo where it is staging
or undoing, finish where it is renaming or finishing. A new file that is still there says that its
target is as it was.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from patcher.errors import Locked, Unfinished, Unwritable, reason
from patcher.model import Change
from patcher.transaction.branches import Adoption
from patcher.transaction.disk import Root
from patcher.transaction.journal import Journal, Step
from patcher.transaction.lock import hold, state_folder
from patcher.transaction.run import SINCE_READ, Run
from patcher.tree.files import Tree, digest


def commit(
    tree: Tree, changes: Sequence[Change], folder: Path, adoption: Adoption | None = None
) -> None:
    """Make the changes.

    Modes and, where permitted, owners stay as they are; a link inside the tree goes on pointing
    at the same file.

    Args:
        tree: The tree; this run holds its lock.
        changes: What to change.
        folder: The tree's state folder.
        adoption: The commits to adopt with them.

    Raises:
        Unwritable: A file is read-only, has changed since it was read, or a write failed;
            the tree is as it was.
        OutsideTree: A file leads out of the tree; the tree is as it was.
        GitFailed: The commits cannot be adopted; the tree is as it was.
        Unfinished: A write failed, and the tree could not be put back; the next command does.
    """
    if not changes:
        return
    with Root(tree.root) as root:
        steps = _steps(tree, root, changes, folder)
        run = Run(tree.root, root, _journal(tree, root, folder), steps, adoption)
        try:
            run.stage([(change.before, change.after) for change in changes])
            run.carry_out()
        except BaseException as error:
            run.back_out()
            if isinstance(error, OSError):
                raise Unwritable(run.at, reason(error)) from None
            raise
        with suppress(OSError):  # what is left over, the journal has the next command take away
            run.finish()


def recover(tree: Tree) -> str | None:
    """Finish or undo what a crash has left in the tree.

    Returns:
        A sentence that says which; None where there was nothing.

    Raises:
        Locked: The run that wrote the journal is still at it.
        Interrupted: Files were edited since the crash, so that one of them would be overwritten.
        Unfinished: A write fails still.
    """
    folder = state_folder(tree)
    if not folder.is_dir() and not folder.is_symlink():
        return None
    with Root(tree.root) as root:
        waiting = not folder.is_symlink() and bool(_journal(tree, root, folder).stage)
        try:
            with hold(tree, "effpatch, mending after a crash"):
                return _recovered(tree, root, folder)
        except (Locked, Unwritable):
            if waiting or folder.is_symlink():
                raise
            return None  # an empty folder, in a tree that is in use or cannot be written


def _recovered(tree: Tree, root: Root, folder: Path) -> str | None:
    journal = _journal(tree, root, folder)
    journal.clear()
    stage = journal.stage
    if not stage:
        return None
    steps, adoption = journal.read()
    run = Run(tree.root, root, journal, steps, adoption)
    try:
        return f"{tree.place}: a run was cut off {run.mend(stage)}"
    except OSError as error:
        raise Unfinished(run.at or tree.place, reason(error)) from None


def _journal(tree: Tree, root: Root, folder: Path) -> Journal:
    return Journal(root, folder.relative_to(tree.root).as_posix())


def _steps(tree: Tree, root: Root, changes: Sequence[Change], folder: Path) -> list[Step]:
    """The changes, once it is sure that they may be made."""
    steps: list[Step] = []
    for change in changes:
        try:
            step = _step(tree, root, change, folder)
        except OSError as error:
            raise Unwritable(change.path, reason(error)) from None
        if any(step.target == other.target for other in steps):
            raise Unwritable(change.path, "another file to change is a link to it")
        steps.append(step)
    return steps


def _step(tree: Tree, root: Root, change: Change, folder: Path) -> Step:
    if change.before is None:
        place = tree.new_target(change.path).relative_to(tree.root)
    else:
        place = tree.target(change.path).relative_to(tree.root)
        if not root.writable(place.as_posix()):
            raise Unwritable(change.path, "it is read-only")
        if root.read(place.as_posix()) != change.before:
            raise Unwritable(change.path, SINCE_READ)
    token = secrets.token_hex(4)
    beside = place.with_name(f".{place.name}.{token}").as_posix()
    kept = (folder / f"old.{token}").relative_to(tree.root).as_posix()
    old = ""
    if change.before is not None:
        old = kept if root.same_disk(place.as_posix(), kept) else f"{beside}.old"
    return Step(
        target=place.as_posix(),
        new="" if change.after is None else f"{beside}.new",
        old=old,
        before=digest(change.before),
        after=digest(change.after),
    )
