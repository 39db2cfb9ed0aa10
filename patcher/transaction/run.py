"""Changing the files of a tree: every one, or none, whatever happens on the way.

The journal names all files that will be made, and is written first. Then every new content is
written next to its target and synced, and every old one kept next to the journal as a hard link,
where git does not clean up. Then the journal is renamed, which takes no room on a full disk, to
record that all is there; each new file exchanges its name with its target, so that nothing that
was saved meanwhile is lost; and the branch is updated to the commits that were made of them.
Folders are made where a file needs them, and removed where a run leaves them empty. Whoever finds a
journal after a crash knows by its name what to do: undo where it is staging or undoing, finish
where it is renaming or finishing; a branch is updated only by the run itself. A new file that is
still there with the new content says that its target is as it was.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from patcher.errors import GitError, RecoveryError, WriteError, reason
from patcher.transaction import steps
from patcher.transaction.branches import BranchUpdate
from patcher.transaction.disk import Disk
from patcher.transaction.journal import FileStep, Journal, Record, Stage
from patcher.tree import state
from patcher.tree.files import Change, Tree, digest


class Run:
    """A run that alone may change the files of a tree.

    Attributes:
        tree: The tree.
        folder: Where lock and journal are.
        recovered: What was done about a run that was interrupted; "" where there was none.
    """

    def __init__(self, tree: Tree, disk: Disk, folder: Path, recovered: str = "") -> None:
        self.tree, self._disk, self._journal = tree, disk, Journal(disk, folder)
        self.folder, self.recovered, self._with_hooks = folder, recovered, False
        self._linked = list[str]()
        self._take([], None)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of an interrupted run, and of the files of this one."""
        return tuple(filter(None, (self.recovered, *self._linked)))

    def _take(self, steps: Sequence[FileStep], update: BranchUpdate | None) -> None:
        self._steps, self._update = steps, update
        self._current = steps[0].path if steps else str(self.tree.root)

    def commit(
        self,
        changes: Sequence[Change],
        kept: Sequence[Change] = (),
        update: BranchUpdate | None = None,
    ) -> None:
        """Make the changes, and have the branch end in the commits that go with them.

        Owners, modes and all else that a file has besides its bytes stay as they are; a link
        inside the tree keeps pointing at the same file.

        Args:
            changes: Those of the tree's files.
            kept: Those of files next to the journal.
            update: The commits.

        Raises:
            WriteError: A file is read-only, has changed since it was read, or a write failed.
            TreeError: A file leads out of the tree.
            GitError: The branch cannot be updated. In each case the tree is as it was.
            RecoveryError: A write failed, and the tree could not be restored; the next command
                does.
        """
        self._take(self.check(changes, kept), update)
        try:
            self._stage([*changes, *kept])
            self._put()
            if update:
                self._with_hooks = True
                update.make(self.tree, self.folder)
        except BaseException as error:
            self._end(again=False)
            if isinstance(error, OSError):
                raise _unwritable(self._current, error) from None
            left = self._left_by_hooks()
            if left and isinstance(error, GitError):
                raise GitError(error.place, error.found, "", f"what it made of {left}") from None
            if left and isinstance(error, KeyboardInterrupt):
                raise KeyboardInterrupt(f"what a hook made of {left}") from None
            raise
        with suppress(OSError):  # what is left over, the next command removes by the journal
            self._finish()

    def _left_by_hooks(self) -> str:
        """The files of which a hook has made something else, each with where that is kept."""
        left = (step for step in self._steps if step.new and self._disk.status(step.new))
        return " and of ".join(f"{each.path} is in {self._disk.place(each.new)}" for each in left)

    def recover(self) -> None:
        """Complete or undo a run that was interrupted, if there is a journal of one.

        Raises:
            RecoveryError: Neither can be done without overwriting an edit, or a write failed.
            WriteError: Something is there that cannot be removed.
        """
        try:
            self._journal.clear_leftovers()
        except OSError as error:
            found = f"holds what cannot be removed ({reason(error)})"
            raise WriteError(str(self.folder), found, "", "delete that and run again") from None
        if waiting := self._journal.read():
            self._take(waiting.steps, waiting.update)
            done = self._end(again=True)
            self.recovered = f"{self.tree.place}: a run was interrupted {done}"

    def check(self, changes: Sequence[Change], kept: Sequence[Change] = ()) -> list[FileStep]:
        """The changes as steps, which may be made; arguments and errors as for `commit`."""
        found: dict[str, FileStep] = {}
        for change in changes:
            try:
                step = steps.in_tree(change, self.tree, self._disk, self.folder)
            except OSError as error:
                raise _unwritable(change.path, error) from None
            if step.target in found:
                said, wanted = "another file to change is a link to it", "a file of its own"
                raise WriteError(change.path, said, wanted, "replace the link by a copy")
            found[step.target] = step
            if steps.has_other_names(self._disk, step):
                linked = "has other names (hard links), which keep what was in it"
                self._linked.append(f"{change.path}: {linked}")
        return [*found.values(), *(self._step_of_state(change) for change in kept)]

    def _step_of_state(self, change: Change) -> FileStep:
        try:
            return steps.in_state(change, self._disk)
        except OSError as error:
            raise _unwritable(str(self.folder / change.path), error) from None

    def _stage(self, changes: Sequence[Change]) -> None:
        """Write the new files next to their targets, and keep the old ones."""
        below = self.tree.root.relative_to(state.top_of(self.tree)).as_posix()
        self._journal.begin(Record(below, self._steps, self._update))
        for step, change in zip(self._steps, changes, strict=True):
            self._current = step.path
            steps.stage(self._disk, step, change)
        self._sync()
        self._journal.sync()
        self._journal.advance(Stage.RENAMING)

    def _put(self) -> None:
        """Put the new files in place."""
        for step in self._steps:
            self._current = step.path
            if not steps.is_put(self._disk, step):
                steps.put(self._disk, step)
        for step in self._steps:
            self._current = step.path
            if step.old and digest(self._disk.read(step.old)) not in ("", step.before):
                raise steps.changed_since_read(step.path)  # it was written to in place
        self._sync()

    def _end(self, *, again: bool) -> str:
        """Complete or undo what was begun; gives when it was interrupted, and what was done.

        With `again`, the new files that are not in place yet are put there, if that can be done.
        """
        try:
            return self._complete_or_undo(self._journal.stage, again)
        except OSError as error:
            why = reason(error)
            raise RecoveryError(
                self._current,
                f"cannot be written ({why}), so that a run is neither finished nor undone",
                next_step="fix that: the next effpatch command on this tree then does one of them",
            ) from None

    def _complete_or_undo(self, stage: Stage | None, again: bool) -> str:
        if stage in (None, Stage.STAGING):  # no target was changed; edits since are the user's
            self._finish()
            return "before it changed a file; it was undone"
        if stage is Stage.FINISHING or (self._update and self._update.is_made(self.tree)):
            self._finish()
            return "after its last change; it was finished"
        if stage is Stage.UNDOING:
            self._undo()
            return "while it undid its changes; it was undone"
        if not again or self._must_be_undone():
            self._undo()
            return "while it changed files; it was undone"
        self._journal.sync()  # its stage must not be lost where changes are kept
        try:
            self._put()
        except WriteError:
            self._undo()
            return "while it changed files, and can no longer be finished; it was undone"
        self._finish()
        return "while it changed files; it was finished"

    def _must_be_undone(self) -> bool:
        """Whether a file is as before again, or was edited before it was changed.

        So must be a run with commits that are not made: hooks are not run by a recovery.
        """
        back, later = self._update is not None, list[FileStep]()
        for step in self._steps:
            found, put = digest(self._disk.read(step.target)), steps.is_put(self._disk, step)
            if found in (step.before, step.after):
                back = back or (put and found == step.before != step.after)
            elif put:
                later.append(step)
            else:
                back = True
        if back and later:
            raise steps.edited_since(later[0], self._disk)
        return back

    def _undo(self) -> None:
        self._journal.advance(Stage.UNDOING)
        faults = [fault for step in self._steps if (fault := self._fault_of_undoing(step))]
        self._sync()
        if faults:
            raise faults[0]
        self._journal.sync()
        if self._update:
            self._update.undo(self.tree)
        self._leave()
        self._journal.sync()

    def _fault_of_undoing(self, step: FileStep) -> Exception | None:
        """Restore a file; gives what kept it from that, which does not keep others from it."""
        try:
            if steps.is_put(self._disk, step):
                steps.restore(self._disk, step, by_hook=self._with_hooks)
            steps.clear(self._disk, step)
        except (OSError, RecoveryError) as error:
            self._current = step.path
            return error
        return None

    def _finish(self) -> None:
        """Remove what a run leaves next to the files, and then the journal."""
        stage = self._journal.stage
        if stage is Stage.RENAMING:
            self._journal.advance(Stage.FINISHING)
        for step in self._steps:
            if stage is Stage.STAGING:  # half a file, perhaps
                self._disk.remove(step.old, step.new)
            else:
                steps.clear(self._disk, step)
        self._sync()  # nothing may be left next to a file once no journal names it
        self._leave()

    def _leave(self) -> None:
        """Remove the folders that files were to come to or are gone from, and the journal."""
        for step in self._steps:
            if not (step.before and step.after):
                self._disk.remove_folders(step.target)
        self._journal.remove()

    def _sync(self) -> None:
        for name in {Path(step.target).parent: step.target for step in self._steps}.values():
            self._disk.sync(name)


def _unwritable(path: str, error: OSError) -> WriteError:
    found = f"cannot be written ({reason(error)}), nothing was changed"
    return WriteError(path, found, next_step="fix that and run again")
