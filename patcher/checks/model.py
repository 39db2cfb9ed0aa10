"""What a check is given, and what it finds."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from patcher.checks.baseline import Baseline
from patcher.checks.sources import Sources
from patcher.errors import CheckError, ErrorList


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that a check found.

    Attributes:
        file: Path below the tree's root; or what else is meant, such as a rule.
        line: 1-based, in the file as it is after the edits; 1 where no line is known, and 0 where
            none is meant.
        text: What was found and what was expected.
        advice: False where it fails the check.
        undefined: The name that is not defined, where that was found.
    """

    file: str
    line: int
    text: str
    advice: bool = False
    undefined: str = ""

    @property
    def place(self) -> str:
        """File and line, for sentences; the file `.` is the whole tree, which --expect is about."""
        if self.file == ".":
            return "--expect"
        return f"{self.file}:{self.line}" if self.line else self.file


class Unchecked(list[Finding]):
    """Why a check could look at nothing that it is for."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one check came to: what it found, None where it had nothing to look at.

    `note` says how much it looked at, where there is more to say than that it holds; `checked` is
    False where the findings say why it could look at nothing.
    """

    label: str
    findings: tuple[Finding, ...] | None
    note: str = ""
    checked: bool = True

    @property
    def holds(self) -> bool | None:
        """Whether the check passes; None where it could look at nothing."""
        if self.failures:
            return False
        return None if self.findings is None or not self.checked else True

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The findings that it fails for, which advice is not."""
        return tuple(finding for finding in self.findings or () if not finding.advice)


class Operation(NamedTuple):
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


class LegacyVariable(NamedTuple):
    """An operation that holds a value and hands out a reference to it, in place of the value.

    Attributes:
        file: The file below the program's folder that made it.
    """

    name: str
    type: str
    file: str
    line: int


class Measurement(NamedTuple):
    """What the graph that a program builds is like, as whoever ran the program has measured it.

    Attributes:
        operations: How many it has; 0 where no program could be run.
        found: Those of too high or unknown rank.
        forwarded: How many more only hand on a tensor of one of those.
        failure: Why the program built no graph, as a sentence; "" where it did.
        legacy: Its legacy variables.
        users: How many operations of each type take a reference to one of those.
    """

    operations: int = 0
    found: Sequence[Operation] = ()
    forwarded: int = 0
    failure: str = ""
    legacy: Sequence[LegacyVariable] = ()
    users: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Subject:
    """A tree before and after its edits.

    Attributes:
        old: Its Python files before; so `new` after.
        program: The file that the tree is run by; "" for none.
        runtime: The modules of its packs' runtimes.
        looked_at: The files whose imports are checked; None for all.
        baseline: What was done to the tree; None where nothing is done yet.
        measurement: What the graph that its program builds is like; None where nobody asked.
        expected: How many edits are meant to be there; None for all that were not left out.
    """

    old: Sources
    new: Sources
    program: str = ""
    runtime: Sources = field(default_factory=partial(Sources, {}))
    looked_at: Collection[str] | None = None
    baseline: Baseline | None = None
    measurement: Measurement | None = None
    expected: int | None = None


def errors(
    results: Sequence[Result],
    next_step: str | Callable[[Finding], str],
    special: Mapping[str, str] = MappingProxyType({}),
) -> ErrorList:
    """The errors for all failures of some checks, of which there is at least one.

    Args:
        results: What the checks found.
        next_step: What to do next; or what gives that for a finding.
        special: What to do next about the failures of single checks, by their labels.
    """

    def step(label: str, finding: Finding) -> str:
        otherwise = next_step if isinstance(next_step, str) else next_step(finding)
        return special.get(label, otherwise)

    return ErrorList(
        [
            CheckError(each.place, f"{result.label}: {each.text}", "", step(result.label, each))
            for result in results
            for each in result.failures
        ]
    )
