"""Taking a tree's lock, which first completes or undoes what an interrupted run has left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from patcher.errors import LockedError, WriteError
from patcher.transaction.disk import Root
from patcher.transaction.journal import Journal
from patcher.transaction.lock import locked, state_folder
from patcher.transaction.run import Run
from patcher.tree.files import Tree


@dataclass(frozen=True, slots=True)
class Held:
    """A tree that this run alone may change, with nothing left to recover.

    Attributes:
        tree: The tree.
        root: Its files.
        folder: Where lock and journal are.
        recovered: What was done about an interrupted run; "" where there was none.
    """

    tree: Tree
    root: Root
    folder: Path
    recovered: str

    @property
    def journal(self) -> Journal:
        """The journal of this run."""
        return _journal(self.tree, self.root)


@contextmanager
def hold(tree: Tree, command: str) -> Iterator[Held]:
    """Keep other runs off the tree, once an interrupted one is completed or undone.

    Args:
        tree: The tree.
        command: What runs, for the error that another run shows.

    Yields:
        The tree as held.

    Raises:
        LockedError: Another run holds the lock.
        WriteError: The lock cannot be made.
        RecoveryError: The interrupted run can be neither completed nor undone.
    """
    with locked(tree, command) as folder, Root(tree.root) as root:
        yield Held(tree, root, folder, _recover(tree, root))


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
    with Root(tree.root) as root:
        waiting = folder.is_symlink() or _journal(tree, root).stage is not None
    try:
        with hold(tree, "effpatch, recovering an interrupted run") as held:
            return held.recovered
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
        journal = _journal(tree, root)
        stage = journal.stage
        return [step.target for step in journal.read(stage)[0]] if stage else []


def _recover(tree: Tree, root: Root) -> str:
    journal = _journal(tree, root)
    journal.clear_leftovers()
    stage = journal.stage
    if stage is None:
        return ""
    steps, update = journal.read(stage)
    run = Run(tree.root, root, journal, steps, update)
    try:
        return f"{tree.place}: a run was interrupted {run.recover(stage)}"
    except OSError as error:
        raise run.unfinished(error) from None


def _journal(tree: Tree, root: Root) -> Journal:
    return Journal(root, state_folder(tree).relative_to(tree.root).as_posix())
