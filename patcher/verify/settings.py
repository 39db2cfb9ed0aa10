"""Flags and parameters: what the training program reads, it also defines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from patcher.verify import flags, params
from patcher.verify.lookup import Reading
from patcher.verify.model import Finding, Subject
from patcher.verify.module import Module


def check(subject: Subject) -> list[Finding]:
    """The flags and parameters that the program reads in vain since the edits.

    Looked at are `main.py` and all that it imports, one through the other. What was missing
    before the edits as well is advice.
    """
    missing = (
        *_missing(subject, flags.undefined, "flag `{}` is read, expected its definition"),
        *_missing(subject, params.unwritten, "params['{}'] is read, expected code that writes it"),
    )
    return sorted(missing)


def _missing(
    subject: Subject, find: Callable[[Sequence[Module]], list[Reading]], text: str
) -> Iterator[Finding]:
    found = find(subject.new.program)
    known = {read.name for read in find(subject.old.program)} if found else set()
    for read in found:
        yield Finding(read.file, read.line, text.format(read.name), read.name in known)
