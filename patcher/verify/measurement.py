"""What the graph that a program builds is like, as whoever ran the program has measured it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of a graph with a tensor of too high a rank, or of a rank that is not known.

    Attributes:
        name: Its name in the graph.
        type: What it does, as the graph names it.
        shape: Of its output of the highest rank, None where a side is not known; None itself
            where the rank is not.
        file: The file below the program's folder that made it, or what it is the gradient of.
        line: The line there, 1-based.
    """

    name: str
    type: str
    shape: Sequence[int | None] | None
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a graph is like, or why there is none.

    Attributes:
        operations: How many operations it has; 0 where no program could be run.
        found: Those of too high or unknown rank.
        forwarded: How many more only hand on a tensor of one of those.
        failure: Why the program built no graph, as a sentence; "" where it did.
    """

    operations: int = 0
    found: Sequence[Operation] = ()
    forwarded: int = 0
    failure: str = ""
