"""Runs: what bars one, and what bars going back."""

from __future__ import annotations

from collections.abc import Sequence

from patcher.errors.base import PatchError


class Locked(PatchError):
    """Another run is at work on the tree."""

    def __init__(self, place: str, holder: str) -> None:
        super().__init__(
            f"{place}: in use by {holder}, expected it alone; wait until that has ended"
        )


class Died(PatchError):
    """The process that worked on a tree was ended, or ended itself."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: the process at work on it died, expected what it found; "
            f"`effpatch status {place}` mends what it left and says how the tree stands"
        )


class BadJournal(PatchError):
    """What looks like the journal of a run is none."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: not a journal of a run on this tree, nothing was changed; "
            "see that the tree is as you want it, and delete that file"
        )


class Interrupted(PatchError):
    """A run was cut off, and what it had changed has been edited since."""

    def __init__(self, place: str, old: str) -> None:
        super().__init__(
            f"{place}: edited since a run was cut off that can only be undone, expected it as that "
            f"run left it; save your copy elsewhere, move {old} in its place and run again"
        )


class Lost(PatchError):
    """What a run that was cut off has kept of a file is gone."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: changed by a run that was cut off, and its bytes from before are gone; "
            "put the file back, from git for one, and run again"
        )


class Unfinished(PatchError):
    """A run failed, and so did putting the tree back."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(
            f"{place}: cannot be written ({reason}), and the tree could not be put back either; "
            "mend that: the next effpatch command on this tree finishes the run or undoes it"
        )


class BadReceipt(PatchError):
    """The receipt in the tree is not one."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(
            f"{place}: not a receipt of effpatch ({reason}), expected the one that `apply` wrote; "
            "restore it, or delete it and go back with git"
        )


class NoReceipt(PatchError):
    """There is nothing to go back to."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: no receipt of effpatch, expected a tree that `effpatch apply` has patched; "
            "go back with git"
        )


class EditedSince(PatchError):
    """Files to go back were edited after they were patched."""

    def __init__(self, files: Sequence[str]) -> None:
        super().__init__(
            f"{', '.join(files)}: edited since it was patched, nothing was changed; save the "
            "edits elsewhere, or undo single rules with --only, which keeps them"
        )


class NotApplied(PatchError):
    """effpatch did not make the edit that is to be undone."""

    def __init__(self, id_: str) -> None:
        super().__init__(
            f"{id_}: not among the edits that effpatch made here; "
            "`effpatch status` shows how the rules stand"
        )


class StandsOn(PatchError):
    """A later edit was made on the one that is to be undone."""

    def __init__(self, id_: str, later: str) -> None:
        super().__init__(
            f"{id_}: {later} stands on this edit, nothing was changed; "
            f"undo both with --only {id_} --only {later}"
        )


class RulesChanged(PatchError):
    """The edits were made by other rules than those at hand."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: the edits were made by other rules than those of this effpatch, expected "
            "the same; use the effpatch that made them, or revert as a whole and apply again"
        )


class Conflict(PatchError):
    """An edit by hand overlaps one that is to be undone."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: edited by hand where an edit is to be undone, nothing was changed; "
            "undo it by hand"
        )
