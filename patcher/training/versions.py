"""What a stack is made of; the extras in pyproject.toml say it, and nothing else does."""

from __future__ import annotations

from importlib.metadata import requires

from packaging.requirements import Requirement

from patcher.errors import NoExtra


def required(extra: str) -> list[Requirement]:
    """What an extra of effpatch asks for, those included that it takes in.

    Raises:
        NoExtra: effpatch as it is installed has none of that name.
    """
    found: list[Requirement] = []
    for requirement in map(Requirement, requires("effpatch") or ()):
        marker = requirement.marker
        if not marker or marker.evaluate({"extra": ""}) or not marker.evaluate({"extra": extra}):
            continue
        requirement.marker = None
        inner = requirement.extras if requirement.name == "effpatch" else ()
        found += [each for name in inner for each in required(name)] if inner else [requirement]
    if not found:
        raise NoExtra(extra)
    return found


def named(name: str) -> Requirement:
    """What is asked for of one package that a training needs."""
    return next(each for each in required("hpu") if each.name == name)


def version(name: str) -> str:
    """The version of such a package, where just one will do."""
    return str(named(name).specifier).removeprefix("==")
