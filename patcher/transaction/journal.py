"""The journal of a run: what it does to files, for whoever finds it after a crash.

Its name says how far the run has come; renaming it takes no room on a full disk.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path, PurePosixPath

from patcher.errors import RecoveryError
from patcher.transaction.branches import BranchUpdate
from patcher.transaction.disk import Root
from patcher.tree.files import Tree, is_plain


class Stage(str, Enum):
    """How far a run has come, by the name of its journal."""

    STAGING = "staging"
    RENAMING = "renaming"
    FINISHING = "finishing"
    UNDOING = "undoing"


@dataclass(frozen=True, slots=True)
class FileStep:
    """One file of a run: paths below the root, and SHA-256 of both contents.

    `new` is a file next to the target, `old` one next to the journal or the target. What does not
    exist is "": `before` and `old` of a file that is made, `after` and `new` of one that is
    removed.
    """

    target: str
    new: str
    old: str
    before: str
    after: str


class Journal:
    """The journal, below a tree's root, of the run that holds its lock or was interrupted."""

    def __init__(self, tree: Tree, root: Root) -> None:
        self.root, self.folder = root, str(state_folder(tree).relative_to(tree.root))

    @property
    def stage(self) -> Stage | None:
        """How far the run has come; None where there is no journal."""
        return next((stage for stage in Stage if self.root.status(self._name(stage))), None)

    def begin(self, steps: Sequence[FileStep], update: BranchUpdate | None) -> None:
        """Record the steps of a run that starts to stage its files."""
        values = {
            "files": [asdict(step) for step in steps],
            "commits": asdict(update) if update else None,
        }
        new = f"{self.folder}/journal.new"
        self.root.write(new, json.dumps(values).encode())
        self.root.rename(new, self._name(Stage.STAGING))
        self.sync()

    def advance(self, stage: Stage) -> None:
        """Record another stage."""
        if now := self.stage:
            self.root.rename(self._name(now), self._name(stage))
            self.sync()

    def remove(self) -> None:
        """Remove the journal: nothing is left to do."""
        self.clear_leftovers()
        if now := self.stage:
            self.root.remove(self._name(now))

    def clear_leftovers(self) -> None:
        """Remove what is not the journal: a half written one, the index of half made commits."""
        names = ("journal.new", "index", "index.lock")
        self.root.remove(*(f"{self.folder}/{name}" for name in names))

    def sync(self) -> None:
        """Sync the names in the journal's folder to the disk."""
        self.root.sync(self._name(Stage.STAGING))

    def read(self, stage: Stage) -> tuple[list[FileStep], BranchUpdate | None]:
        """The steps of the run, from its journal at a stage.

        Raises:
            RecoveryError: What is there is no journal, or is not about files of the tree.
        """
        try:
            values = json.loads(self.root.read(self._name(stage)) or b"")
            steps = [FileStep(**step) for step in values["files"]]
            commits = values["commits"]
            update = BranchUpdate(**commits) if commits else None
            if all(self._stays_inside(step) for step in steps):
                return steps, update
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            pass
        raise RecoveryError(
            self._name(stage),
            "not a journal of a run on this tree, nothing was changed",
            next_step="check that the tree is as you want it, and delete that file",
        )

    def _stays_inside(self, step: FileStep) -> bool:
        """Whether all names are in the target's folder, or the journal's."""
        names = [name for name in (step.target, step.new, step.old) if name]
        folders = {str(PurePosixPath(step.target).parent), self.folder}
        near = all(str(PurePosixPath(name).parent) in folders for name in names)
        return step.target != "" and near and all(map(is_plain, names))

    def _name(self, stage: Stage) -> str:
        return f"{self.folder}/journal.{stage.value}"


def state_folder(tree: Tree) -> Path:
    """Where lock and journal are: in `.git` where that is in the tree, else in the tree."""
    git = tree.root / ".git"
    inside = git.is_dir() and not git.is_symlink()
    return git / "effpatch" if inside else tree.root / ".effpatch"
