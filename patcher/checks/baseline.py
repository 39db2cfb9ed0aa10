"""What a patched tree was before, by its receipt or by git, and what its rules make of that."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from patcher import engine
from patcher.checks.line_diff import differences
from patcher.checks.ownership import Owners, trace
from patcher.errors import TreeError, UnparsableError
from patcher.model import FilePlan, Nearest, Outcome, Pack, State
from patcher.receipt.receipt import Receipt, fingerprints
from patcher.tree.files import Tree


@dataclass(frozen=True)
class Baseline:
    """What was done to a tree, and to what.

    Attributes:
        packs: Whose rules were applied, in order.
        ids: The rules that were.
        files: The bytes of the files that the packs name, as they were before, by path.
        outcomes: How every rule of the packs stands in the tree as it is now.
        left_out: Ids of the rules that the user left out.
    """

    packs: tuple[Pack, ...]
    ids: frozenset[str]
    files: Mapping[str, bytes]
    outcomes: tuple[Outcome, ...] = ()
    left_out: frozenset[str] = frozenset()

    @cached_property
    def replays(self) -> tuple[FilePlan, ...]:
        """The files as they were before, planned again: as the rules leave them.

        Raises:
            PatchError: A file was no Python before.
        """
        plans = engine.plan_alone(self.packs, self.files, self.ids).files
        return tuple(file for file in plans if file.path in self.files)

    def owners(self, file: FilePlan) -> Sequence[Owners]:
        """For each line of a file after its rules, which of them made it."""
        steps = ((id_, lines(after)) for id_, after in self.steps(file))
        return trace(lines(file.before), steps).made

    def steps(self, file: FilePlan) -> list[tuple[str, bytes]]:
        """A file after each of its rules, by the rule's id; it was as the plan says before."""
        sections = [s for pack in self.packs for s in pack.sections if s.path == file.path]
        return engine.steps(sections, file.before, self.ids)

    @property
    def counts(self) -> dict[str, int]:
        """Number of lines that each rule added and removed, by id, in the packs' order."""
        counts = Counter[str]()
        for id_, old, new in chain.from_iterable(map(self._changes, self.replays)):
            counts[id_] += len(old) + len(new)
        order = (id_ for pack in self.packs for id_, _, _ in pack.entries())
        return {id_: counts[id_] for id_ in order if id_ in counts}

    def _changes(self, file: FilePlan) -> Iterator[tuple[str, range, range]]:
        """The lines that each rule changes, before and after; the file is printed after each."""
        content = file.before
        for id_, after in self.steps(file):
            yield from ((id_, old, new) for old, new in hunks(content, after))
            content = after


def find(
    tree: Tree,
    receipt: Receipt | None,
    packs: Sequence[Pack],
    files: Mapping[str, bytes],
    others: Mapping[str, bytes],
) -> Baseline:
    """What was done to a tree, by its receipt, else by its files and git's commits.

    The packs, their files and the others of the tree are as of now.

    Raises:
        TreeError: No rule has been applied, every edit was undone since, the rules are no longer
            those that were applied, or git has no version of a patched file from before.
    """
    now = fingerprints(packs)
    if receipt and now != dict(receipt.packs):
        names = {*now, *receipt.packs}
        changed = sorted(name for name in names if receipt.packs.get(name) != now.get(name))
        raise TreeError(
            tree.place,
            f"the rules of {' and '.join(changed)} have changed since the edits were made",
            "the same rules",
            "use the version that made the edits, or revert all edits and apply again",
        )
    ids: Collection[str]
    outcomes = _outcomes(receipt, packs, files, others)
    if receipt:
        ids = {id_ for record in receipt.files.values() for id_ in record.rules}
        originals = {path: record.original for path, record in receipt.files.items()}
    else:
        ids = applied = {each.id: each.file for each in outcomes if each.state is State.APPLIED}
        originals = {
            p: _unpatched(tree, packs, p, applied) for p in dict.fromkeys(applied.values())
        }
    if not (receipt.made(files) if receipt else ids):
        found = "no rule has been applied"
        raise TreeError(tree.place, found, "a patched tree", "run `effpatch apply` first")
    left_out = receipt.left_out if receipt else frozenset[str]()
    return Baseline(tuple(packs), frozenset(ids), {**files, **originals}, outcomes, left_out)


def _outcomes(
    receipt: Receipt | None,
    packs: Sequence[Pack],
    files: Mapping[str, bytes],
    others: Mapping[str, bytes],
) -> tuple[Outcome, ...]:
    """How every rule stands in a tree, by its receipt if that still holds.

    With a receipt, a file may be no Python any more: its rules are absent, and say so.
    """
    if receipt and receipt.covers(packs, files):
        return receipt.outcomes
    try:
        return engine.plan(packs, {**others, **files}).outcomes
    except UnparsableError:
        if not receipt:
            raise
    found = list[Outcome]()
    for path in dict.fromkeys(section.path for pack in packs for section in pack.sections):
        mine = [replace(p, sections=tuple(s for s in p.sections if s.path == path)) for p in packs]
        try:
            found += engine.plan_alone(mine, files).outcomes
        except UnparsableError as error:
            why = Nearest(1, "", error.found.removesuffix(", nothing was changed"))
            lost = engine.plan_alone(mine, {}).outcomes
            found += [replace(outcome, nearest=why) for outcome in lost]
    return tuple(found)


def _unpatched(tree: Tree, packs: Sequence[Pack], path: str, applied: Mapping[str, str]) -> bytes:
    """The file as the last commit has it in which none of its applied rules is applied."""
    ids = {id_ for id_, file in applied.items() if file == path}
    for content in tree.versions(path):
        outcomes = engine.plan_alone(packs, {path: content}, ids).outcomes
        if not any(each.state is State.APPLIED for each in outcomes):
            return content
    raise TreeError(
        path,
        "no version from before the edits",
        "one in the receipt or in git",
        "verify in a git checkout that has one, or where `effpatch apply` was run",
    )


def hunks(one: bytes, other: bytes) -> list[tuple[range, range]]:
    """Where two files differ: the lines of each, 0-based, in order."""
    return differences(lines(one), lines(other)) if one != other else []


def lines(content: bytes) -> list[bytes]:
    """The lines of a file, with their ends."""
    return content.splitlines(keepends=True)


def quoted(found: Sequence[str]) -> str:
    """A run of lines, by the first that is not blank."""
    first = next(filter(None, found), "a blank line")
    return f"`{first}`" + (f" and {len(found) - 1} more" if found[1:] else "")
