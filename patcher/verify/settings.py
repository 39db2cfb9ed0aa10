"""Flags and parameters: what the training program reads, it also defines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from patcher.verify import flags, params
from patcher.verify.model import Finding, Subject
from patcher.verify.reading import Reading


def check(subject: Subject) -> list[Finding]:
    """The flags and parameters that the program reads in vain since the edits.

    Looked at are `main.py` and all that it imports, one through the other. What was missing
    before the edits as well is advice.
    """
    old, new = subject.old.program, subject.new.program
    flag = "flag `{}` is read, wanted its definition"
    key = "params['{}'] is read, wanted code that writes it"
    return sorted(
        [
            *_told(flags.undefined(new), flags.undefined(old), flag),
            *_told(params.unwritten(new), params.unwritten(old), key),
        ]
    )


def _told(now: Sequence[Reading], then: Sequence[Reading], text: str) -> Iterator[Finding]:
    known = {read.name for read in then}
    for read in now:
        yield Finding(read.file, read.line, text.format(read.name), read.name in known)
