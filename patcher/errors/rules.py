"""Rules that are not there, do not fit, or are not the document's."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from patcher.errors.base import PatchError
from patcher.model import Outcome, State

if TYPE_CHECKING:
    from patcher.document.gaps import Gap


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
        super().__init__("--skip: leaves out all that --only takes in, expected a rule at least")


class FileGone(PatchError):
    """A rule is to be explained whose file is nowhere."""

    exit_code = 3

    def __init__(self, path: str, id_: str) -> None:
        super().__init__(
            f"{path}: not in this tree under its path or elsewhere, expected for {id_}; "
            "`effpatch status` shows the other rules"
        )


class MovedToSeveral(PatchError):
    """A file may have moved to more than one place."""

    exit_code = 3

    def __init__(self, path: str, places: Sequence[str]) -> None:
        super().__init__(
            f"{path}: not there, but its edits fit {' and '.join(places)}, expected one; "
            "put it back to its place, or the others out of the tree"
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
    elif outcome.state is State.ABSENT and near:
        found = near.why
    elif outcome.state in (State.DRIFTED, State.ABSENT):
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


class NoItems(PatchError):
    """What was named as the document is something else."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: no item in it, expected numbered ones, each Changed, Added or Removed; "
            "name the document with --doc"
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
    return f"{where}: {gap.found}, expected {gap.wanted}; {_STEPS[gap.verdict]}"
