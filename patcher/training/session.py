"""One training run: how it is started, where its results go, and how it ended."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from patcher.errors import StackError, StoppedError, TrainingError
from patcher.model import Runtime
from patcher.packs.accelerators import Limit, Preset
from patcher.training import causes, closure, device, flags, processes, program, runtime
from patcher.training.isolation import find_program, launcher_command, program_command
from patcher.training.limits import exceeded
from patcher.training.presets import values_of
from patcher.training.progress import Progress, losses_in
from patcher.training.stack import installed
from patcher.training.variables import for_other_hosts, passed_on

_AGENT = "SSH_AUTH_SOCK"  # by which launchers reach other hosts
_SAMPLES = "sample-data"


@dataclass(frozen=True, slots=True)
class Session:
    """One run of a program, by one worker or several.

    Attributes:
        folder: Where log, curve and sample data go.
        hosts: Where it runs, as `host:slots,host:slots`; "" for this machine.
        launcher: What starts several workers, one of LAUNCHERS.
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
    workers: int = 1
    hosts: str = ""
    launcher: str = "horovodrun"
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
        return passed_on((*self.pass_env, *([_AGENT] if self.hosts else [])))

    @property
    def evaluates(self) -> bool:
        """Whether it evaluates a model and trains none."""
        return program.evaluates(self.arguments)

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables to run it with."""
        variables = self.users_environment
        path = variables.get("PYTHONPATH", "")
        return {
            **values_of(self.presets, variables),
            **variables,
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
    def _needs_launcher(self) -> bool:
        return self.workers > 1 or bool(self.hosts)

    def command(self) -> list[str]:
        """What to run.

        Raises:
            StackError: The launcher is missing.
        """
        if not self._needs_launcher:
            return self._worker
        environment = self.environment
        beside = self.python.parent
        start = find_program(self.launcher, beside)
        if start is None:
            found, wanted = f"neither in {beside} nor on PATH", "a launcher for several workers"
            advice = "install it, or choose another with --launcher"
            raise StackError(self.launcher, found, wanted, advice)
        options = ["-np", str(self.workers), *(["-H", self.hosts] if self.hosts else [])]
        if self.launcher == "mpirun":
            options += ["--tag-output", "-bind-to", "none", "-map-by", "slot"]
            names = for_other_hosts(environment, self.pass_env)
            options += [word for name in names for word in ("-x", name)]
        return [*launcher_command(self.python, start), *options, *self._worker]

    @property
    def _worker(self) -> list[str]:
        """What each worker runs."""
        path = self.environment["PYTHONPATH"]
        return program_command(self.python, self.program, path, *self.arguments)

    def planned(self, *, sample_data: bool) -> Session:
        """Check that all is there which the run needs; gives the one to run. Nothing is changed.

        Its results go to the folder, unless its arguments say. With `sample_data`, it trains on
        such data there, which `prepared` writes.

        Raises:
            PatchError: The environment lacks something, or there is nothing to train on.
        """
        flags.require_known(self.program, self.arguments)
        self._require_modules()
        self.command()
        runtime_first, note = self._place_runtime()
        folder, results = program.destination(self.arguments, self.folder)
        program.require_model(self.arguments, self.workers)
        if not sample_data:
            program.require_data(self.arguments, self.workers, self.hosts)
        ours = (f"--model_dir={results}", *program.once(self.program, self.arguments))
        if sample_data:
            ours += program.sample_arguments(folder / _SAMPLES, self.workers)
        arguments = (*ours, *self.arguments)
        return replace(
            self,
            folder=folder,
            arguments=arguments,
            runtime_first=runtime_first,
            progress=Progress(
                program.last_step(self.program, arguments, self.workers),
                earlier=losses_in(folder / self.log.name),
            ),
            results=results,
            notes=(*filter(None, [note]), *self._beyond(arguments)),
        )

    def _beyond(self, arguments: Sequence[str]) -> Iterator[str]:
        limits = () if program.evaluates(arguments) else self.limits
        return exceeded(limits, self.program, arguments)

    def _place_runtime(self) -> tuple[bool, str]:
        if not self.runtime:
            return False, ""
        path = self.users_environment.get("PYTHONPATH", "")
        return runtime.comes_first(self.python, self.program, path, self.runtime)

    def prepared(self, *, sample_data: bool) -> Session:
        """Get everything ready that the run needs; gives the one to run, which `planned` gives.

        Its folder is made if it does not exist, and with `sample_data` such data is written there.

        Raises:
            PatchError: The environment lacks something, or there is nothing to train on.
        """
        ready = self.planned(sample_data=sample_data)
        ready.folder.mkdir(parents=True, exist_ok=True)
        if sample_data:
            files = program.sample_files(self.workers)
            program.write_samples(self.python, ready.folder / _SAMPLES, files)
        return ready

    def _require_modules(self) -> None:
        needed = ["tensorflow", "tensorflow_estimator", *(["horovod"] * self._needs_launcher)]
        lacking = installed(self.python, *needed, device.LIBRARY).missing
        if absent := [name for name in needed if name in lacking]:
            missing = f"no module {' and no '.join(absent)}"
            wanted = "TensorFlow up to 2.15, which has estimators, and Horovod for several workers"
            advice = "name another environment with --stack or EFFPATCH_STACK, or make one with "
            advice += "`effpatch stack create`"
            raise StackError(str(self.python), missing, wanted, advice)
        path = (self.program.parent, *map(Path, self.environment["PYTHONPATH"].split(os.pathsep)))
        brought = any((folder / device.PACKAGE).is_file() for folder in path)  # another, not asked
        if not brought and not program.other_hosts(self.hosts):
            here, names = device.LIBRARY not in lacking, closure.loaded_by(self.program)
            loads = device.LIBRARY in names
            device.require(self.python, self.device, self.workers, installed=here, loads=loads)

    def run(self, on_line: Callable[[str], None]) -> None:
        """Train to the end; each line that the program prints goes to `on_line` as well.

        Raises:
            TrainingError: The program ended with an error, or without having trained; or each of
                several workers has begun to train a model of its own, in which case all are ended.
            StoppedError: The user stopped it.
        """
        command, oom_kills = self.command(), causes.oom_kills()
        processes.append(self.log, f"$ {shlex.join(command)}")

        def read(line: str) -> None:
            processes.append(self.log, line)
            self.progress.read(line)
            on_line(line)
            if apart := self.progress.separation(self.workers):
                raise self._separated(apart)

        try:
            # A launcher starts Pythons of its own, which would import from the folder it is in.
            folder = self.python.parent
            code = processes.run(command, self.environment, read, folder, self._worker)
        except KeyboardInterrupt:
            found = "training was interrupted and every worker ended"
            raise StoppedError(str(self.log), found, next_step=self._advice) from None
        self._require_success(code, oom_killed=causes.oom_kills() > oom_kills)

    def _separated(self, why: str) -> TrainingError:
        """The error that workers train a model each, or count otherwise, without a word."""
        found = f"the workers do not train one model together: {why}"
        wanted = f"one training of {self.workers}"
        advice = "apply the pack supplement, by which every worker starts Horovod"
        return TrainingError(str(self.log), found, wanted, advice)

    def _require_success(self, code: int, *, oom_killed: bool) -> None:
        progress, log = self.progress, str(self.log)
        what = "evaluation" if self.evaluates else "training"
        if code and (known := progress.failure(code, oom_killed=oom_killed)):
            advice = f"{known.cure}{self._continuation}"
            raise TrainingError(log, f"{what} failed: {known.found}", next_step=advice)
        if code:
            cause = f" ({progress.error})" if progress.error else ""
            found = f"{what} ended with exit code {code}{cause}"
            raise TrainingError(log, found, "0", self._advice)
        trained = progress.losses or progress.saved or progress.done_before or progress.evaluations
        if self.evaluates and not progress.evaluations:
            found = "the program ended without an error and without metrics"
            raise TrainingError(log, found, "an evaluation", "read there what it did")
        if not (trained or self.evaluates):
            found = "the program ended without an error and without a step"
            raise TrainingError(log, found, "training", "read there what it did")

    @property
    def _advice(self) -> str:
        return f"read there what it printed{self._continuation}"

    @property
    def _continuation(self) -> str:
        saved = program.last_checkpoint(self.results) or self.progress.saved
        return f"; the same --model_dir continues from {saved}" if saved else ""
