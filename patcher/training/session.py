"""One training run: its folder, its log, and how it ended."""

from __future__ import annotations

import glob
import json
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from patcher.errors import StackError, StoppedError, TrainingError
from patcher.training import processes, program
from patcher.training.interpreter import run_script
from patcher.training.launch import Launch
from patcher.training.progress import Progress

PICTURE = "loss.png"
_ADDRESS = "://"  # in gs://bucket/folder and the like, which TensorFlow reaches by itself


@dataclass(frozen=True, slots=True)
class Session:
    """A run that can start.

    Attributes:
        folder: Where log, curve and sample data go.
        results: Where checkpoints and event files go: the same folder, or an address.
    """

    launch: Launch
    folder: Path
    progress: Progress
    results: str

    @property
    def log(self) -> Path:
        """All that the program prints."""
        return self.folder / "train.log"

    def run(self, on_line: Callable[[str], None]) -> None:
        """Train to the end; each line that the program prints goes to `on_line` as well.

        Raises:
            TrainingError: The program ended with an error, or without having trained.
            StoppedError: The user stopped it.
        """
        command = self.launch.command
        with processes.open_log(self.log) as add:
            add(f"$ {shlex.join(command)}")

            def read(line: str) -> None:
                add(line)
                self.progress.read(line)
                on_line(line)

            try:
                code = processes.run(command, self.launch.environment, read)
            except KeyboardInterrupt:
                found = "training was interrupted and every worker ended"
                raise StoppedError(str(self.log), found, next_step=self._advice) from None
        self._require_success(code)

    def draw_curve(self) -> None:
        """Draw the loss curve next to the log.

        Raises:
            StackError: It cannot be drawn.
        """
        points = json.dumps(sorted(self.progress.losses.items()))
        run_script(self.launch.python, "curve", str(self.folder / PICTURE), text=points)

    def _require_success(self, code: int) -> None:
        progress, log = self.progress, str(self.log)
        if code:
            cause = f" ({progress.error})" if progress.error else ""
            found = f"training ended with exit code {code}{cause}"
            raise TrainingError(log, found, "0", self._advice)
        trained = progress.losses or progress.saved or progress.done_before
        if not (trained or program.evaluates(self.launch.arguments)):
            found = "the program ended without an error and without a step"
            raise TrainingError(log, found, "training", "read there what it did")

    @property
    def _advice(self) -> str:
        resume = f"; the same --model_dir continues from {self.progress.saved}"
        return f"read there what it printed{resume if self.progress.saved else ''}"


def prepare(launch: Launch, folder: Path, *, sample_data: bool) -> Session:
    """Get everything ready that a run needs.

    Its results go to the folder, unless its arguments say; it is made if it does not exist. With
    `sample_data`, such data is written there and trained on.

    Raises:
        PatchError: The environment lacks something, or there is nothing to train on.
    """
    launch.check()
    given = launch.arguments
    folder, results = _destination(given, folder)
    if not sample_data:
        _require_data(launch)
    folder.mkdir(parents=True, exist_ok=True)
    ours: tuple[str, ...] = (f"--model_dir={results}",)
    if sample_data:
        pattern = program.write_samples(launch.python, folder / "sample-data", launch.workers)
        ours += program.sample_run(pattern, launch.workers)
    launch = replace(launch, arguments=(*ours, *given))
    total = program.last_step(launch.program, launch.arguments, launch.workers)
    return Session(launch, folder, Progress(total), results)


def _destination(arguments: Sequence[str], folder: Path) -> tuple[Path, str]:
    """The folder for the log, and the place for checkpoints, which may be an address."""
    model_dir = program.flag(arguments, "model_dir")
    if model_dir == "":
        advice = "name one, or leave the flag out for a new one"
        raise StackError("ARGS", "--model_dir is empty", "a folder", advice)
    if model_dir and _ADDRESS in model_dir:
        return folder.absolute(), model_dir
    folder = Path(model_dir or folder).absolute()
    return folder, str(folder)


def _require_data(launch: Launch) -> None:
    """Check that there are files for every worker, as far as this machine can tell."""
    pattern = program.data_pattern(launch.arguments)
    if pattern is None or (pattern and (_ADDRESS in pattern or not launch.is_local)):
        return
    files = len(glob.glob(pattern))
    if not files:
        found = "no such file" if pattern else "no --training_file_pattern"
        advice = "correct --training_file_pattern, or pass --sample-data"
        raise StackError(pattern or "ARGS", found, "TFRecords to train on", advice)
    if files < launch.workers:
        found = f"{files} file{'s' if files > 1 else ''} for {launch.workers} workers"
        advice = "split the data into more, or lower --np"
        raise StackError(pattern, found, "at least one for each", advice)
