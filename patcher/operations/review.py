"""What a tree is to be approved for: every changed line, with the rules that it belongs to.

The terminal, the page, JSON, SARIF and annotations are readings of this.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from patcher.checks.baseline import Baseline
from patcher.checks.model import Finding, Result
from patcher.checks.ownership import Owners, parts, trace
from patcher.code.encodings import encoding_of, keeps_ascii
from patcher.errors import TreeError
from patcher.model import FilePlan, Outcome, Pack, Plan, Rule, Section, State
from patcher.operations import patch
from patcher.operations.patch import FilePatch
from patcher.operations.verify import foreseen, patched
from patcher.receipt import storage
from patcher.tree.files import Tree

# Whose step it is where a file was edited after its rules were applied.
_BY_HAND = ""


class Line(NamedTuple):
    """A line that is removed or added.

    Attributes:
        old: Its number before, 1-based; 0 for a line that is added.
        new: Its number after, 1-based; 0 for a line that is removed.
        text: The line without its end.
        rules: Ids of the rules that removed or made it, in the packs' order.
        is_ended: Whether a line end follows; at the end of a file there may be none.
    """

    old: int
    new: int
    text: str
    rules: tuple[str, ...]
    is_ended: bool = True


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines that differ in one place, and belong to the same rules.

    Attributes:
        file: The file's path in the tree.
        state: Whether the change was made (applied) or would be (pending).
        old: The lines before, as indices from 0; of no lines, where those after were added.
        new: The same of the lines after.
        lines: Those removed, then those added.
        rules: Ids of the rules, in the packs' order; none where no rule made the change.
    """

    file: str
    state: State
    old: range
    new: range
    lines: tuple[Line, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that was changed, or would be.

    Attributes:
        path: Its path in the tree.
        state: Which of both.
        before: Its lines before, without their ends.
        after: Its lines after.
        head: The first lines of its part of git's patch.
        blocks: What git takes for a hunk, with context: its lines, and the hunks in it.
    """

    path: str
    state: State
    before: Sequence[str]
    after: Sequence[str]
    head: Sequence[bytes]
    blocks: tuple[tuple[Sequence[bytes], tuple[Hunk, ...]], ...]

    @property
    def hunks(self) -> Iterator[Hunk]:
        """What differs, in order."""
        return (hunk for _, hunks in self.blocks for hunk in hunks)


@dataclass(frozen=True, slots=True)
class RuleReview:
    """A rule with all that it changes.

    Attributes:
        id: Its id.
        section: Its section.
        rule: The rule.
        outcome: How it stands in the tree.
        hunks: What it changed or would, file by file.
        findings: What checks say of the lines that it made, each with the check's label.
        line: Where its item is in the document, 1-based; 0 where no document is named.
    """

    id: str
    section: Section
    rule: Rule
    outcome: Outcome
    hunks: tuple[Hunk, ...]
    findings: tuple[tuple[str, Finding], ...]
    line: int


@dataclass(frozen=True)
class Review:
    """All changes of a tree.

    Attributes:
        packs: Whose rules they are of.
        outcomes: How each rule stands.
        changes: The files that were changed, then those that would be.
        results: What the checks find in the tree, once pending edits are made.
        items: Where the item of each rule is in the document, by the rule's id.
        unknown: Why it is not known what the tree was before its edits, so that `changes` lacks
            what was changed; "" where it is.
    """

    packs: tuple[Pack, ...]
    outcomes: tuple[Outcome, ...]
    changes: tuple[FileChange, ...]
    results: tuple[Result, ...] = ()
    items: Mapping[str, int] = field(default_factory=dict)
    unknown: str = ""

    @cached_property
    def rules(self) -> tuple[RuleReview, ...]:
        """Every rule, in the packs' order."""
        outcomes = {outcome.id: outcome for outcome in self.outcomes}
        hunks, findings = dict[str, list[Hunk]](), self._findings()
        for hunk in self.hunks:
            for id_ in hunk.rules:
                hunks.setdefault(id_, []).append(hunk)
        return tuple(
            RuleReview(
                id_,
                section,
                rule,
                outcomes[id_],
                tuple(hunks.get(id_, ())),
                tuple(findings.get(id_, ())),
                self.items.get(id_, 0),
            )
            for pack in self.packs
            for id_, section, rule in pack.entries()
            if id_ in outcomes
        )

    @property
    def hunks(self) -> Iterator[Hunk]:
        """What differs, file by file."""
        return (hunk for change in self.changes for hunk in change.hunks)

    @property
    def failures(self) -> list[tuple[str, Finding]]:
        """What fails a check, with the check's label."""
        return [(result.label, each) for result in self.results for each in result.failures]

    def _findings(self) -> dict[str, list[tuple[str, Finding]]]:
        """What checks say of lines, by the rules that made these; files are as they end up."""
        last = {change.path: change for change in self.changes}
        owners = {
            (change.path, line.new): line.rules
            for change in last.values()
            for hunk in change.hunks
            for line in hunk.lines
        }
        found = dict[str, list[tuple[str, Finding]]]()
        for label, each in ((r.label, f) for r in self.results for f in r.findings or ()):
            for id_ in owners.get((each.file, each.line), ()):
                found.setdefault(id_, []).append((label, each))
        return found


def of_plan(
    tree: Tree, plan: Plan, packs: Sequence[Pack], items: Mapping[str, int] = MappingProxyType({})
) -> Review:
    """The review of what a plan, made step by step, would change in a tree.

    Raises:
        TreeError: A file of the tree cannot be read.
        GitError: git is missing or refuses.
    """
    changes, results = pending(plan, packs), foreseen(tree, plan, packs)
    checked = tuple(each for each in results if each.findings is not None)
    return Review(tuple(packs), plan.outcomes, tuple(changes), checked, items)


def of_tree(
    tree: Tree, plan: Plan, packs: Sequence[Pack], items: Mapping[str, int] = MappingProxyType({})
) -> Review:
    """The review of what was changed in a tree, and of what a plan would change yet.

    Where nothing is left to do, the checks are those of `verify`.

    Raises:
        PatchError: A file cannot be read, or git is missing or refuses.
    """
    left, receipt = of_plan(tree, plan, packs, items), storage.read(tree)
    is_patched = any(each.state is State.APPLIED for each in plan.outcomes)
    if not is_patched and not (receipt and receipt.made(tree.read(receipt.files))):
        return left
    try:
        found = patched(tree, packs)
    except TreeError as error:  # as in a clone of the last commit alone
        return replace(left, unknown=f"{error.place}: {error.found}")
    made = tuple(applied(found.baseline, found.subject.new.files))
    results = left.results if left.changes else tuple(found.results())
    return replace(left, changes=(*made, *left.changes), results=results)


def items_of(document: Path | None, packs: Sequence[Pack]) -> dict[str, int]:
    """The line of each rule's item, by the rule's id, in the document in a file; None is none.

    Raises:
        PatchError: The document cannot be read.
    """
    if document is None:
        return {}
    from patcher.document import coverage
    from patcher.document.document import read

    parts = read(document)
    return {id_: line for p in packs for id_, line in coverage.item_lines(parts, p).items()}


def pending(plan: Plan, packs: Sequence[Pack]) -> list[FileChange]:
    """What a plan, made step by step, would change."""
    return _changes(((file, file.steps) for file in plan.changed), packs, State.PENDING)


def applied(baseline: Baseline, now: Mapping[str, bytes]) -> list[FileChange]:
    """What was changed in a tree whose files are as given, by hand included."""
    found = list[tuple[FilePlan, Sequence[tuple[str, bytes]]]]()
    for file in baseline.replays:
        if (content := now.get(file.path)) is None or content == file.before:
            continue
        steps = baseline.steps(file)
        if content != file.after:
            steps.append((_BY_HAND, content))
        found.append((FilePlan(file.path, file.before, content, ()), steps))
    return _changes(found, baseline.packs, State.APPLIED)


def _changes(
    files: Iterable[tuple[FilePlan, Sequence[tuple[str, bytes]]]],
    packs: Sequence[Pack],
    state: State,
) -> list[FileChange]:
    """The changes of some files, given with their bytes after each rule."""
    steps = {file.path: (file, each) for file, each in files}
    order = {id_: n for n, id_ in enumerate(id_ for p in packs for id_, _, _ in p.entries())}
    return [
        _change(file, part, steps[file.path][1], order, state)
        for file, part in patch.by_file([file for file, _ in steps.values()])
    ]


def _change(
    file: FilePlan,
    part: FilePatch,
    steps: Sequence[tuple[str, bytes]],
    order: Mapping[str, int],
    state: State,
) -> FileChange:
    before, after = patch.lines(file.before), patch.lines(file.after)
    owned = trace(before, ((id_, patch.lines(content)) for id_, content in steps))
    old, new = _texts(before, file.before), _texts(after, file.after)

    def hunks(removed: range, added: range) -> Iterator[Hunk]:
        gone, made = (list(map(_told, side)) for side in owned.of_change(removed, added))
        at, to = 0, 0
        for a, b, owners in parts(gone, made):
            one, other = removed[at : at + a], added[to : to + b]
            lines = [
                *(
                    Line(n + 1, 0, old[n], _ids(owners if b else gone[at], order), _ends(before[n]))
                    for n in one
                ),
                *(
                    Line(0, n + 1, new[n], _ids(made[n - added.start], order), _ends(after[n]))
                    for n in other
                ),
            ]
            yield Hunk(file.path, state, one, other, tuple(lines), _ids(owners, order))
            at, to = at + a, to + b

    blocks = [
        (block.lines, tuple(hunk for place in block.places for hunk in hunks(*place)))
        for block in part.blocks
    ]
    return FileChange(file.path, state, old, new, part.head, tuple(blocks))


def _told(owners: Owners) -> Owners:
    """Who owns a line; what somebody has made of a rule's line is no rule's."""
    return frozenset({_BY_HAND}) if _BY_HAND in owners else owners


def _ids(owners: Owners, order: Mapping[str, int]) -> tuple[str, ...]:
    """The ids of rules in the packs' order."""
    return tuple(sorted(owners - {_BY_HAND}, key=order.__getitem__))


def _texts(lines: Sequence[bytes], content: bytes) -> list[str]:
    """Lines as text, without their ends."""
    named = encoding_of(content)
    encoding = named if keeps_ascii(named) and named != "utf-8-sig" else "utf-8"
    return [line.removesuffix(b"\n").decode(encoding, "replace") for line in lines]


def _ends(line: bytes) -> bool:
    return line.endswith(b"\n")
