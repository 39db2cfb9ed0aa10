"""Changing the files of a tree: every one, or none, whatever happens on the way.

The journal names all files that will be made, and is written first. Then every new content is
written next to its target and synced, and every old one kept next to the journal as a hard link,
where git does not clean up. Then the journal is renamed, which takes no room on a full disk, to
record that all is there; each new file is renamed into place; and the branch is updated to the
commits that were made of them. Folders are made where a file needs them, and removed where a run
leaves them empty. Whoever finds a journal after a crash knows by its name what to do: undo where it
is staging or undoing, finish where it is renaming or finishing. A new file that is still there says
that its target is as it was.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from pathlib import PurePosixPath

from patcher.errors import WriteError, reason
from patcher.model import Change
from patcher.transaction.branches import BranchUpdate
from patcher.transaction.journal import FileStep
from patcher.transaction.lock import Held
from patcher.transaction.run import Run, changed_since_read
from patcher.tree.files import digest


def commit(held: Held, changes: Sequence[Change], update: BranchUpdate | None = None) -> None:
    """Make the changes, and have the branch end in the commits that go with them.

    Modes and, where permitted, owners stay as they are; a link inside the tree keeps pointing at
    the same file.

    Raises:
        WriteError: A file is read-only, has changed since it was read, or a write failed.
        TreeError: A file leads out of the tree.
        GitError: The branch cannot be updated. In each case the tree is as it was.
        RecoveryError: A write failed, and the tree could not be restored; the next command does.
    """
    if not changes:
        return
    run = Run(held.journal, _steps(held, changes), update)
    try:
        run.stage(changes)
        run.commit()
    except BaseException as error:
        run.roll_back()
        if isinstance(error, OSError):
            raise _unwritable(run.current, error) from None
        raise
    with suppress(OSError):  # what is left over, the next command removes by the journal
        run.finish()


def _steps(held: Held, changes: Sequence[Change]) -> list[FileStep]:
    """The changes, once it is certain that they may be made."""
    steps: dict[str, FileStep] = {}
    for change in changes:
        try:
            target = _target(held, change)
            step = _step(held, change, target)
        except OSError as error:
            raise _unwritable(change.path, error) from None
        if target in steps:
            found = "another file to change is a link to it"
            raise WriteError(change.path, found, "a file of its own", "replace the link by a copy")
        steps[target] = step
    return list(steps.values())


def _target(held: Held, change: Change) -> str:
    """The path, links followed, of a file that may be changed."""
    if change.before is None:
        return held.tree.new_target(change.path).relative_to(held.tree.root).as_posix()
    place = held.tree.target(change.path)
    if not (place.stat().st_mode & 0o222 and os.access(place, os.W_OK)):
        found = "cannot be written (it is read-only), nothing was changed"
        raise WriteError(change.path, found, next_step="make it writable and run again")
    target = place.relative_to(held.tree.root).as_posix()
    if held.journal.root.read(target) != change.before:
        raise changed_since_read(change.path)
    return target


def _step(held: Held, change: Change, target: str) -> FileStep:
    token, path, old = secrets.token_hex(4), PurePosixPath(target), ""
    near = str(path.with_name(f".{path.name}.{token}"))
    if change.before is not None:
        same_disk = (held.tree.root / path).stat().st_dev == held.folder.stat().st_dev
        old = f"{held.journal.folder}/old.{token}" if same_disk else f"{near}.old"
    new = "" if change.after is None else f"{near}.new"
    return FileStep(target, new, old, digest(change.before), digest(change.after))


def _unwritable(path: str, error: OSError) -> WriteError:
    found = f"cannot be written ({reason(error)}), nothing was changed"
    return WriteError(path, found, next_step="fix that and run again")
