"""All checks of a patched tree, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Callable

from patcher.verify import imports, names, residue, settings, upsampling
from patcher.verify.model import Check, Finding, Subject

_CHECKS: dict[str, Callable[[Subject], list[Finding]]] = {
    "names": names.check,
    "imports": imports.check,
    "flags and params": settings.check,
    "residue": residue.check,
    "upsampling": upsampling.check,
}


def verify(subject: Subject, attribution: list[Finding]) -> list[Check]:
    """Every check of a tree.

    Args:
        subject: The tree before and after its edits.
        attribution: What the check of that name found.
    """
    found = {"attribution": attribution}
    found |= {name: check(subject) for name, check in _CHECKS.items()}
    return [Check(name, tuple(findings)) for name, findings in found.items()]
