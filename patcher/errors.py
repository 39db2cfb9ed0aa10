"""One class per cause; each is told facts and writes its own sentence.

Every sentence reads `place: what was found, what was wanted; what to do next`.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar

from patcher.model import Outcome, State

if TYPE_CHECKING:
    from patcher.coverage.gaps import Gap


class PatchError(Exception):
    """Anything that ends a command with a sentence; `exit_code` says how."""

    exit_code: ClassVar[int] = 4


class UnknownRule(PatchError):
    """A rule was asked for that no chosen pack has."""

    exit_code = 2

    def __init__(self, id_: str, known: Sequence[str]) -> None:
        near = get_close_matches(id_, known, 1)
        hint = f"did you mean {near[0]}?" if near else "`effpatch rules` lists them"
        super().__init__(f"{id_}: no rule of that name in the packs chosen; {hint}")


class NothingChosen(PatchError):
    """The options leave no rule."""

    exit_code = 2

    def __init__(self) -> None:
        super().__init__("--skip: leaves out all that --only takes in, wanted a rule at least")


class TreeMissing(PatchError):
    """The folder that was named is not there."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: no such folder, wanted a checkout of the upstream; "
            "get one with `effpatch fetch`"
        )


class NotUpstream(PatchError):
    """The folder holds none of the files that the rules are about."""

    def __init__(self, place: str, wanted: str) -> None:
        super().__init__(
            f"{place}: this is no upstream tree, wanted {wanted} in it; "
            "name the checkout's root or its efficientdet/ folder"
        )


class Unreadable(PatchError):
    """A file cannot be read."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(
            f"{place}: cannot be read ({reason}), wanted a file; "
            "mend it or its permissions and run again"
        )


class NoItems(PatchError):
    """What was named as the document is something else."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: no item in it, wanted numbered ones, each Changed, Added or Removed; "
            "name the document with --doc"
        )


class Unwritable(PatchError):
    """A file that has to change must not or cannot be written."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(
            f"{place}: cannot be written ({reason}), nothing was changed; "
            "make it writable and run again"
        )


class BadReceipt(PatchError):
    """The receipt in the tree is not one."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(
            f"{place}: not a receipt of effpatch ({reason}), wanted the one that `apply` wrote; "
            "restore it, or delete it and go back with git"
        )


class NoReceipt(PatchError):
    """There is nothing to go back to."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: no receipt of effpatch, wanted a tree that `effpatch apply` has patched; "
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
            f"{place}: the edits were made by other rules than those of this effpatch, wanted "
            "the same; go back with the effpatch that made them, or wholly without --only"
        )


class Conflict(PatchError):
    """An edit by hand overlaps one that is to be undone."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: edited by hand where an edit is to be undone, nothing was changed; "
            "undo it by hand"
        )


class Locked(PatchError):
    """Another run is at work on the tree."""

    def __init__(self, place: str, holder: str) -> None:
        super().__init__(f"{place}: in use by {holder}, wanted it alone; wait until that has ended")


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
            f"{place}: edited since a run was cut off that can only be undone, wanted it as that "
            f"run left it; save your copy elsewhere, move {old} in its place and run again"
        )


class Unfinished(PatchError):
    """A run failed, and so did putting the tree back."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(
            f"{place}: cannot be written ({reason}), and the tree could not be put back either; "
            "mend that: the next effpatch command on this tree finishes the run or undoes it"
        )


class OutsideTree(PatchError):
    """A file of the tree is a link that leads out of it."""

    def __init__(self, place: str, target: str) -> None:
        mend = "correct the path" if ".." in place.split("/") else "replace the link by a copy"
        super().__init__(
            f"{place}: leads out of the tree to {target}, wanted a file inside it; {mend}"
        )


class Unparsable(PatchError):
    """A file is not Python that can be read."""

    def __init__(self, place: str, line: int, reason: str) -> None:
        where = f"{place}:{line}" if line else place
        super().__init__(
            f"{where}: not valid Python ({reason}), nothing was changed; "
            "correct the file or check the pin"
        )


class Irreproducible(PatchError):
    """LibCST does not print a file as it was read, so an edit could lose something."""

    def __init__(self, place: str, line: int) -> None:
        super().__init__(
            f"{place}:{line}: holds control characters or line ends that would not survive "
            "an edit, nothing was changed; remove them and run again"
        )


class NoHistory(PatchError):
    """Commits were asked for where there is nothing to put them on."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: no git checkout with a commit in it, wanted one to commit the edits to; "
            "apply without --commit, or use `effpatch export`"
        )


