"""How training goes with the number of workers, as text: measured, and on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from statistics import median, quantiles
from typing import Any, NamedTuple

from benchmarks.bandwidth import SHARE, left, ring, wanted
from benchmarks.results import machine, markdown
from benchmarks.timeline import Step
from patcher.report import count

HPUS = (8, 64)
_STEPS = (0.05, 0.1, 0.2)  # seconds of an HPU, assumed
_BFLOAT16 = 1 / 2  # of the bytes of a float32
_PASSES = ("forward", "backward")  # where normalization layers exchange moments
_FUSED = 128  # MiB, where Horovod is not told otherwise (HOROVOD_FUSION_THRESHOLD)
_CYCLES = (0.0005, 0.001)  # seconds of HOROVOD_CYCLE_TIME: the vendor's, Horovod's own
_PORTS = "https://habana.ai/gaudi-integrated-roce/"
_MEASURED = (
    *("workers", "hosts", "s a step", "quartiles", "examples/s", "to 1 worker", "CPU s a step"),
    *("in allreduce", "waiting", "operations", "s with timeline", "loss"),
)


class Setting(NamedTuple):
    """Some workers, as many on each of some hosts."""

    workers: int
    hosts: int = 1


class Run(NamedTuple):
    """One training.

    Attributes:
        seconds: Those of a step, as means of a few steps, without the first ones.
        cpu: CPU seconds of a step, of all workers.
        first: The first loss that was logged.
        last: The last one.
        load: The load of the machine before it began.
    """

    seconds: Sequence[float]
    cpu: float
    first: float
    last: float
    load: float


class Traced(NamedTuple):
    """A training with a timeline, and the steps of that."""

    run: Run
    steps: Sequence[Step]


class Measured(NamedTuple):
    """All trainings by the same workers; one worker has no timeline."""

    runs: Sequence[Run]
    traced: Traced | None

    @property
    def seconds(self) -> list[float]:
        """Those of a step, of all runs without a timeline."""
        return [*chain(*(run.seconds for run in self.runs))]


class Amount(NamedTuple):
    """Some tensors: their number, elements and bytes."""

    tensors: int
    elements: int
    bytes: int


class Reductions(NamedTuple):
    """What workers reduce in a step.

    Attributes:
        variables: What is trained.
        parts: What is reduced: `gradient`, and `forward` and `backward` in normalization layers.
        rounds: By part, and in `all`, how many reductions have to follow one another.
    """

    variables: Amount
    parts: Mapping[str, Amount]
    rounds: Mapping[str, int]


Measurements = Mapping[Setting, Measured]


def read(found: dict[str, Any]) -> Reductions:
    """What `reductions.py` reports."""
    reduced = found["reductions"]
    parts = dict.fromkeys(each["part"] for each in reduced)
    return Reductions(
        _amount(found["variables"]),
        {part: _amount([each for each in reduced if each["part"] == part]) for part in parts},
        found["rounds"],
    )


def _amount(tensors: Sequence[Mapping[str, int]]) -> Amount:
    return Amount(len(tensors), *(sum(each[key] for each in tensors) for key in Amount._fields[1:]))


def section(
    found: Measurements, counted: Reductions, batch: int, packages: str, seconds: float
) -> str:
    """The body of the section of RESULTS.md.

    Args:
        found: By the number of workers and that of hosts; that of one worker comes first.
        counted: What they reduce, of the model that is computed with.
        batch: Examples of a worker in a step.
        packages: What was trained with.
        seconds: What measuring took.
    """
    loads = [run.load for each in found.values() for run in each.runs]
    rounds = len(next(iter(found.values())).runs)
    return f"""\
`python -m benchmarks.workers UPSTREAM_DIR STACK --write`, {date.today()}, {machine()}, {packages}.
The pin with all edits, EfficientDet-D0 at 128 pixels, {batch} pictures a worker and step, on CPUs,
over Gloo; {count(rounds, "round")}, in {seconds / 60:.0f} minutes. The load average of a minute
before a run, which is largely that of the run before, was {min(loads):.1f} to {max(loads):.1f}.

{markdown(_MEASURED, _rows(found, batch))}

{_READING}

### On paper

{_sizes(counted)}

{markdown(_paper_head(), _paper(counted))}

