"""One training run: its folder, its log, and how it ended."""

from __future__ import annotations

import glob
import json
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.version import Version

from patcher.errors import (
    NoModelDir,
    NoStepTrained,
    NoTrainingData,
    TooFewFiles,
    TooNew,
    TrainingFailed,
    TrainingStopped,
    Unported,
)
from patcher.model import State
from patcher.operations.mismatch import mismatches
from patcher.operations.select import Look
from patcher.training import flags, log, processes, samples
from patcher.training.interpreter import Interpreter
from patcher.training.launch import Launch
from patcher.training.progress import Course

LOG, PICTURE = "train.log", "loss.png"
_NEWER = Version("2.12")  # the first TensorFlow that the pack tensorflow_2_15 is for
_ELSEWHERE = "://"  # as in gs://bucket/folder, which TensorFlow reaches by itself


@dataclass(frozen=True, slots=True)
class Session:
    """A run that can start.

    Attributes:
        launch: How.
        folder: Where log, curve and sample data go.
        course: How far it has come.
        results: Where checkpoints and event files go: the same folder, or an address.
    """

    launch: Launch
    folder: Path
    course: Course
    results: str

    @property
    def log(self) -> Path:
        """All that the program prints."""
        return self.folder / LOG

    def run(self, told: Callable[[str], None]) -> None:
        """Train to the end.

        Args:
            told: Gets each line that the program prints, when the course knows it.

        Raises:
            TrainingFailed: The program ended with an error.
            NoStepTrained: It ended without one, and without a step.
            TrainingStopped: Somebody stopped it.
        """
        course, command = self.course, self.launch.command
        with log.opened(self.log) as keep:
            keep(f"$ {shlex.join(command)}")

            def line(text: str) -> None:
                keep(text)
                course.read(text)
                told(text)

            try:
                code = processes.run(command, self.launch.environment, line)
            except KeyboardInterrupt:
                raise TrainingStopped(str(self.log), course.saved) from None
        if code:
            raise TrainingFailed(str(self.log), code, course.error, course.saved)
        trained = course.losses or course.saved or course.done_before
        if not (trained or _evaluates(self.launch.arguments)):
            raise NoStepTrained(str(self.log))

    def draw(self) -> str:
        """Draw the loss curve beside the log; says why it could not, "" where it could."""
        points = json.dumps(sorted(self.course.losses.items()))
        return self.launch.python.script("curve", str(self.folder / PICTURE), given=points)


def require_ported(place: str, look: Look) -> None:
    """See that a tree has every edit of the packs looked for.

    Raises:
        MismatchError: Some rule does not fit it.
        Unported: Some edit is not made.
    """
    if look.plan.misfits:
        raise mismatches(look.plan)
    outcomes = look.plan.outcomes
    pending = [outcome.id for outcome in outcomes if outcome.state is State.PENDING]
    if pending:
        raise Unported(place, pending, len(outcomes))


def require_current(place: str, python: Interpreter, look: Look) -> None:
    """See that a tree has the edits that its TensorFlow wants.

    Args:
        place: The tree, for the sentence.
        python: What has TensorFlow.
        look: At the tree by the pack for TensorFlow 2.12 and newer.

    Raises:
        TooNew: Some edit is not made.
    """
    pending = [each.id for each in look.plan.outcomes if each.state is State.PENDING]
    version = python.tensorflow
    if pending and version and Version(version) >= _NEWER:
        raise TooNew(place, version, pending, pending[0].partition("/")[0])


def prepare(launch: Launch, folder: Path, *, sample_data: bool) -> Session:
    """Get all ready that a run needs.

    Args:
        launch: How it is started.
        folder: Where its results go, unless its arguments say; made if it is not there.
        sample_data: Whether to write sample data there and train on it.

    Raises:
        PatchError: The environment lacks something, or there is nothing to train on.
    """
    launch.check()
    given = launch.arguments
    wanted = flags.value(given, "model_dir")
    if wanted == "":
        raise NoModelDir
    if wanted is None or _ELSEWHERE not in wanted:
        folder = Path(wanted or folder)
        wanted = str(folder.absolute())
    if not sample_data:
        _require_data(launch)
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    ours: tuple[str, ...] = (f"--model_dir={wanted}",)
    if sample_data:
        pattern = samples.write(launch.python, folder / "sample-data", launch.workers)
        ours += samples.arguments(pattern, launch.workers)
    launch = replace(launch, arguments=(*ours, *given))
    total = flags.steps(launch.program, launch.arguments, launch.workers)
    return Session(launch, folder, Course(total), wanted)


def _require_data(launch: Launch) -> None:
    """See that there are files for every worker, as far as this machine can tell."""
    given = launch.arguments
    pattern = flags.value(given, "training_file_pattern") or ""
    if _evaluates(given) or flags.value(given, "flagfile") is not None:
        return
    if pattern and (_ELSEWHERE in pattern or not launch.is_local):
        return
    files = len(glob.glob(pattern))
    if not files:
        raise NoTrainingData(pattern)
    if files < launch.workers:
        raise TooFewFiles(pattern, files, launch.workers)


def _evaluates(arguments: Sequence[str]) -> bool:
    return flags.value(arguments, "mode") == "eval"
