"""Packs of rules, and the upstream that they are written for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from patcher.model.rules import Rule, Section


@dataclass(frozen=True, slots=True)
class Pin:
    """The upstream commit that rules are written against.

    Attributes:
        name: Name of the upstream, and of the folder that `fetch` makes.
        repository: Its address; "" where it is known by the digests of its files alone.
        commit: The id of the commit; "" without a repository.
        root: The folder of the checkout that imports start from, "" for the checkout's own root.
        program: The file that the upstream is run by, below the checkout's root; "" for none.
        omit: Patterns of files that a checkout leaves out, as in `.gitignore`.
        sha256: Hex digest of every file that rules touch, by path below the checkout's root.
    """

    name: str
    repository: str
    commit: str
    root: str = ""
    program: str = ""
    omit: tuple[str, ...] = ()
    sha256: Mapping[str, str] = field(default_factory=dict)


class CheckSpec(NamedTuple):
    """A check that a pack asks for, what its results are called, and what it is told."""

    check: str
    label: str
    options: Mapping[str, object] = {}


class Runtime(NamedTuple):
    """Packages that edits import, where nothing else provides them, and the folder with them."""

    folder: Path
    packages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """A named, ordered set of sections, and what they were written for."""

    name: str
    sections: tuple[Section, ...]
    title: str = ""
    upstream: Pin | None = None  # None for rules that are tried without one
    checks: tuple[CheckSpec, ...] = ()  # which `verify` makes besides those of every pack
    runtime: Runtime | None = None
    # Versions of packages that make its edits necessary: `{"numpy": ">=2"}`.
    needed_with: Mapping[str, str] = field(default_factory=dict)
    document: Path | None = None  # which the rules quote, where it is with the pack
    revises: tuple[str, ...] = ()  # names of the packs that it is a revision of, the closest first
    accelerator: Path | None = None  # the table of the device that its edits are for

    def entries(self) -> Iterator[tuple[str, Section, Rule]]:
        """Every rule with its id and section, in order."""
        return ((s.id_of(rule), s, rule) for s in self.sections for rule in s.rules)
