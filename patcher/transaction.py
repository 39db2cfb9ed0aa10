"""Changing the files of a tree: every one, or none, whatever happens on the way.

The journal names all files that will be made, and is written first. Then every new content is
written beside its target and synced, and every old one kept beside it as a hard link. Then the
journal is renamed, which takes no room on a full disk, to say that all is there; and each new
file is renamed into place. Whoever finds a journal that a crash has left knows by its name what
to do: undo where it is staging or undoing, finish where it is renaming.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from patcher import disk, journals
from patcher.errors import BadJournal, Interrupted, Locked, Unwritable
from patcher.lock import hold, state_folder
from patcher.tree import Tree


@dataclass(frozen=True, slots=True)
class Change:
    """One file's bytes before and after; None where there is no such file."""

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class _Step:
    """A change as the journal has it: paths below the root, and SHA-256 of both contents.

    `new` and `old` are the files beside the target; all but `target` are "" where a file comes
    or goes.
    """

    target: str
    new: str
    old: str
    before: str
    after: str


def commit(tree: Tree, changes: Sequence[Change], folder: Path) -> None:
    """Make the changes.

    Modes and, where permitted, owners stay as they are; a link inside the tree goes on pointing
    at the same file.

    Args:
        tree: The tree; this run holds its lock.
        changes: What to change.
        folder: The tree's state folder.

    Raises:
        Unwritable: A file is read-only, has changed since it was read, or a write failed;
            the tree is as it was.
        OutsideTree: A file leads out of the tree.
    """
    if not changes:
        return
    steps = [_step(tree, change) for change in changes]
    path = changes[0].path
    for step, change in zip(steps, changes, strict=True):
        if sum(step.target == other.target for other in steps) > 1:
            raise Unwritable(change.path, "another file to change is a link to it")
    try:
        journals.begin(folder, [asdict(step) for step in steps])
        for step, change in zip(steps, changes, strict=True):
            path = change.path
            _stage(tree.root, step, change)
        journals.turn(folder, "renaming")
        for step, change in zip(steps, changes, strict=True):
            path = change.path
            _put(tree.root, step)
        _sync_folders(tree.root, steps)
    except BaseException as error:
        journals.turn(folder, "undoing")
        _undo(tree.root, steps, folder)
        if isinstance(error, OSError):
            raise Unwritable(path, (error.strerror or str(error)).lower()) from None
        raise
    with suppress(OSError):  # what is left over, the journal has the next command take away
        _finish(tree.root, steps, folder)


def recover(tree: Tree) -> str | None:
    """Finish or undo what a crash has left in the tree.

    Returns:
        A sentence that says which; None where there was nothing.

    Raises:
        Locked: The run that wrote the journal is still at it.
        Interrupted: A file was edited since the crash; it is not overwritten.
    """
    folder = state_folder(tree)
    if not folder.is_dir() and not folder.is_symlink():
        return None
    try:
        with hold(tree, "effpatch, mending after a crash"):
            return _recovered(tree, folder)
    except Locked:
        if journals.find(folder):
            raise
        return None


def _recovered(tree: Tree, folder: Path) -> str | None:
    (folder / "journal.new").unlink(missing_ok=True)
    journal = journals.find(folder)
    if journal is None:
        return None
    steps = _read(tree.root, journal)
    if journal.suffix == ".staging":  # no target was changed; edits since are the user's
        for name in (name for step in steps for name in (step.new, step.old) if name):
            (tree.root / name).unlink(missing_ok=True)
        journals.drop(folder)
        return f"{tree.place}: a run was cut off before it changed a file; it was undone"
    _check_unedited(tree.root, steps, journal)
    if journal.suffix == ".undoing" or _put_back(tree.root, steps):
        journals.turn(folder, "undoing")
        _undo(tree.root, steps, folder)
        return f"{tree.place}: a run was cut off while it took its changes back; it was undone"
    for step in steps:
        _put(tree.root, step)
    _sync_folders(tree.root, steps)
    _finish(tree.root, steps, folder)
    return f"{tree.place}: a run was cut off while it changed files; it was finished"


def _step(tree: Tree, change: Change) -> _Step:
    """The change, once it is sure that it may be made."""
    if change.before is None:
        target = tree.new_target(change.path)
    else:
        target = tree.target(change.path)
        if not target.stat().st_mode & 0o222 or not os.access(target, os.W_OK):
            raise Unwritable(change.path, "it is read-only")
        if target.read_bytes() != change.before:
            raise Unwritable(change.path, "it has changed since it was read")
    place = target.relative_to(tree.root)
    beside = str(place.with_name(f".{place.name}.{secrets.token_hex(4)}"))
    comes, goes = change.before is None, change.after is None
    return _Step(
        target=str(place),
        new="" if goes else f"{beside}.new",
        old="" if comes else f"{beside}.old",
        before=_digest(change.before),
        after=_digest(change.after),
    )


def _put_back(root: Path, steps: Sequence[_Step]) -> bool:
    """Whether a file that was changed is as before again, so that it cannot be finished."""
    return any(
        step.new
        and step.old
        and not (root / step.new).exists()
        and _digest((root / step.target).read_bytes()) == step.before != step.after
        for step in steps
    )


def _read(root: Path, journal: Path) -> list[_Step]:
    """The steps of a journal, which must all be about files of the tree."""
    try:
        steps = [_Step(**step) for step in json.loads(journal.read_bytes())]
        names = [name for s in steps for name in (s.target, s.new, s.old) if name]
        inside = all((root / name).parent.resolve().is_relative_to(root) for name in names)
    except (ValueError, TypeError):
        raise BadJournal(str(journal)) from None
    if not inside:
        raise BadJournal(str(journal))
    return steps


def _digest(content: bytes | None) -> str:
    return "" if content is None else sha256(content).hexdigest()


def _stage(root: Path, step: _Step, change: Change) -> None:
    target = root / step.target
    if step.old and change.before is not None:
        try:
            os.link(target, root / step.old, follow_symlinks=False)
        except OSError:  # not every file system has links
            disk.write(root / step.old, change.before, target)
    if step.new and change.after is not None:
        like = target if step.old else None
        disk.write(root / step.new, change.after, like)


def _put(root: Path, step: _Step) -> None:
    """Make one change, unless it is made already."""
    if not step.new:
        (root / step.target).unlink(missing_ok=True)
    elif (root / step.new).exists():
        os.replace(root / step.new, root / step.target)


def _finish(root: Path, steps: Sequence[_Step], folder: Path) -> None:
    for step in steps:
        if step.old:
            (root / step.old).unlink(missing_ok=True)
    journals.drop(folder)


def _undo(root: Path, steps: Sequence[_Step], folder: Path) -> None:
    """Put the old files back where they were."""
    for step in steps:
        target, old = root / step.target, root / step.old
        if step.old and old.exists():
            same = target.exists() and os.path.samestat(target.stat(), old.stat())
            old.unlink() if same else os.replace(old, target)
        elif not step.old and target.exists() and _digest(target.read_bytes()) == step.after:
            target.unlink()
        if step.new:
            (root / step.new).unlink(missing_ok=True)
    _sync_folders(root, steps)
    journals.drop(folder)


def _check_unedited(root: Path, steps: Sequence[_Step], journal: Path) -> None:
    for step in steps:
        target = root / step.target
        found = _digest(target.read_bytes() if target.exists() else None)
        if found not in (step.before, step.after):
            raise Interrupted(step.target, str(journal))


def _sync_folders(root: Path, steps: Sequence[_Step]) -> None:
    for folder in {(root / step.target).parent for step in steps}:
        disk.sync(folder)
