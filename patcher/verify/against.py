"""Another port of the same upstream, held against ours construct by construct."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from patcher import engine
from patcher.model import Outcome, Pack, State
from patcher.verify.constructs import Construct, constructs
from patcher.verify.replay import Replay, differences


@dataclass(frozen=True, slots=True)
class Difference:
    """A construct of the other port that is not as ours.

    Attributes:
        file: Path below the root.
        line: 1-based, in the other port's file.
        text: What stands there, and what stands in ours.
    """

    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is in another port.

    Attributes:
        done: Rules whose edits are there as documented.
        differently: Rules whose edits are there, but not as documented.
        missing: Rules whose edits are not there: the code is as it was before.
        undocumented: Differences that no rule accounts for.
    """

    done: tuple[Outcome, ...]
    differently: tuple[tuple[Outcome, tuple[Difference, ...]], ...]
    missing: tuple[Outcome, ...]
    undocumented: tuple[Difference, ...]

    @property
    def same(self) -> bool:
        """Whether the port is what the document makes of the upstream."""
        return not (self.differently or self.missing or self.undocumented)


def compare(
    packs: Sequence[Pack],
    replayed: Sequence[Replay],
    ours: Mapping[str, bytes],
    theirs: Mapping[str, bytes],
) -> Comparison:
    """Sort what differs between ours and another port.

    Args:
        packs: The packs that ours was made with.
        replayed: Our patched files.
        ours: The bytes of our Python files, by path; a patched one counts as the rules leave it.
        theirs: The same of the other port.

    Raises:
        Unparsable: A file is no Python.
    """
    ours = {**ours, **{each.path: each.after for each in replayed}}
    owners = {each.path: each.owners for each in replayed}
    outcomes = engine.plan(packs, {p: c for p, c in theirs.items() if p in owners}).outcomes
    mine: dict[str, list[Difference]] = {outcome.id: [] for outcome in outcomes}
    rest: list[Difference] = []
    for path in sorted({*ours, *theirs}):
        here = [outcome for outcome in outcomes if outcome.file == path]
        for difference, ids in _differences(path, ours, theirs, owners.get(path, ()), here):
            for id_ in ids:
                mine[id_].append(difference)
            if not ids:
                rest.append(difference)
    done = [o for o in outcomes if o.state is State.APPLIED]
    other = [o for o in outcomes if o.state.misfit]
    return Comparison(
        tuple(done),
        tuple((outcome, tuple(mine[outcome.id])) for outcome in other),
        tuple(outcome for outcome in outcomes if outcome.state is State.PENDING),
        tuple(rest),
    )


def _differences(
    path: str,
    ours: Mapping[str, bytes],
    theirs: Mapping[str, bytes],
    owners: Sequence[str],
    outcomes: Sequence[Outcome],
) -> Iterator[tuple[Difference, set[str]]]:
    """What differs in a file, and the rules that are not done there and account for it."""
    if path not in theirs or path not in ours:
        where = "the other port lacks this file" if path in ours else "a file that ours lacks"
        yield Difference(path, 1, where), set()
        return
    if ours[path] == theirs[path]:
        return
    one, other = constructs(path, ours[path]), constructs(path, theirs[path])
    undone = {outcome.id: _lines(outcome) for outcome in outcomes if _is_undone(outcome)}
    keys = ([each.meaning for each in one], [each.meaning for each in other])
    for old, new in differences(*keys):
        here, there = [one[index] for index in old], [other[index] for index in new]
        wrote = {owners[number - 1] for each in here for number in each.lines if owners}
        looked = {id_ for id_, lines in undone.items() if lines & _numbers(there)}
        line = there[0].lines.start if there else _next_line(other, new.start)
        yield Difference(path, line, _told(here, there)), (wrote & set(undone)) | looked


def _is_undone(outcome: Outcome) -> bool:
    return outcome.state is not State.APPLIED


def _lines(outcome: Outcome) -> set[int]:
    """Where an undone rule looks in the other port."""
    near = {outcome.nearest.line} if outcome.nearest else set()
    return {site.line for site in outcome.sites} | near


def _numbers(found: Sequence[Construct]) -> set[int]:
    return {number for each in found for number in each.lines}


def _next_line(found: Sequence[Construct], index: int) -> int:
    """Where a construct would stand that is not there."""
    return found[min(index, len(found) - 1)].lines.start if found else 1


def _told(here: Sequence[Construct], there: Sequence[Construct]) -> str:
    if not there:
        return f"lacks {_quoted(here)}"
    return f"has {_quoted(there)}" + (f" where ours has {_quoted(here)}" if here else "")


def _quoted(found: Sequence[Construct]) -> str:
    first = found[0].code.splitlines()[0]
    return f"`{first}`" + (f" and {len(found) - 1} more" if found[1:] else "")
