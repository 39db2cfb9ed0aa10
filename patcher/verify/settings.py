"""Settings: the flags and parameters that the program reads, it also defines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import TypeVar

from patcher.verify import flags
from patcher.verify import params as mappings
from patcher.verify.lookup import Lookup
from patcher.verify.model import Finding, Subject
from patcher.verify.module import Module

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of setting.

    Attributes:
        lookups: Where a module reads one.
        definitions: The settings that a module defines; None for one whose name is not known.
        text: What is wrong where one is read that nothing defines, `{}` standing for its name.
        known: Settings that every program has.
    """

    lookups: Callable[[Module], Iterable[Lookup]]
    definitions: Callable[[Module], Iterable[str | None]]
    text: str
    known: frozenset[str] = frozenset()

    def missing(self, program: Sequence[Module]) -> list[Lookup] | None:
        """The lookups that find nothing; None where there are none, or that cannot be known."""
        lookups = [lookup for module in program for lookup in self.lookups(module)]
        defined = self.known.union(*map(self.definitions, program)) if lookups else {None}
        if None in defined:
            return None
        return [each for each in lookups if not each.optional and each.name not in defined]


def check(subject: Subject, *, params: str = "") -> list[Finding] | None:
    """The settings that the program reads and nothing defines since the edits.

    Looked at are the program and all that it imports, one through the other; None where there is
    no program, or it reads no setting. What was missing before the edits as well is advice.

    Args:
        subject: A tree.
        params: The name of the mapping in which the program keeps parameters; "" for none.
    """
    program = subject.new.closure(subject.program)
    missing = [(kind, kind.missing(program)) for kind in _kinds(params)]
    known = [(kind, lookups) for kind, lookups in missing if lookups is not None]
    if not known:
        return None
    return sorted(finding for each in known for finding in _findings(subject, *each))


def _kinds(mapping: str) -> Iterator[_Kind]:
    text = "flag `{}` is read, expected its definition"
    yield _Kind(_once(flags.lookups), _once(flags.definitions), text, flags.OF_ABSL)
    if mapping:
        text = f"{mapping}['{{}}'] is read, expected code that writes it"
        lookups = partial(mappings.lookups, mapping=mapping)
        yield _Kind(_once(lookups), _once(mappings.definitions), text)


def _once(search: Callable[[Module], Iterable[_T]]) -> Callable[[Module], Iterable[_T]]:
    """A search that looks through each module once: most are the same before and after."""
    return cache(lambda module: tuple(search(module)))


def _findings(subject: Subject, kind: _Kind, missing: list[Lookup]) -> Iterator[Finding]:
    old = kind.missing(subject.old.closure(subject.program)) if missing else None
    known = {lookup.name for lookup in old or ()}
    for lookup in missing:
        advice = lookup.name in known
        yield Finding(lookup.file, lookup.line, kind.text.format(lookup.name), advice)
