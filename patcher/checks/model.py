"""What a check is given, and what it finds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from patcher.checks.baseline import Baseline
from patcher.checks.sources import Sources
from patcher.errors import CheckError, ErrorList


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that a check found.

    Attributes:
        file: Path below the tree's root.
        line: 1-based, in the file as it is after the edits; 1 where no line is known.
        text: What was found and what was expected.
        advice: False where it fails the check.
    """

    file: str
    line: int
    text: str
    advice: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What one check came to: what it found, None where it had nothing to look at."""

    label: str
    findings: tuple[Finding, ...] | None

    @property
    def holds(self) -> bool | None:
        """Whether the check passes; None where it had nothing to look at."""
        return None if self.findings is None else not self.failures

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The findings that it fails for, which advice is not."""
        return tuple(finding for finding in self.findings or () if not finding.advice)


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of a graph with a tensor of too high a rank, or of a rank that is not known.

    Attributes:
        shape: Of its output of the highest rank, None where a side is not known; None itself
            where the rank is not.
        file: The file below the program's folder that made it, or what it is the gradient of.
    """

    name: str
    type: str
    shape: Sequence[int | None] | None
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Measurement:
    """What the graph that a program builds is like, as whoever ran the program has measured it.

    Attributes:
        operations: How many it has; 0 where no program could be run.
        found: Those of too high or unknown rank.
        forwarded: How many more only hand on a tensor of one of those.
        failure: Why the program built no graph, as a sentence; "" where it did.
    """

    operations: int = 0
    found: Sequence[Operation] = ()
    forwarded: int = 0
    failure: str = ""


@dataclass(frozen=True)
class Subject:
    """A tree before and after its edits.

    Attributes:
        before: The bytes of its Python files before, by path; so `after`.
        root: The folder that imports start from, "" for the tree's own root.
        program: The file that the tree is run by; "" for none.
        runtime: The names that each module of its packs' runtimes defines, by dotted name.
        packages: The top-level packages of those runtimes.
        parsed: The files after, where some are parsed already.
        looked_at: The files whose imports are checked; None for all.
        baseline: What was done to the tree; None where nothing is done yet.
        measurement: What the graph that its program builds is like; None where nobody asked.
    """

    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    root: str = ""
    program: str = ""
    runtime: Mapping[str, frozenset[str]] = field(default_factory=dict)
    packages: frozenset[str] = frozenset()
    parsed: Sources | None = None
    looked_at: Collection[str] | None = None
    baseline: Baseline | None = None
    measurement: Measurement | None = None

    @property
    def changed(self) -> list[str]:
        """The files that the edits changed or made."""
        return [path for path in self.after if self.after[path] != self.before.get(path)]

    @cached_property
    def new(self) -> Sources:
        """The parsed files after."""
        return self.parsed or Sources(self.after, self.root)

    @cached_property
    def old(self) -> Sources:
        """The parsed files before; those that did not change are parsed once for both sides."""
        return Sources(self.before, self.root, self.new)


def errors(results: Sequence[Result], next_step: str) -> ErrorList:
    """The errors for all failures of some checks, of which there is at least one."""
    failures = [(result.label, each) for result in results for each in result.failures]
    return ErrorList(
        [
            CheckError(f"{each.file}:{each.line}", f"{label}: {each.text}", next_step=next_step)
            for label, each in failures
        ]
    )
