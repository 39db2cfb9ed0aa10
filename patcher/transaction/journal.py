"""The journal of a run: what it makes of files, for whoever finds it after a crash.

Its name says how far the run has come; to rename it takes no room on a full disk.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath

from patcher.errors import BadJournal
from patcher.transaction.branches import Adoption
from patcher.transaction.disk import Root
from patcher.tree.files import is_plain

_STAGES = ("staging", "renaming", "finishing", "undoing")


@dataclass(frozen=True, slots=True)
class Step:
    """One file of a run: paths below the root, and SHA-256 of both contents.

    `new` is a file beside the target, `old` one beside the journal or the target. What does not
    exist is "": `before` and `old` of a file that comes, `after` and `new` of one that goes.
    """

    target: str
    new: str
    old: str
    before: str
    after: str


class Journal:
    """The journal of the run that holds a tree's lock, or of one that was cut off.

    Args:
        root: The tree's root.
        folder: The tree's state folder, below the root.
    """

    def __init__(self, root: Root, folder: str) -> None:
        self._root, self._folder = root, folder

    @property
    def stage(self) -> str:
        """How far the run has come; "" where there is no journal."""
        names = ((stage, self._name(stage)) for stage in _STAGES)
        return next((stage for stage, name in names if self._root.status(name)), "")

    def begin(self, steps: Sequence[Step], adoption: Adoption | None) -> None:
        """Write down the steps of a run that starts to stage its files."""
        values = {
            "files": [asdict(step) for step in steps],
            "commits": asdict(adoption) if adoption else None,
        }
        self._root.remove(self._name("new"))
        self._root.write(self._name("new"), json.dumps(values).encode())
        self._root.rename(self._name("new"), self._name("staging"))
        self._root.sync(self._name("staging"))

    def turn(self, stage: str) -> None:
        """Have the journal say another stage."""
        now = self.stage
        if now and now != stage:
            self._root.rename(self._name(now), self._name(stage))
            self._root.sync(self._name(stage))

    def drop(self) -> None:
        """Take the journal away: nothing is left to do."""
        now = self.stage
        self.clear()
        if now:
            self._root.remove(self._name(now))
            self._root.sync(self._name(now))

    def clear(self) -> None:
        """Take away what is not the journal: one half written, the index of commits half made."""
        for name in ("journal.new", "index", "index.lock"):
            self._root.remove(f"{self._folder}/{name}")

    def read(self) -> tuple[list[Step], Adoption | None]:
        """The steps of the run.

        Raises:
            BadJournal: What is there is no journal, or is not about files of the tree.
        """
        place = self._name(self.stage)
        try:
            values = json.loads(self._root.read(place) or b"")
            steps = [Step(**step) for step in values["files"]]
            inside = all(self._stays_inside(step) for step in steps)
            commits = values["commits"]
            adoption = Adoption.checked(**commits) if commits else None
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise BadJournal(place) from None
        if not inside:
            raise BadJournal(place)
        return steps, adoption

    def _stays_inside(self, step: Step) -> bool:
        """Whether all names are of the target's folder, or the journal's."""
        names = [name for name in (step.target, step.new, step.old) if name]
        near = {str(PurePosixPath(step.target).parent), self._folder}
        beside = all(str(PurePosixPath(name).parent) in near for name in names)
        return step.target != "" and beside and all(map(is_plain, names))

    def _name(self, stage: str) -> str:
        return f"{self._folder}/journal.{stage}"
