"""What a check is given, and what it finds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from patcher.errors import CheckError, ErrorList
from patcher.verify.sources import Sources


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that a check found.

    Attributes:
        file: Path below the tree's root, with forward slashes.
        line: 1-based, in the file as it is after the edits; 1 where no line is known.
        text: What was found and what was wanted.
        advice: False where it fails the check.
    """

    file: str
    line: int
    text: str
    advice: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """What one check came to."""

    name: str
    findings: tuple[Finding, ...]

    @property
    def failures(self) -> tuple[Finding, ...]:
        """What it fails for."""
        return tuple(finding for finding in self.findings if not finding.advice)

    @property
    def advice(self) -> tuple[Finding, ...]:
        """What it does not fail for."""
        return tuple(finding for finding in self.findings if finding.advice)


def failed(checks: Sequence[Check], next_step: str) -> ErrorList:
    """An error for each finding that some checks fail for."""
    return ErrorList(
        [
            CheckError(f"{each.file}:{each.line}: {check.name}", each.text, next_step=next_step)
            for check in checks
            for each in check.failures
        ]
    )


@dataclass(frozen=True)
class Subject:
    """A tree before and after its edits.

    Attributes:
        before: The bytes of its Python files before, by path.
        after: The same as they are after.
        runtime: The modules that a runtime provides beside the tree, by dotted name, with
            the names that each defines.
        parsed: The files after, where some are parsed already.
        looked_at: The files whose imports are checked; None for all.
    """

    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    runtime: Mapping[str, frozenset[str]] = field(default_factory=dict)
    parsed: Sources | None = None
    looked_at: Collection[str] | None = None

    @property
    def changed(self) -> list[str]:
        """The files that the edits changed or made."""
        return [path for path in self.after if self.after[path] != self.before.get(path)]

    @cached_property
    def new(self) -> Sources:
        """The parsed files after."""
        return self.parsed or Sources(self.after)

    @cached_property
    def old(self) -> Sources:
        """The parsed files before; those that did not change are parsed once for both sides."""
        return Sources(self.before, self.new)
