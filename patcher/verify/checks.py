"""All checks of a patched tree, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from patcher.verify import imports, names, residue, settings, upsampling
from patcher.verify.model import Finding, Subject

_CHECKS: dict[str, Callable[[Subject], list[Finding]]] = {
    "names": names.check,
    "imports": imports.check,
    "flags and params": settings.check,
    "residue": residue.check,
    "upsampling": upsampling.check,
}


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


def verify(subject: Subject, attribution: list[Finding]) -> list[Check]:
    """Every check of a tree.

    Args:
        subject: The tree before and after its edits.
        attribution: What the check of that name found.
    """
    found = {"attribution": attribution}
    found |= {name: check(subject) for name, check in _CHECKS.items()}
    return [Check(name, tuple(findings)) for name, findings in found.items()]


def before_writing(subject: Subject) -> list[Check]:
    """The checks of edits that are not made yet: that they leave nothing undefined."""
    return [Check(name, tuple(_CHECKS[name](subject))) for name in ("names", "imports")]
