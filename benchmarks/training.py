"""Training before and after the documented edits: the same losses, in the same time.

Usage: `python -m benchmarks.training UPSTREAM_DIR STACK`, a clean checkout of the pin, which is
copied, and a folder of `effpatch stack create`.

All copies get the pack `tensorflow_2_15`, one of them the documented edits as well, and another
`supplement` too. They train in turns, one process each, with the same seed, data, order of records
(whatever `supplement` does to that of files) and command line. That asks for a log every 100 steps,
which the program before the edits does anyway: it has no such flag and ignores it. A step lasts
from the end of the step before to its own, with all hooks.
The program before the edits is trained twice: where Horovod is installed it runs fewer operations
in parallel, max(2, CPUs - 2), though one process does not need it; after the edits it runs 4, as
without Horovod (main-10). With 4 as well, it shows what the edits themselves cost.
The exit code is 1 where losses, or times with as many threads, differ by more than the limits. A
busy machine spoils the times: it was busy where CPU times are equal and clock times are not.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from patcher.packs import DEFAULT, load_pack
from patcher.training.program import sample_run
from patcher.training.readiness import program_of, runtime_of
from patcher.training.session import Session
from patcher.training.stack import find_python

PACKS = {
    "before": ["tensorflow_2_15"],
    "after": ["documented", "tensorflow_2_15"],
    "supplement": ["documented", "tensorflow_2_15", "supplement"],
}
ALIKE, RESOURCES = "before, 4 threads", "with supplement"
# The tree of each row, and the number of threads; 0 for as many as the program asks for.
ROWS = {
    "before": ("before", 0),
    ALIKE: ("before", 4),
    "after": ("after", 0),
    RESOURCES: ("supplement", 0),
}
COMPARED = 20  # steps whose losses have to be equal
# The last place of a float32, as a fraction of the loss. A wider limit would not help: training
# amplifies any rounding. The same sums in another order (TF_ENABLE_ONEDNN_OPTS=0) give losses that
# differ by 5e-7 in the first step and by 4e-2 in the sixth.
NOISE = float(np.finfo(np.float32).eps)
# What another order of the same sums may change in the first loss, a few times over. TensorFlow's
# optimizer of graphs (Grappler) rewrites a graph with resource variables otherwise than one with
# legacy variables. Without it, losses of both are equal as above.
FIRST = 16 * NOISE
SLACK = 0.05  # of the time of a step
WARM_UP = 10
_LOG = ("--undefok=log_every_n_steps", "--log_every_n_steps=100")


class Run(NamedTuple):
    """The loss of each step, and the seconds of clock and CPU that each but the first took."""

    losses: Sequence[float]
    seconds: Sequence[float]
    cpu: Sequence[float]


def patched(upstream: Path, tree: Path, packs: Sequence[str]) -> Path:
    """The program in a copy of the upstream with some packs applied."""
    shutil.copytree(upstream, tree, symlinks=True)
    options = [word for name in packs for word in ("--pack", name)]
    effpatch = Path(sys.executable).with_name("effpatch")
    subprocess.run([effpatch, "apply", tree, *options], check=True, stdout=subprocess.DEVNULL)
    return tree / program_of([load_pack(DEFAULT)])


def trained(
    program: Path,
    python: Path,
    data: Sequence[str],
    folder: Path,
    steps: int,
    threads: int = 0,
    *,
    optimized: bool = True,
) -> Run:
    """The losses and times of a seeded training by one process on a CPU.

    Args:
        program: The tree's `main.py`.
        python: One with TensorFlow.
        data: The arguments for a training on sample data.
        folder: Where results go; made.
        steps: Number of steps.
        threads: How many run operations in parallel; 0 for as many as the program asks for.
        optimized: Whether TensorFlow may rewrite the graph.

    Raises:
        RuntimeError: It failed; with the end of what it printed.
    """
    flags = (
        *data,
        *_LOG,
        "--train_batch_size=2",
        f"--num_examples_per_epoch={2 * (steps - 1)}",
        f"--model_dir={folder}/model",
    )
    result = folder / "result.json"
    settings = str(threads), "on" if optimized else "off"
    arguments = (str(program), str(result), *settings, *flags)
    seeded, runtime = Path(__file__).with_name("seeded.py"), runtime_of([load_pack(DEFAULT)])
    session = Session(seeded, python, folder, arguments, device="cpu", runtime=runtime)
    folder.mkdir()
    done = subprocess.run(
        session.command(), env=session.environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    losses, *clocks = zip(*json.loads(result.read_text()), strict=True)
    return Run(losses, *([end - start for start, end in pairwise(clock)] for clock in clocks))


def difference(losses: Sequence[float], others: Sequence[float]) -> float:
    """The largest one between losses of the same step, relative to the first; NaN if one is."""
    ours, theirs = np.array(losses), np.array(others)
    return float(np.max(np.abs(ours - theirs) / np.abs(ours)))


@click.command()
@click.argument("upstream_dir", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("stack", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(min=1))
@click.option("--steps", default=111, show_default=True, type=click.IntRange(min=WARM_UP + 10))
def main(upstream_dir: Path, stack: Path, rounds: int, steps: int) -> None:
    """Train in turns, print how the runs compare, and fail if they differ."""
    python = find_python(stack)
    runs: dict[str, list[Run]] = {row: [] for row in ROWS}
    with TemporaryDirectory(prefix="effpatch-benchmark-") as temporary:
        work = Path(temporary)
        data = sample_run(python, work / "data", 1)
        programs = {name: patched(upstream_dir, work / name, PACKS[name]) for name in PACKS}
        for number in range(rounds):
            for row in list(ROWS)[:: -1 if number % 2 else 1]:
                (name, threads), folder = ROWS[row], work / f"{row}-{number}"
                run = trained(programs[name], python, data, folder, steps, threads)
                runs[row].append(run)
        built = [
            trained(program, python, data, work / f"{name}-built", COMPARED, optimized=False).losses
            for name, program in programs.items()
        ]
    gap = float(np.max([difference(built[0], losses) for losses in built[1:]]))
    _show(runs)
    print(f"largest difference in {COMPARED} steps of the graphs as built: {gap:.3g}")
    sys.exit("; ".join(_faults(runs, gap)) or 0)


def _show(runs: dict[str, list[Run]]) -> None:
    title = f"seconds per step, without the first {WARM_UP} of each run"
    table = Table("", "quartiles", "", "", "medians of the runs", "CPU", title=title)
    for name, found in runs.items():
        table.add_row(
            name,
            *(f"{each:.4f}" for each in quantiles(_seconds(found), n=4)),
            ", ".join(f"{median(_seconds([run])):.4f}" for run in found),
            f"{median(each for run in found for each in run.cpu[WARM_UP - 1 :]):.4f}",
        )
    Console().print(table)
    losses = runs["before"][0].losses
    print(f"{len(losses)} steps, loss {losses[0]:.6f} to {losses[-1]:.6f}")
    print(
        f"largest difference, relative to the loss: {_gap(runs, COMPARED):.3g} in the first ",
        end="",
    )
    print(f"{COMPARED} steps, {_gap(runs, len(losses)):.3g} in all;", end=" ")
    print(f"with supplement {_first(runs):.3g} in the first step")
    print(f"time of a step: {100 * _change(runs, 'before'):+.1f} % after the edits, ", end="")
    print(f"{100 * _change(runs, ALIKE):+.1f} % with as many threads, ", end="")
    print(f"{100 * _change(runs, 'after', RESOURCES):+.1f} % from these edits to `supplement`")


def _faults(runs: dict[str, list[Run]], built: float) -> Iterator[str]:
    if not built <= NOISE:
        yield f"losses of graphs as built differ by {built:.3g}, expected {NOISE:.3g} at most"
    if not _first(runs) <= FIRST:
        yield f"first losses differ by {_first(runs):.3g}, expected {FIRST:.3g} at most"
    if not _gap(runs, COMPARED) <= NOISE:
        yield f"losses differ by {_gap(runs, COMPARED):.3g}, expected {NOISE:.3g} at most"
    if abs(_change(runs, ALIKE)) > SLACK:
        yield f"times differ by {_change(runs, ALIKE):.1%}, expected {SLACK:.0%} at most"


def _gap(runs: dict[str, list[Run]], steps: int) -> float:
    """The largest difference of a loss in the first steps, each run compared with the first.

    Those with `supplement` are left out.
    """
    kept = (found for row, found in runs.items() if row != RESOURCES)
    first, *others = (run.losses[:steps] for found in kept for run in found)
    return float(np.max([difference(first, losses) for losses in others]))


def _first(runs: dict[str, list[Run]]) -> float:
    """The largest difference of the first loss between the rows before and with `supplement`."""
    before = runs["before"][0].losses[:1]
    return float(np.max([difference(before, run.losses[:1]) for run in runs[RESOURCES]]))


def _change(runs: dict[str, list[Run]], row: str, to: str = "after") -> float:
    """What a row of edits adds to the median time of a step in another, as a fraction of it."""
    return median(_seconds(runs[to])) / median(_seconds(runs[row])) - 1


def _seconds(runs: Sequence[Run]) -> list[float]:
    return [each for run in runs for each in run.seconds[WARM_UP - 1 :]]


if __name__ == "__main__":
    main()
