"""One run over a tree's files, by its journal: staged, committed, and finished or undone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from patcher.errors import GitError, RecoveryError, WriteError, reason
from patcher.model import Change
from patcher.transaction.branches import BranchUpdate
from patcher.transaction.journal import FileStep, Journal, Stage
from patcher.tree.files import digest


class Run:
    """The steps of one run, made or undone; `current` is the file that it is working on."""

    def __init__(
        self, journal: Journal, steps: Sequence[FileStep], update: BranchUpdate | None
    ) -> None:
        self._journal, self._root, self._folder = journal, journal.root, journal.root.folder
        self._steps, self._update = steps, update
        self.current = steps[0].target if steps else str(self._folder)

    def stage(self, changes: Sequence[Change]) -> None:
        """Write the new files of the steps' changes next to the targets, and keep the old ones."""
        self._journal.begin(self._steps, self._update)
        for step, change in zip(self._steps, changes, strict=True):
            self.current = step.target
            if change.before is None:
                self._root.make_folders(step.target)
            else:
                self._keep(step, change.before)
            if change.after is not None:
                self._root.write(step.new, change.after, step.target if step.old else "")
        self._sync()
        self._journal.advance(Stage.RENAMING)

    def commit(self) -> None:
        """Put the new files in place, and update the branch.

        Raises:
            WriteError: A file has changed since it was read.
            GitError: The branch cannot be updated.
        """
        for step in self._steps:
            self.current = step.target
            if not self._is_put(step):
                self._put(step)
        for step in self._steps:
            self.current = step.target
            if step.old and digest(self._root.read(step.old)) not in ("", step.before):
                raise changed_since_read(step.target)  # it was written to in place
        self._sync()
        if self._update and not self._update.is_made(self._folder):
            self._update.make(self._folder)

    def finish(self) -> None:
        """Remove what a run leaves next to the files, and then the journal."""
        if self._journal.stage is Stage.RENAMING:
            self._journal.advance(Stage.FINISHING)
        for step in self._steps:
            self._remove(step.old, step.new)
        self._leave()

    def roll_back(self) -> None:
        """Restore the tree as it was, unless its branch is updated already.

        Raises:
            RecoveryError: That failed as well; the next command does it.
        """
        try:
            if self._journal.stage is Stage.RENAMING and not self._is_committed():
                self._undo()
            else:
                self.finish()
        except OSError as error:
            raise self.unfinished(error) from None

    def recover(self, stage: Stage) -> str:
        """Complete or undo a run that was interrupted at a stage.

        Returns:
            When it was interrupted, and what was done, in words.

        Raises:
            RecoveryError: Neither can be done without overwriting an edit.
        """
        if stage is Stage.STAGING:  # no target was changed; edits since are the user's
            self.finish()
            return "before it changed a file; it was undone"
        if stage is Stage.FINISHING or self._is_committed():
            self.finish()
            return "after its last change; it was finished"
        if stage is Stage.UNDOING or self._must_be_undone():
            self._undo()
            return "while it undid its changes; it was undone"
        try:
            self.commit()
        except (WriteError, GitError):
            self._undo()
            return "while it changed files, and can no longer be finished; it was undone"
        self.finish()
        return "while it changed files; it was finished"

    def unfinished(self, error: OSError) -> RecoveryError:
        """The error that says that a failure leaves work for the next command."""
        return RecoveryError(
            self.current,
            f"cannot be written ({reason(error)}), so that a run is neither finished nor undone",
            next_step="fix that: the next effpatch command on this tree then does one of them",
        )

    def _must_be_undone(self) -> bool:
        """Whether a file is as before again, or was edited before it was changed."""
        back, later = False, list[FileStep]()
        for step in self._steps:
            found, put = digest(self._root.read(step.target)), self._is_put(step)
            if found in (step.before, step.after):
                back = back or (put and found == step.before != step.after)
            elif put:
                later.append(step)
            else:
                back = True
        if back and later:
            raise _edited_since(later[0])
        return back

    def _undo(self) -> None:
        self._journal.advance(Stage.UNDOING)
        for step in self._steps:
            self.current = step.target
            if self._is_put(step):
                self._restore(step)
            self._remove(step.old, step.new)  # in this order: the new one says how the file stands
        self._sync()
        if self._update:
            self._update.undo(self._folder)
        self._leave()

    def _leave(self) -> None:
        """Remove the folders that files were to come to or are gone from, and the journal."""
        for step in self._steps:
            if not (step.before and step.after):
                self._root.remove_folders(step.target)
        self._journal.remove()

    def _keep(self, step: FileStep, content: bytes) -> None:
        try:
            self._root.link(step.target, step.old)
        except OSError:  # not every file system has links
            self._root.write(step.old, content, step.target)

    def _is_put(self, step: FileStep) -> bool:
        """Whether a step's change was made, once all its files are there."""
        return not self._root.status(step.new or step.target)

    def _put(self, step: FileStep) -> None:
        if digest(self._root.read(step.target)) != step.before:
            raise changed_since_read(step.target)
        if step.new:
            self._root.rename(step.new, step.target)
        else:
            self._root.remove(step.target)

    def _restore(self, step: FileStep) -> None:
        """Restore a file that was changed, unless it is as before already."""
        found = digest(self._root.read(step.target))
        kept = bool(step.old and self._root.status(step.old))
        if found == step.before:
            return
        if kept and found != step.after:
            raise _edited_since(step)
        if kept:
            self._root.rename(step.old, step.target)
        elif found == step.after and step.old:
            found = "changed by a run that was interrupted, and its bytes from before are gone"
            next_step = "restore the file, for example from git, and run again"
            raise RecoveryError(step.target, found, next_step=next_step)
        elif found == step.after:
            self._root.remove(step.target)

    def _remove(self, *names: str) -> None:
        for name in filter(None, names):
            self._root.remove(name)

    def _is_committed(self) -> bool:
        return self._update is not None and self._update.is_made(self._folder)

    def _sync(self) -> None:
        names = (name for step in self._steps for name in (step.target, step.old) if name)
        for name in {Path(name).parent: name for name in names}.values():
            self._root.sync(name)


def changed_since_read(path: str) -> WriteError:
    """The error that says that a file is no longer as it was read."""
    found = "it has changed since it was read, nothing was changed"
    return WriteError(path, found, next_step="run again")


def _edited_since(step: FileStep) -> RecoveryError:
    return RecoveryError(
        step.target,
        "edited since a run was interrupted that can only be undone",
        "the file as that run left it",
        f"save your copy elsewhere, move {step.old} in its place and run again",
    )
