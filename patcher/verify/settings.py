"""Settings: the flags and parameters that the program reads, it also defines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from patcher.verify import flags
from patcher.verify.lookup import Lookup
from patcher.verify.model import Finding, Subject
from patcher.verify.module import Module
from patcher.verify.params import unwritten

Search = Callable[[Sequence[Module]], list[Lookup] | None]


def check(subject: Subject, *, params: str = "") -> list[Finding] | None:
    """The settings that the program reads and nothing defines since the edits.

    Looked at are the program and all that it imports, one through the other; None where there is
    no program, or it reads no setting. What was missing before the edits as well is advice.

    Args:
        subject: A tree.
        params: The name of the mapping in which the program keeps parameters; "" for none.
    """
    searches: list[tuple[Search, str]] = [
        (flags.undefined, "flag `{}` is read, expected its definition")
    ]
    if params:
        text = f"{params}['{{}}'] is read, expected code that writes it"
        searches.append((partial(unwritten, mapping=params), text))
    program = subject.new.closure(subject.program)
    lookups = [(found, *each) for each in searches if (found := each[0](program)) is not None]
    if not lookups:
        return None
    return sorted(finding for each in lookups for finding in _findings(subject, *each))


def _findings(
    subject: Subject, missing: list[Lookup], search: Search, text: str
) -> Iterator[Finding]:
    old = search(subject.old.closure(subject.program)) if missing else None
    known = {lookup.name for lookup in old or ()}
    for lookup in missing:
        advice = lookup.name in known
        yield Finding(lookup.file, lookup.line, text.format(lookup.name), advice)
