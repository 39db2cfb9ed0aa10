"""What a stack is made of, as the extras in pyproject.toml say, and nothing else does."""

from __future__ import annotations

from importlib.metadata import requires

from packaging.requirements import Requirement

from patcher.errors import StackError
from patcher.training import ACCELERATOR


def requirements(extra: str) -> list[Requirement]:
    """What an extra of effpatch requires, including the extras that it names itself.

    Raises:
        StackError: The installed effpatch has no such extra.
    """
    found: list[Requirement] = []
    for requirement in map(Requirement, requires("effpatch") or ()):
        marker = requirement.marker
        if not marker or marker.evaluate({"extra": ""}) or not marker.evaluate({"extra": extra}):
            continue
        requirement.marker = None
        inner = requirement.extras if requirement.name == "effpatch" else ()
        found += [each for name in inner for each in requirements(name)] or [requirement]
    if not found:
        raise StackError(
            "effpatch",
            f"installed without the extra {extra}",
            "the versions that it names",
            "install effpatch again",
        )
    return found


def requirement(package: str) -> Requirement:
    """What is required of one package."""
    return next(each for each in requirements(ACCELERATOR) if each.name == package)


def pinned(package: str) -> str:
    """The one version that is required of a package."""
    return str(requirement(package).specifier).removeprefix("==")