class BranchExists(PatchError):
    """The branch to be made is there already."""

    def __init__(self, place: str, name: str) -> None:
        super().__init__(
            f"{place}: has a branch {name} already, wanted a new one; name another with --branch"
        )


class NotEmpty(PatchError):
    """The folder to write to holds something."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place}: is not an empty folder, wanted one; name another with -o")


class DirtyTree(PatchError):
    """Files that would change hold work that is not committed."""

    def __init__(self, place: str, files: Sequence[str]) -> None:
        super().__init__(
            f"{place}: uncommitted changes in {', '.join(files)}, wanted a clean checkout; "
            "commit or stash them, or pass --allow-dirty"
        )


class GitFailed(PatchError):
    """A git command did not do what it was asked."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: git failed: {reason}; correct that and run again")


class BrokenCheckout(PatchError):
    """What `fetch` finds at its destination is not the pinned checkout."""

    def __init__(self, place: str, found: str) -> None:
        super().__init__(
            f"{place}: {found}, wanted a checkout of the pin; "
            "`effpatch fetch --force` sets it aside and fetches anew"
        )


class NotAFolder(PatchError):
    """Something else is where a folder is to be."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place}: not a folder, wanted room for a checkout; name another")


class WrongContent(PatchError):
    """A fetched file is not the pinned one."""

    def __init__(self, place: str, found: str, wanted: str) -> None:
        super().__init__(
            f"{place}: SHA-256 is {found[:12]}..., wanted {wanted[:12]}...; "
            "check --url and --commit, or vendor/upstream.toml"
        )


class Drift(PatchError):
    """Rules that do not fit the tree; one line for each."""

    exit_code = 3

    def __init__(self, misfits: Sequence[Outcome]) -> None:
        super().__init__("\n".join(_misfit(outcome) for outcome in misfits))


def _misfit(outcome: Outcome) -> str:
    near = outcome.nearest
    lines = [site.line for site in outcome.sites] or ([near.line] if near else [])
    where = f"{outcome.file}:{lines[0]}" if lines else outcome.file
    if outcome.state is State.DRIFTED and near:
        found = f"found `{near.text}` ({near.why})" if near.text else near.why
    elif outcome.state is State.DRIFTED:
        found = "found nothing like it"
    else:
        done = sum(site.state is State.APPLIED for site in outcome.sites)
        found = (
            f"is {outcome.state}: wanted {outcome.expected} in all, found {len(lines)}, "
            f"{done} of them done (line {', '.join(map(str, lines))})"
        )
    return (
        f"{where}: {outcome.id} wants {outcome.wants}, {found}; "
        "check the pin, or apply the rest with --partial"
    )


class Uncovered(PatchError):
    """The document and the rules disagree; one line for each gap."""

    exit_code = 5

    def __init__(self, document: str, gaps: Sequence[Gap]) -> None:
        super().__init__("\n".join(_gap(document, gap) for gap in gaps))


_STEPS = {
    "differs": "correct whichever is wrong, the document or the rule",
    "missing": "put it back, or take the rule out",
    "extra": "write the rule, or correct the item's number or heading",
    "fails": "correct the rule or its quotes",
}


def _gap(document: str, gap: Gap) -> str:
    where = f"{document}:{gap.line}" if gap.line else document
    return f"{where}: {gap.found}, wanted {gap.wanted}; {_STEPS[gap.verdict]}"
