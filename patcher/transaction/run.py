"""One run over a tree's files, by its journal: staged, carried out, and finished or undone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from patcher.errors import GitFailed, Interrupted, Lost, Unfinished, Unwritable, reason
from patcher.transaction.branches import Adoption
from patcher.transaction.disk import Root
from patcher.transaction.journal import Journal, Step
from patcher.tree.files import digest

SINCE_READ = "it has changed since it was read"


class Run:
    """The steps of one run, made or taken back.

    Attributes:
        at: The file that it is at, for sentences.
    """

    def __init__(
        self,
        place: Path,
        root: Root,
        journal: Journal,
        steps: Sequence[Step],
        adoption: Adoption | None,
    ) -> None:
        self._place, self._root, self._journal = place, root, journal
        self._steps, self._adoption = steps, adoption
        self.at = steps[0].target if steps else ""

    def stage(self, contents: Sequence[tuple[bytes | None, bytes | None]]) -> None:
        """Write the new files beside the targets, and keep the old ones.

        Args:
            contents: The bytes before and after, for each step.
        """
        self._journal.begin(self._steps, self._adoption)
        for step, (before, after) in zip(self._steps, contents, strict=True):
            self.at = step.target
            if before is None:
                self._root.make_folders(step.target)
            else:
                self._keep(step, before)
            if after is not None:
                self._root.write(step.new, after, step.target if step.old else "")
        self._sync()
        self._journal.turn("renaming")

    def carry_out(self) -> None:
        """Put the new files in place, and adopt the commits."""
        for step in self._steps:
            self.at = step.target
            if not self._is_put(step):
                self._put(step)
        for step in self._steps:
            self.at = step.target
            old = self._root.read(step.old) if step.old else None
            if old is not None and digest(old) != step.before:
                raise Unwritable(step.target, SINCE_READ)  # it was written to in place
        self._sync()
        if self._adoption and not self._adoption.adopted(self._place):
            self._adoption.adopt(self._place)

    def finish(self) -> None:
        """Take away what a run leaves beside the files, and then the journal."""
        if self._journal.stage == "renaming":
            self._journal.turn("finishing")
        for step in self._steps:
            for name in (step.old, step.new):
                if name:
                    self._root.remove(name)
        self._leave()

    def back_out(self) -> None:
        """Give the tree back as it was, unless its commits are adopted already.

        Raises:
            Unfinished: That failed as well; the next command does it.
        """
        try:
            if self._journal.stage == "renaming" and not self._is_adopted():
                self._undo()
            else:
                self.finish()
        except OSError as error:
            raise Unfinished(self.at, reason(error)) from None

    def mend(self, stage: str) -> str:
        """Finish or undo a run that was cut off; says when that was, and which it is."""
        if stage == "staging":  # no target was changed; edits since are the user's
            self.finish()
            return "before it changed a file; it was undone"
        if stage == "finishing" or self._is_adopted():
            self.finish()
            return "when all was changed; it was finished"
        if stage == "undoing" or self._must_go_back():
            self._undo()
            return "while it took its changes back; it was undone"
        try:
            self.carry_out()
        except (Unwritable, GitFailed):
            self._undo()
            return "while it changed files, and can no longer be finished; it was undone"
        self.finish()
        return "while it changed files; it was finished"

    def _must_go_back(self) -> bool:
        """Whether a file is as before again, or was edited before it was changed.

        Raises:
            Interrupted: Others were edited after they had been changed.
        """
        put = {step: self._is_put(step) for step in self._steps}
        found = {step: digest(self._root.read(step.target)) for step in self._steps}
        edited = [step for step in self._steps if found[step] not in (step.before, step.after)]
        back = [step for step in edited if not put[step]]
        back += [s for s in self._steps if put[s] and found[s] == s.before != s.after]
        later = [step for step in edited if put[step]]
        if back and later:
            raise Interrupted(later[0].target, later[0].old)
        return bool(back)

    def _undo(self) -> None:
        self._journal.turn("undoing")
        for step in self._steps:
            self.at = step.target
            self._take_back(step)
        self._sync()
        if self._adoption:
            self._adoption.withdraw(self._place)
        self._leave()

    def _leave(self) -> None:
        """Take away the folders that files were to come to or are gone from, and the journal."""
        for step in self._steps:
            if not (step.before and step.after):
                self._root.remove_folders(step.target)
        self._journal.drop()

    def _keep(self, step: Step, content: bytes) -> None:
        try:
            self._root.link(step.target, step.old)
        except OSError:  # not every file system has links
            self._root.write(step.old, content, step.target)

    def _is_put(self, step: Step) -> bool:
        """Whether a step's change was made, once all its files are there."""
        return not self._root.status(step.new or step.target)

    def _put(self, step: Step) -> None:
        if digest(self._root.read(step.target)) != step.before:
            raise Unwritable(step.target, SINCE_READ)
        if step.new:
            self._root.rename(step.new, step.target)
        else:
            self._root.remove(step.target)

    def _take_back(self, step: Step) -> None:
        """Give a file back as it was, unless it is so already or was never changed."""
        found = digest(self._root.read(step.target))
        if self._is_put(step) and found != step.before:
            kept = bool(step.old and self._root.status(step.old))
            if not step.old and found == step.after:
                self._root.remove(step.target)
            elif found == step.after and not kept:
                raise Lost(step.target)
            elif kept and found != step.after:
                raise Interrupted(step.target, step.old)
            elif kept:
                self._root.rename(step.old, step.target)
        for name in (step.old, step.new):  # in this order: the new one tells how it stands
            if name:
                self._root.remove(name)

    def _is_adopted(self) -> bool:
        return self._adoption is not None and self._adoption.adopted(self._place)

    def _sync(self) -> None:
        names = (name for step in self._steps for name in (step.target, step.old) if name)
        for name in {Path(name).parent: name for name in names}.values():
            self._root.sync(name)
