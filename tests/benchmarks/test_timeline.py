"""Horovod's timeline, as a training writes it: what its steps spent on allreduce."""

import json
from collections.abc import Iterator

import pytest

from benchmarks.timeline import Span, covered, spans, steps, union

Event = dict[str, object]


def named(tensor: int, name: str) -> Event:
    return {"name": "process_name", "ph": "M", "pid": tensor, "args": {"name": name}}


def lasting(tensor: int, name: str, start: int, end: int, *inner: Event) -> Iterator[Event]:
    """A pair of events, with others within; times are milliseconds."""
    yield {"ph": "B", "name": name, "ts": start * 1000, "pid": tensor}
    yield from inner
    yield {"ph": "E", "ts": end * 1000, "pid": tensor, "args": {"dtype": "float32"}}


def training(number: int) -> list[Event]:
    """Steps of 100 ms: two tensors together, 10 ms long, then one for 20, 5 of them waited for."""
    events = [
        {"name": "process_name", "ph": "M", "pid": 0, "args": {"start_time": 1}},
        *(named(tensor, name) for tensor, name in enumerate(("mean", "square", "weights"), 1)),
        named(4, "broadcast"),
        *lasting(4, "BROADCAST", 0, 5),
    ]
    for start in range(10, 10 + 100 * number, 100):
        copied = [*lasting(1, "MEMCPY_IN_FUSION_BUFFER", start + 1, start + 2)]
        events += lasting(1, "ALLREDUCE", start, start + 10, *copied)
        events += lasting(2, "ALLREDUCE", start, start + 10)
        events += lasting(3, "NEGOTIATE_ALLREDUCE", start + 45, start + 50)
        events += lasting(3, "ALLREDUCE", start + 50, start + 70)
    return events


def test_the_steps_of_a_training() -> None:
    found = steps(spans(json.dumps(training(5))), skipped=1)
    assert len(found) == 3
    for step in found:
        assert step.seconds == pytest.approx(0.1)
        assert step.allreduce == pytest.approx(0.03)
        assert step.waiting == pytest.approx(0.005)
        assert (step.operations, step.tensors) == (2, 3)


def test_what_is_reduced_once_is_part_of_a_step_and_begins_none() -> None:
    once = [named(9, "metric"), *lasting(9, "ALLREDUCE", 1, 2), *lasting(8, "ALLREDUCE", 180, 190)]
    found = steps(spans(json.dumps([named(8, "late"), *training(4), *once])), skipped=0)
    assert [each.operations for each in found] == [2, 3, 2]
    assert found[1].allreduce == pytest.approx(0.04)


def test_the_end_of_a_timeline_may_be_missing() -> None:
    whole = json.dumps(training(4))
    assert steps(spans(whole[:-1]), 0) == steps(spans(whole), 0)
    cut = whole[: whole.rindex('"ts"')]
    assert len(steps(spans(cut), 0)) == 3
    assert spans("") == {}
    assert spans("[") == {}


def test_a_timeline_without_allreduce_has_no_steps() -> None:
    events = [named(1, "weights"), *lasting(1, "BROADCAST", 1, 2)]
    assert steps(spans(json.dumps(events)), 0) == []


def test_pairs_within_pairs_are_told_apart() -> None:
    found = spans(json.dumps(training(1)))
    assert found["ALLREDUCE"]["mean"] == [Span(0.01, 0.02)]
    assert found["MEMCPY_IN_FUSION_BUFFER"] == {"mean": [Span(0.011, 0.012)]}
    assert found["BROADCAST"] == {"broadcast": [Span(0, 0.005)]}


def test_overlaps_count_once() -> None:
    parts = union([Span(5, 6), Span(1, 3), Span(2, 4), Span(4, 4.5)])
    assert parts == [Span(1, 4), Span(4, 4.5), Span(5, 6)]
    assert covered(parts, Span(2, 5.5)) == 3
    assert covered(parts, Span(7, 9)) == 0
