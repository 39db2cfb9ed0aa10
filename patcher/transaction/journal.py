"""The journal of a run: what it does to files, for whoever finds it after a crash.

Its name says how far the run has come; renaming it takes no room on a full disk.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from patcher.errors import RecoveryError
from patcher.paths import is_plain
from patcher.transaction.branches import BranchUpdate
from patcher.transaction.disk import Disk
from patcher.tree import state

# The folders of a run's disk.
TREE, STATE = "tree", "state"


class Stage(str, Enum):
    """How far a run has come, by the name of its journal."""

    STAGING = "staging"
    RENAMING = "renaming"
    FINISHING = "finishing"
    UNDOING = "undoing"


_NAMES = {f"journal.{stage.value}": stage for stage in Stage}


@dataclass(frozen=True, slots=True)
class FileStep:
    """One file of a run: names on its disk, and SHA-256 of both contents.

    `new` is a file next to the target, where the old one is once they have exchanged their names.
    `old` is one next to the journal or the target. What does not exist is "": `before` and `old`
    of a file that is made, `after` of one that is removed.
    """

    target: str
    new: str
    old: str
    before: str
    after: str

    @property
    def path(self) -> str:
        """The file as users know it: its path in the tree."""
        return self.target.removeprefix(f"{TREE}/")


class Record(NamedTuple):
    """What a journal says of a run.

    Attributes:
        tree: The path of its tree, below the folder of all trees that share the journal.
        steps: Its files.
        update: The commits that go with them.
    """

    tree: str
    steps: Sequence[FileStep]
    update: BranchUpdate | None


class Journal:
    """The journal, next to a tree's lock, of the run that holds it or was interrupted."""

    def __init__(self, disk: Disk, folder: Path) -> None:
        self.disk, self.folder = disk, folder

    @property
    def stage(self) -> Stage | None:
        """How far the run has come; None where there is no journal."""
        names = set(self.disk.names(STATE))
        return next((stage for name, stage in _NAMES.items() if name in names), None)

    def begin(self, run: Record) -> None:
        """Record a run that starts to stage its files."""
        values = {
            "tree": run.tree,
            "files": [asdict(step) for step in run.steps],
            "commits": asdict(run.update) if run.update else None,
        }
        new = f"{STATE}/journal.new"
        self.disk.write(new, state.sealed(json.dumps(values).encode(), "journal"))
        self.disk.rename(new, self._name(Stage.STAGING))
        self.sync()

    def advance(self, stage: Stage) -> None:
        """Record another stage."""
        if now := self.stage:
            self.disk.rename(self._name(now), self._name(stage))
            self.sync()

    def remove(self) -> None:
        """Remove the journal: nothing is left to do."""
        self.clear_leftovers()
        if now := self.stage:
            self.disk.remove(self._name(now))

    def clear_leftovers(self) -> None:
        """Remove what is not the journal: a half written one, the index of half made commits."""
        names = ("journal.new", "index", "index.lock", "message")
        self.disk.remove(*(f"{STATE}/{name}" for name in names))

    def sync(self) -> None:
        """Sync the names in the journal's folder to the disk."""
        self.disk.sync(self._name(Stage.STAGING))

    def read(self) -> Record | None:
        """The run that is recorded; None where there is no journal.

        Raises:
            RecoveryError: What is there is no journal, or none of this user's.
        """
        stage = self.stage
        if not stage:
            return None
        try:
            content = state.unsealed(self.disk.read(self._name(stage)) or b"", "journal")
            values = json.loads(content or b"")
            steps = [FileStep(**step) for step in values["files"]]
            commits = values["commits"]
            update = BranchUpdate(**commits) if commits else None
            if _is_below(values["tree"]) and all(map(_stays_inside, steps)):
                return Record(values["tree"], steps, update)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            pass
        raise RecoveryError(
            str(self.folder / f"journal.{stage.value}"),
            "not a journal that effpatch wrote here for you, nothing was changed",
            next_step="run again with the XDG_STATE_HOME of then, if it was you; else restore the "
            "files with git, or from old.* in that folder, and delete it",
        )

    def _name(self, stage: Stage) -> str:
        return f"{STATE}/journal.{stage.value}"


def waits(names: Sequence[str]) -> bool:
    """Whether a journal is among the names in a folder."""
    return not _NAMES.keys().isdisjoint(names)


def _is_below(tree: object) -> bool:
    return isinstance(tree, str) and (tree == "." or is_plain(tree))


def _stays_inside(step: FileStep) -> bool:
    """Whether all names are in the target's folder, or next to the journal, and none is git's."""
    if not all(isinstance(each, str) for each in asdict(step).values()):
        return False
    names = [name for name in (step.target, step.new, step.old) if name]
    first = {name.partition("/")[0] for name in names}
    folders = {str(PurePosixPath(step.target).parent), STATE}
    near = all(str(PurePosixPath(name).parent) in folders for name in names)
    return (
        bool(step.target and step.new)
        and near
        and first <= {TREE, STATE}
        and all(map(is_plain, names))
    )
