"""What a tree is to be approved for: every changed line, with the rules that it belongs to.

The terminal, the page, JSON, SARIF and annotations are readings of this.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from patcher.checks.model import Finding, Result
from patcher.errors import TreeError
from patcher.model import Outcome, Pack, Plan, Rule, Section, State
from patcher.operations.changes import FileChange, Hunk, applied, pending
from patcher.operations.verify import foreseen, patched
from patcher.receipt import storage
from patcher.tree.files import Tree


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
        GitError: git is missing or refuses.
    """
    changes = tuple(pending(plan, packs))
    return Review(tuple(packs), plan.outcomes, changes, _checked(tree, plan, packs), items)


def _checked(tree: Tree, plan: Plan, packs: Sequence[Pack]) -> tuple[Result, ...]:
    """What the checks find in a tree once its plan is carried out; or why they find nothing."""
    try:
        results = foreseen(tree, plan, packs)
    except TreeError as error:  # of a file that no rule is about
        return (Result("checks", None, f"{error.place}: {error.found}"),)
    return tuple(each for each in results if each.findings is not None)


def of_tree(
    tree: Tree, plan: Plan, packs: Sequence[Pack], items: Mapping[str, int] = MappingProxyType({})
) -> Review:
    """The review of what was changed in a tree, and of what a plan would change yet.

    Where nothing is left to do, the checks are those of `verify`.

    Raises:
        PatchError: A file cannot be read, or git is missing or refuses.
    """
    receipt = storage.read(tree)
    is_patched = any(each.state is State.APPLIED for each in plan.outcomes)
    if not is_patched and not (receipt and receipt.made(tree.read(receipt.files))):
        return of_plan(tree, plan, packs, items)
    try:
        found = patched(tree, packs)
    except TreeError as error:  # as in a clone of the last commit alone
        unknown = f"{error.place}: {error.found}"
        return replace(of_plan(tree, plan, packs, items), unknown=unknown)
    made = tuple(applied(found.baseline, found.subject.new.files))
    if plan.changed:
        left = of_plan(tree, plan, packs, items)
        return replace(left, changes=(*made, *left.changes))
    return Review(tuple(packs), plan.outcomes, made, tuple(found.results()), items)


def items_of(document: Path | None, packs: Sequence[Pack]) -> dict[str, int]:
    """The line of each rule's item, by the rule's id, in a document, or else in its pack's own.

    Raises:
        PatchError: A document cannot be read.
    """
    found = dict[str, int]()
    for pack in packs:
        if file := document or pack.document:
            from patcher.document import coverage
            from patcher.document.document import read

            found |= coverage.item_lines(read(file), pack)
    return found
