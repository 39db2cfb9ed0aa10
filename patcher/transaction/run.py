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

import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from patcher.errors import GitError, RecoveryError, WriteError, reason
from patcher.transaction.branches import BranchUpdate
from patcher.transaction.disk import Root
from patcher.transaction.journal import FileStep, Journal, Stage
from patcher.tree.files import Change, Tree, digest


class Run:
    """A run that alone may change the files of a tree.

    Attributes:
        tree: The tree.
        folder: Where lock and journal are.
        recovered: What was done about a run that was interrupted; "" where there was none.
    """

    def __init__(self, tree: Tree, root: Root) -> None:
        self.tree, self._root, self._journal = tree, root, Journal(tree, root)
        self.folder, self.recovered = tree.root / self._journal.folder, ""
        self._take([], None)

    def _take(self, steps: Sequence[FileStep], update: BranchUpdate | None) -> None:
        self._steps, self._update = steps, update
        self._current = steps[0].target if steps else str(self.tree.root)

    def commit(self, changes: Sequence[Change], update: BranchUpdate | None = None) -> None:
        """Make the changes, and have the branch end in the commits that go with them.

        Modes and, where permitted, owners stay as they are; a link inside the tree keeps pointing
        at the same file.

        Raises:
            WriteError: A file is read-only, has changed since it was read, or a write failed.
            TreeError: A file leads out of the tree.
            GitError: The branch cannot be updated. In each case the tree is as it was.
            RecoveryError: A write failed, and the tree could not be restored; the next command
                does.
        """
        self._take(self.check(changes), update)
        try:
            self._stage(changes)
            self._put()
        except BaseException as error:
            self._end(again=False)
            if isinstance(error, OSError):
                raise _unwritable(self._current, error) from None
            raise
        with suppress(OSError):  # what is left over, the next command removes by the journal
            self._finish()

    def recover(self) -> None:
        """Complete or undo a run that was interrupted, if there is a journal of one.

        Raises:
            RecoveryError: Neither can be done without overwriting an edit, or a write failed.
        """
        self._journal.clear_leftovers()
        if stage := self._journal.stage:
            self._take(*self._journal.read(stage))
            done = self._end(again=True)
            self.recovered = f"{self.tree.place}: a run was interrupted {done}"

    def check(self, changes: Sequence[Change]) -> list[FileStep]:
        """The changes as steps, which may be made; errors as for `commit`."""
        steps: dict[str, FileStep] = {}
        for change in changes:
            try:
                step = self._step(change)
            except OSError as error:
                raise _unwritable(change.path, error) from None
            if step.target in steps:
                found, wanted = "another file to change is a link to it", "a file of its own"
                raise WriteError(change.path, found, wanted, "replace the link by a copy")
            steps[step.target] = step
        return list(steps.values())

    def _step(self, change: Change) -> FileStep:
        is_new, token, old = change.before is None, secrets.token_hex(4), ""
        place = (self.tree.new_target if is_new else self.tree.target)(change.path)
        path = PurePosixPath(place.relative_to(self.tree.root))
        near = str(path.with_name(f".{path.name}.{token}"))
        if not is_new:
            if not (place.stat().st_mode & 0o222 and os.access(place, os.W_OK)):
                found = "cannot be written (it is read-only), nothing was changed"
                raise WriteError(change.path, found, next_step="make it writable and run again")
            if self._root.read(str(path)) != change.before:
                raise _changed_since_read(change.path)
            same_disk = place.stat().st_dev == self.folder.stat().st_dev
            old = f"{self._journal.folder}/old.{token}" if same_disk else f"{near}.old"
        new = "" if change.after is None else f"{near}.new"
        return FileStep(str(path), new, old, digest(change.before), digest(change.after))

    def _stage(self, changes: Sequence[Change]) -> None:
        """Write the new files next to their targets, and keep the old ones."""
        self._journal.begin(self._steps, self._update)
        for step, change in zip(self._steps, changes, strict=True):
            self._current = step.target
            if change.before is None:
                self._root.make_folders(step.target)
            else:
                try:
                    self._root.link(step.target, step.old)
                except OSError:  # not every file system has links
                    self._root.write(step.old, change.before, step.target)
            if change.after is not None:
                self._root.write(step.new, change.after, step.target)
        self._sync()
        self._journal.sync()
        self._journal.advance(Stage.RENAMING)

    def _put(self) -> None:
        """Put the new files in place, and update the branch."""
        for step in self._steps:
            self._current = step.target
            if not self._is_put(step):
                if digest(self._root.read(step.target)) != step.before:
                    raise _changed_since_read(step.target)
                if step.new:
                    self._root.rename(step.new, step.target)
                else:
                    self._root.remove(step.target)
        for step in self._steps:
            self._current = step.target
            if step.old and digest(self._root.read(step.old)) not in ("", step.before):
                raise _changed_since_read(step.target)  # it was written to in place
        self._sync()
        if self._update and not self._update.is_made(self.tree):
            self._update.make(self.tree)

    def _is_put(self, step: FileStep) -> bool:
        """Whether a step's change was made, once all its files are there."""
        return not self._root.status(step.new or step.target)

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
        if stage is Stage.UNDOING or not again or self._must_be_undone():
            self._undo()
            return "while it undid its changes; it was undone"
        self._journal.sync()  # its stage must not be lost where changes are kept
        try:
            self._put()
        except (WriteError, GitError):
            self._undo()
            return "while it changed files, and can no longer be finished; it was undone"
        self._finish()
        return "while it changed files; it was finished"

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
            self._current = step.target
            if self._is_put(step):
                self._restore(step)
            self._root.remove(step.old, step.new)  # the new one last: it says how the file stands
        self._sync()
        self._journal.sync()
        if self._update:
            self._update.undo(self.tree)
        self._leave()
        self._journal.sync()

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

    def _finish(self) -> None:
        """Remove what a run leaves next to the files, and then the journal."""
        stage = self._journal.stage
        if stage is Stage.RENAMING:
            self._journal.advance(Stage.FINISHING)
        for step in self._steps:
            self._root.remove(step.old, step.new)
        if stage is Stage.STAGING:  # in no other there are new files to lose sight of
            self._sync()
        self._leave()

    def _leave(self) -> None:
        """Remove the folders that files were to come to or are gone from, and the journal."""
        for step in self._steps:
            if not (step.before and step.after):
                self._root.remove_folders(step.target)
        self._journal.remove()

    def _sync(self) -> None:
        for name in {Path(step.target).parent: step.target for step in self._steps}.values():
            self._root.sync(name)


def _unwritable(path: str, error: OSError) -> WriteError:
    found = f"cannot be written ({reason(error)}), nothing was changed"
    return WriteError(path, found, next_step="fix that and run again")


def _changed_since_read(path: str) -> WriteError:
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
