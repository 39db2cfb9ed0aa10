"""What Horovod's timeline says of the steps of a training: how long each was in allreduce.

The first worker writes it, as events of Chrome's trace format. Each tensor is a process in it:
`M` names it, `B` begins and `E` ends what is done with it, pairs within pairs, at a microsecond.
`NEGOTIATE_ALLREDUCE` lasts from where some worker has the tensor to where all have it,
`ALLREDUCE` from there to where the first worker has the result; tensors that are reduced together
have the same times.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import Any, NamedTuple

REDUCED, NEGOTIATED = "ALLREDUCE", "NEGOTIATE_ALLREDUCE"


class Span(NamedTuple):
    """From when to when, in seconds."""

    start: float
    end: float


class Step(NamedTuple):
    """One step of a training.

    Attributes:
        seconds: How long it took.
        allreduce: How much of that some tensor was being reduced.
        waiting: How much of the rest some worker had a tensor to reduce that another one lacked.
        operations: How often tensors were reduced, one or many at once.
        tensors: How many were.
    """

    seconds: float
    allreduce: float
    waiting: float
    operations: int
    tensors: int


Spans = Mapping[str, Mapping[str, Sequence[Span]]]


def spans(text: str) -> Spans:
    """When what was done, by its name and by tensor; the end of the text may be missing."""
    names, begun = dict[int, str](), defaultdict[int, list[tuple[str, float]]](list)
    found = defaultdict[str, dict[str, list[Span]]](dict)
    for event in _events(text):
        tensor = event.get("pid", 0)
        if event["ph"] == "M" and event["name"] == "process_name":
            names[tensor] = event["args"].get("name", "")
        elif event["ph"] == "B":
            begun[tensor].append((event["name"], event["ts"] / 1e6))
        elif event["ph"] == "E" and begun[tensor]:
            name, start = begun[tensor].pop()
            found[name].setdefault(names[tensor], []).append(Span(start, event["ts"] / 1e6))
    return found


def _events(text: str) -> Iterator[dict[str, Any]]:
    """All events that are complete."""
    decoder, place = json.JSONDecoder(), text.find("{")
    while place >= 0:
        try:
            event, place = decoder.raw_decode(text, place)
        except json.JSONDecodeError:
            return
        yield event
        place = text.find("{", place)


def steps(found: Spans, skipped: int) -> list[Step]:
    """The steps of a training, without the first ones and the last.

    A step lasts from where the tensor that is the first to be reduced in the first step begins to
    be reduced, to where it does in the next step. Each step reduces the same tensors.
    """
    reduced = found.get(REDUCED, {})
    count = max(map(len, reduced.values()), default=0)
    regular = [each for each in reduced.values() if len(each) == count]
    first = min(regular, key=lambda each: each[0].start, default=[])
    every = union(chain(*reduced.values()))
    known = union([*every, *chain(*found.get(NEGOTIATED, {}).values())])
    return [
        _step(Span(start, end), every, known, reduced)
        for (start, _), (end, _) in pairwise(first[skipped:])
    ]


def _step(
    within: Span,
    every: Sequence[Span],
    known: Sequence[Span],
    reduced: Mapping[str, Sequence[Span]],
) -> Step:
    allreduce = covered(every, within)
    return Step(
        within.end - within.start,
        allreduce,
        covered(known, within) - allreduce,
        sum(within.start <= each.start < within.end for each in every),
        sum(within.start <= each.start < within.end for each in chain(*reduced.values())),
    )


def union(parts: Iterable[Span]) -> list[Span]:
    """The same times, in order and without overlaps; what only meets stays apart."""
    merged: list[Span] = []
    for part in sorted(parts):
        if merged and part.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, part.end))
        else:
            merged.append(part)
    return merged


def covered(parts: Iterable[Span], within: Span) -> float:
    """How many seconds of a span others cover, which do not overlap each other."""
    return sum(max(0.0, min(end, within.end) - max(start, within.start)) for start, end in parts)
