"""Training by 1, 2 and 4 workers, on one host and on two: the time of a step, and of allreduce.

Usage: `python -m benchmarks.workers UPSTREAM_DIR STACK`, a clean checkout of the pin, which is
copied, and a folder of `effpatch stack create`. Most of the time is that in which programs start,
so that a second round doubles it. On a busy machine, the figures are worth nothing; their load is
in the output.

EfficientDet-D0 at 128 pixels, with all edits, is trained on sample data by `effpatch train`, in
turns. Every worker has a batch of its own, so that N workers do N times the work of a step, on the
same cores: no speed-up is to be expected here. Two hosts are network namespaces of this machine,
which take root; without them, these rows are left out.

- A step: what the program logs as `global_step/sec`, its mean over some steps, all hooks included.
  That is the first worker's; the others keep step with it.
- CPU: what all processes of the run took, from one such line of the log to a later one.
- Loss: of the first and the last step that is logged. So few steps of so few pictures do not tell
  whether a model learns; `tests/training` does.
- Allreduce: from Horovod's timeline, in a run of its own, as writing it keeps a thread of the first
  worker busy. See `benchmarks.timeline`.

What workers reduce in a step is counted in the graph that two of them build at the size that the
model is trained at; what bandwidth that wants is computed from it, in `benchmarks.bandwidth`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click
import psutil
import pytest

from benchmarks import scaling, timeline
from benchmarks.processes import EFFPATCH
from benchmarks.results import write_section
from benchmarks.scaling import Measured, Reductions, Run, Setting, Traced
from benchmarks.training import PACKS, patched
from patcher.packs import DEFAULT, load_pack
from patcher.training.progress import losses_in
from patcher.training.readiness import runtime_of
from patcher.training.stack import find_python, installed
from tests.training.hosts import Host, hosts

_NAMES = ("one", "two")  # of the hosts
_BATCH, _LOGGED = 2, 2  # examples of a worker, steps from one line of the log to the next
_PACKAGES = ("tensorflow", "horovod")
_WARM_UP = 10  # steps
_PAUSE = 0.05  # seconds between two looks at a log
_PACE = re.compile(r"INFO:tensorflow:global_step/sec: ([\d.e+-]+)")  # one worker logs it twice


SETTINGS = (Setting(1), Setting(2), Setting(4), Setting(2, 2), Setting(4, 2))


class Bench(NamedTuple):
    """What all runs have in common; without hosts, only those on this machine can be made."""

    tree: Path
    stack: Path
    work: Path
    steps: int
    hosts: Sequence[Host]

    def run(self, setting: Setting, name: str, **variables: str) -> Run:
        """Train once, with some variables as well.

        Raises:
            RuntimeError: It failed; with the end of its log, and what `train` said.
        """
        folder = self.work / name
        words = self._words(setting, folder)
        if setting.hosts > 1:
            words = self.hosts[0].command(*words)
        before = os.getloadavg()[0]
        said = self.work / f"{name}.out"
        with said.open("wb") as file:
            process = subprocess.Popen(
                words, env={**os.environ, **variables}, stdout=file, stderr=file
            )
            cpu = _watched(process, folder)
        printed = folder / "train.log"
        log = printed.read_text("utf-8") if printed.exists() else ""
        if process.returncode:
            raise RuntimeError(f"{log[-9000:]}\n{name} failed: {said.read_text('utf-8')}")
        paces = map(float, _PACE.findall(log))
        losses = losses_in(printed)
        return Run(
            [1 / pace for pace in paces][_WARM_UP // _LOGGED :],
            cpu,
            losses[min(losses)],
            losses[max(losses)],
            before,
        )

    def _words(self, setting: Setting, folder: Path) -> list[str]:
        each = setting.workers // setting.hosts
        spread = ("--hosts", ",".join(f"{name}:{each}" for name in _NAMES))
        where = spread if setting.hosts > 1 else ("--np", setting.workers)
        options = ("--stack", self.stack, "--device", "cpu", "--sample-data", *where)
        flags = (
            f"--model_dir={folder}",
            f"--train_batch_size={_BATCH}",
            f"--num_examples_per_epoch={_BATCH * setting.workers * (self.steps - 1)}",
            f"--log_every_n_steps={_LOGGED}",
        )
        return [*map(str, (EFFPATCH, "train", self.tree, *options, "--", *flags))]


def _watched(process: subprocess.Popen[bytes], folder: Path) -> float:
    """Wait for a run to end; gives the CPU seconds that a step of it took, after warm-up."""
    seen = dict[int, float]()
    while process.poll() is None:
        step = max(losses_in(folder / "train.log"), default=0)
        if step >= _WARM_UP and step not in seen:
            seen[step] = _cpu(str(folder))
        time.sleep(_PAUSE)
    first, last = min(seen, default=0), max(seen, default=0)
    return (seen[last] - seen[first]) / (last - first) if last > first else float("nan")


def _cpu(mark: str) -> float:
    """The CPU seconds that processes with a text in their command lines have taken so far."""
    total = 0.0
    for each in psutil.process_iter():
        with suppress(psutil.Error):
            if any(mark in word for word in each.cmdline()):
                total += sum(each.cpu_times()[:2])
    return total


@contextmanager
def _hosts(folder: Path) -> Iterator[Sequence[Host]]:
    """Two hosts; none where this machine cannot have them, which is said."""
    folder.mkdir()
    with ExitStack() as stack:
        try:
            found = stack.enter_context(hosts(folder, _NAMES))
        except pytest.skip.Exception as skipped:
            print(f"rows of two hosts are left out: {skipped}")
            found = []
        yield found


def _measure(bench: Bench, rounds: int) -> Mapping[Setting, Measured]:
    """Train in turns, and with a timeline once more."""
    settings = [each for each in SETTINGS if each.hosts == 1 or bench.hosts]
    runs: dict[Setting, list[Run]] = {each: [] for each in settings}
    traced = dict[Setting, Traced]()
    for turn in range(rounds):
        for each in settings[:: -1 if turn % 2 else 1]:
            runs[each].append(bench.run(each, f"{each.workers}-{each.hosts}-{turn}"))
    for each in settings:
        if each.workers > 1:
            file = bench.work / f"{each.workers}-{each.hosts}.json"
            run = bench.run(each, f"{file.stem}-traced", HOROVOD_TIMELINE=str(file))
            found = timeline.steps(timeline.spans(file.read_text("utf-8")), _WARM_UP)
            traced[each] = Traced(run, found)
    return {each: Measured(runs[each], traced.get(each)) for each in settings}


def reductions(tree: Path, python: Path, folder: Path, **flags: object) -> Reductions:
    """What two workers reduce in a step, of a model that some flags describe.

    Raises:
        CalledProcessError: The graph cannot be built.
    """
    runtime = runtime_of([load_pack(DEFAULT)])
    assert runtime
    result = folder / "reductions.json"
    words = {"mode": "train", "training_file_pattern": os.devnull, "model_dir": folder, **flags}
    script = Path(__file__).with_name("reductions.py")
    program = (tree / "efficientdet" / "main.py", os.path.abspath(runtime.folder), result)
    command = (python.with_name("horovodrun"), "--gloo", "-np", 2, python, script, *program)
    subprocess.run(
        [*map(str, command), *(f"--{name}={value}" for name, value in words.items())],
        env={**os.environ, "EFFPATCH_DEVICE": "cpu"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return scaling.read(json.loads(result.read_text("utf-8")))


@click.command()
@click.argument("upstream_dir", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("stack", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--rounds", default=1, show_default=True, type=click.IntRange(min=1))
@click.option("--steps", default=41, show_default=True, type=click.IntRange(min=_WARM_UP + 11))
@click.option("--write", is_flag=True, help="Write the figures into RESULTS.md.")
def main(upstream_dir: Path, stack: Path, rounds: int, steps: int, write: bool) -> None:
    """Train in turns, and print the figures."""
    start = time.monotonic()
    with TemporaryDirectory(prefix="effpatch-benchmark-") as temporary:
        work = Path(temporary)
        patched(upstream_dir, work / "tree", PACKS["supplement"])
        size = {"model_name": "efficientdet-d0", "train_batch_size": 8}
        counted = reductions(work / "tree", find_python(stack), work, **size)
        with _hosts(work / "hosts") as made:
            measured = _measure(Bench(work / "tree", stack, work, steps, made), rounds)
    versions = installed(find_python(stack)).packages
    packages = ", ".join(f"{name} {versions[name]}" for name in _PACKAGES)
    found = scaling.section(measured, counted, _BATCH, packages, time.monotonic() - start)
    print(found)
    if write:
        write_section("Workers", found)


if __name__ == "__main__":
    main()
