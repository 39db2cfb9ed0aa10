"""One training run: how it is started, where its results go, and how it ended."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from patcher.errors import LostError, StoppedError, TrainingError
from patcher.model import Runtime
from patcher.packs.accelerators import Limit, Preset
from patcher.training import causes, hosts, processes, program, remote
from patcher.training.isolation import program_command
from patcher.training.launchers import Launch
from patcher.training.presets import values_of
from patcher.training.progress import Progress, separated
from patcher.training.variables import passed_on


@dataclass(frozen=True, slots=True)
class Session:
    """One run of a program, by one worker or several.

    Attributes:
        folder: Where log, curve and sample data go.
        launch: How its workers are started.
        device: What to train on, one of DEVICES.
        runtime: Modules that the program imports, where nothing else has them.
        pass_env: The variables to pass on besides those on the list; `NAME*` stands for several.
        presets: Variables to set where the user has not.
        limits: What the vendor of the device names as the limits of the program on it.
        results: Where checkpoints and event files go, once prepared: the folder, or an address.
        runtime_first: Whether the runtime comes first on PYTHONPATH, and not last.
        notes: What the user should know before it starts.
    """

    program: Path
    python: Path
    folder: Path
    arguments: tuple[str, ...] = ()
    launch: Launch = field(default_factory=Launch)
    device: str = "auto"
    runtime: Runtime | None = None
    pass_env: tuple[str, ...] = ()
    presets: tuple[Preset, ...] = ()
    limits: tuple[Limit, ...] = ()
    progress: Progress = field(default_factory=Progress)
    results: str = ""
    runtime_first: bool = False
    notes: tuple[str, ...] = ()

    @property
    def log(self) -> Path:
        """All that the program prints."""
        return self.folder / "train.log"

    @property
    def users_environment(self) -> dict[str, str]:
        """The variables of this environment that are passed on."""
        return passed_on((*self.pass_env, *([remote.AGENT] if self.launch.hosts else [])))

    @property
    def evaluates(self) -> bool:
        """Whether it evaluates a model and trains none."""
        return program.evaluates(self.arguments)

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables to run it with."""
        variables = self.users_environment
        path = variables.get("PYTHONPATH", "")
        programs = [str(self.programs)] if hosts.others(self.launch.hosts) else []
        return {
            **values_of(self.presets, variables),
            **self.launch.variables,
            **variables,
            "PATH": os.pathsep.join((*programs, variables["PATH"])),
            "PYTHONNOUSERSITE": "1",  # this and the next two are for what the program starts
            "PYTHONPATH": self._with_runtime(path),
            "PYTHONUNBUFFERED": "1",
            "EFFPATCH_DEVICE": self.device,
        }

    def _with_runtime(self, path: str) -> str:
        """A PYTHONPATH, and the runtime in its place."""
        runtime = os.path.abspath(self.runtime.folder) if self.runtime else ""
        folders = [runtime, path] if self.runtime_first else [path, runtime]
        return os.pathsep.join(filter(None, folders))

    @property
    def programs(self) -> Path:
        """Where the launcher finds an `ssh` that reaches other hosts as the user wants it."""
        return self.folder.absolute() / "bin"

    def command(self) -> list[str]:
        """What to run.

        Raises:
            StackError: The launcher is missing.
        """
        if not self.launch.is_needed:
            return self._worker
        start = self.launch.command(self.python, self.environment, self.pass_env)
        return [*start, *self._worker]

    @property
    def _worker(self) -> list[str]:
        """What each worker runs."""
        path = self.environment["PYTHONPATH"]
        return program_command(self.python, self.program, path, *self.arguments)

    def run(self, on_line: Callable[[str], None]) -> None:
        """Train to the end; each line that the program prints goes to `on_line` as well.

        Raises:
            LostError: A worker, a host or the launcher was lost.
            TrainingError: The program ended with an error, or without having trained; or each of
                several workers has begun to train a model of its own, in which case all are ended.
            StoppedError: The user stopped it.
        """
        command, oom_kills, workers = self.command(), causes.oom_kills(), self.launch.workers
        elsewhere = remote.elsewhere(self.python, self.launch.hosts, self.launch.ssh)
        if elsewhere:
            self.launch.ssh.write_program(self.programs)
        processes.append(self.log, f"$ {shlex.join(command)}")

        def read(text: str) -> None:
            for line in separated(text):
                processes.append(self.log, line)
                self.progress.read(line)
                on_line(line)
            if apart := self.progress.separation(workers):
                raise self._separated(apart)

        try:
            # A launcher starts Pythons of its own, which would import from the folder it is in.
            folder = self.python.parent
            code = processes.run(command, self.environment, read, folder, self._worker, elsewhere)
        except KeyboardInterrupt:
            found = f"training was interrupted and {_ended(elsewhere)}"
            raise StoppedError(str(self.log), found, next_step=self.advice) from None
        self._require_success(code, oom_killed=causes.oom_kills() > oom_kills)

    def _separated(self, why: str) -> TrainingError:
        """The error that workers train a model each, or count otherwise, without a word."""
        found = f"the workers do not train one model together: {why}"
        wanted = f"one training of {self.launch.workers}"
        advice = "apply the pack supplement, by which every worker starts Horovod"
        return TrainingError(str(self.log), found, wanted, advice)

    def _require_success(self, code: int, *, oom_killed: bool) -> None:
        progress, log = self.progress, str(self.log)
        what = "evaluation" if self.evaluates else "training"
        if code and (known := progress.failure(code, oom_killed=oom_killed)):
            kind = LostError if known.is_loss else TrainingError
            found, advice = f"{what} failed: {known.found}", f"{known.cure}{self.continuation}"
            raise kind(log, found, next_step=advice)
        if code:
            is_lost = progress.has_begun and not progress.has_own_error
            kind = LostError if is_lost else TrainingError
            cause = f" ({progress.error})" if progress.error else ""
            found = f"{what} ended with exit code {code}{cause}"
            raise kind(log, found, "0", self.advice)
        trained = progress.losses or progress.saved or progress.done_before or progress.evaluations
        if self.evaluates and not progress.evaluations:
            found = "the program ended without an error and without metrics"
            raise TrainingError(log, found, "an evaluation", "read there what it did")
        if not (trained or self.evaluates):
            found = "the program ended without an error and without a step"
            raise TrainingError(log, found, "training", "read there what it did")
        ended = progress.saved_step  # a checkpoint is saved at the end
        if not self.evaluates and ended is not None and progress.total and ended < progress.total:
            found = f"training was ended at step {ended} of {progress.total}, as by a SIGTERM"
            raise LostError(log, found, next_step=self.advice)

    @property
    def last_checkpoint(self) -> str:
        """The newest complete checkpoint; "" for none."""
        return program.last_checkpoint(self.results) or self.progress.saved

    @property
    def advice(self) -> str:
        """What to do next where it is not known why it has ended."""
        return f"read there what it printed{self.continuation}"

    @property
    def continuation(self) -> str:
        """How to train on from the last checkpoint, to be added to what to do; "" for none."""
        saved = "" if self.evaluates else self.last_checkpoint
        return f"; the same --model_dir continues from {saved}" if saved else ""


def _ended(elsewhere: remote.Elsewhere | None) -> str:
    """Which workers are known to have ended, in words."""
    if not (elsewhere and elsewhere.unreached):
        return "every worker ended"
    names = " and ".join(elsewhere.unreached)
    return f"every worker ended but for those on {names}, where nobody answers"