{_notes(counted)}"""


_READING = """\
- Each worker has pictures of its own: N workers do N times the work of a step on the same cores.
- In allreduce: the part of a step in which some tensor was being reduced; waiting: the part of the
  rest in which a worker had one to reduce that another still lacked. Operations: how often tensors
  were reduced in a step, one or many at once. All by Horovod's timeline, medians over steps.
- The timeline keeps a thread of the first worker busy; the other figures are of runs without it."""


def _rows(found: Measurements, batch: int) -> Iterator[Sequence[str]]:
    alone = median(next(iter(found.values())).seconds)
    for (workers, hosts), each in found.items():
        low, middle, high = quantiles(each.seconds, n=4)
        first, last = (
            median(getattr(run, name) for run in each.runs) for name in ("first", "last")
        )
        yield (
            *(str(workers), str(hosts), f"{middle:.3f}", f"{low:.3f} to {high:.3f}"),
            *(f"{workers * batch / middle:.1f}", f"{workers * alone / middle:.2f}"),
            f"{median(run.cpu for run in each.runs):.2f}",
            *_traced(each.traced),
            f"{first:.2f} to {last:.2f}",
        )


def _traced(traced: Traced | None) -> Sequence[str]:
    if not traced:
        return ("",) * 4
    steps = traced.steps
    return (
        f"{median(each.allreduce / each.seconds for each in steps):.0%}",
        f"{median(each.waiting / each.seconds for each in steps):.0%}",
        f"{median(each.operations for each in steps):.0f}",
        f"{median(traced.run.seconds):.3f}",
    )


def _sizes(counted: Reductions) -> str:
    gradients, moments = counted.parts["gradient"], _moments(counted)
    trained = "all that are trained" if gradients == counted.variables else "not all that are"
    megabytes, others = (f"{each.bytes / 1e6:.2f} MB" for each in (gradients, moments))
    passes = " and ".join(f"{counted.parts[part].tensors} {part}" for part in _PASSES)
    return f"""\
EfficientDet-D0 at 512 pixels with 90 classes, counted in the graph that two workers build:
{gradients.tensors} gradients of {gradients.elements:,} numbers ({trained}), {megabytes} in float32,
where Horovod's fusion buffer has {_FUSED} MiB. The normalization layers reduce
{moments.tensors} tensors more, {passes}, of {others} in all."""


def _moments(counted: Reductions) -> Amount:
    kept = (counted.parts[part] for part in _PASSES)
    return Amount(*map(sum, zip(*kept, strict=True)))


def _paper_head() -> list[str]:
    types = ("float32", "bfloat16")
    return ["ms a step", *(f"Gb/s, {n} HPUs, {name}" for name in types for n in HPUS), "ms a round"]


def _paper(counted: Reductions) -> Iterator[Sequence[str]]:
    size, rounds = counted.parts["gradient"].bytes, counted.rounds["all"]
    for step in _STEPS:
        needs = (wanted(size * part, n, step) for part in (1, _BFLOAT16) for n in HPUS)
        yield (
            f"{step * 1000:.0f}",
            *(f"{need * 8 / 1e9:.1f}" for need in needs),
            f"{left(step, rounds) * 1000:.3f}",
        )


def _notes(counted: Reductions) -> str:
    size, rounds = counted.parts["gradient"].bytes, counted.rounds
    sent = " and ".join(f"{ring(size, n) / 1e6:.1f} MB of {n}" for n in HPUS)
    cycles = " and ".join(
        f"{rounds['all'] * each * 1000:.0f} ms at {each * 1000:g} ms" for each in _CYCLES
    )
    share = f"{SHARE:.0%}"
    return f"""\
- Gb/s: what each HPU has to send, and to receive, for allreduce of the gradients to be {share} of a
  step if nothing overlaps: 2 (N - 1) / N B (1 - s) / (s T), of N HPUs, B bytes, a share s, and a
  step that takes T without allreduce. A ring sends {sent}, each HPU and step.
  A first Gaudi has ten ports of 100 Gb/s ({_PORTS}).
- The times of a step are assumed: the vendor's public repository has none for this model.
- {rounds["all"]} reductions depend on one another, {rounds["forward"]} of them in the forward pass,
  where a layer waits for the moments of the one before, and {rounds["backward"]} in the backward.
  Milliseconds a round are what each may take for all to be {share} of a step: that is latency, and
  no bandwidth helps. Horovod begins them once a cycle (HOROVOD_CYCLE_TIME): if each waits for one,
  all take {cycles}."""
