"""How far a run is, and what evaluations gave, by the lines that upstream and miniature log."""

import re
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path

from patcher.training.causes import SSH_LOST, Cause, cause_in, cause_of_exit, cause_of_ssh

_NUMBER = r"([-+]?(?:(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|nan|inf))"
_WORKER = re.compile(r"\[(?:\d+,)?(\d+)\]<std(?:out|err)>:\s?")
_TAGS = re.compile(r"(?=\[\d+,\d+\]<std(?:out|err)>:)")
_RANK = re.compile(r"hvd (?:only )?rank\d+/(\d+) in ")  # how the upstream heads a worker's lines
# In the lines of the upstream's hook. TensorFlow's own, which begin with the loss, count steps in
# another way.
_LOSS = re.compile(rf"(?<![\w/:])loss = {_NUMBER}")
_STEP = re.compile(r"(?<!\w)step = (\d+)")
_EXAMPLES = re.compile(rf"examples/sec: {_NUMBER}")
_PACE = re.compile(rf"global_step/sec: {_NUMBER}")
_SAVED = re.compile(r"Saving checkpoints for (\d+) into (\S+?)\.?$")
_EVALUATING = re.compile(r"Evaluation \[(\d+)/(\d+)\]")
_EVALUATED = re.compile(r"Saving dict for global step (\d+): (.*)")
_METRIC = re.compile(rf"(\w+) = {_NUMBER}")
_TRACEBACK = "Traceback (most recent call last):"
# Printed by horovodrun, and by mpirun for a signal.
_EXIT = re.compile(r"Process (\d+) exit with status code (-?\d+)")
_SIGNAL = re.compile(r"mpirun noticed that process rank (\d+) .* exited on signal (\d+)")
# The last line of an error that a worker raises because another one has ended.
_OF_OTHERS = re.compile("UnknownError|Horovod")
_FATAL = "FATAL "  # printed by absl where it rejects flags
# Printed by an estimator that had reached the last step before.
_DONE = re.compile("Skipping training since max_steps has already saved")


@dataclass(slots=True)
class Progress:
    """How far a training run is.

    Attributes:
        total: The step at which it ends; None where that is not known.
        examples: Examples per second, of all workers; 0 until that is known.
        pace: Steps per second; 0 until that is known.
        evaluations: By the step that was evaluated, the value of each metric.
        evaluating: While the program evaluates, the last batch that it told of, and their number.
        done_before: Whether all steps had been done in an earlier run.
        earlier: The losses of earlier runs into the same folder, by step.
        places: How many workers there are, and on how many hosts, in words; "" for one alone.
        restarts: How often it was started again.
        has_begun: Whether a worker is known to have run.
        cause: Why it fails, by what was printed.
    """

    total: int | None = None
    losses: dict[int, float] = field(default_factory=dict)
    examples: float = 0
    pace: float = 0
    saved: str = ""
    done_before: bool = False
    evaluations: dict[int, dict[str, float]] = field(default_factory=dict)
    evaluating: tuple[int, int] | None = None
    earlier: dict[int, float] = field(default_factory=dict)
    places: str = ""
    restarts: int = 0
    has_begun: bool = False
    cause: Cause | None = None
    _errors: dict[str, str] = field(default_factory=dict)  # the last of each worker that failed
    _died: tuple[str, int] | None = None  # the first worker that a launcher misses, and its code
    _tracebacks: set[str] = field(default_factory=set)
    _savers: set[str] = field(default_factory=set)
    _sizes: set[int] = field(default_factory=set)

    @property
    def step(self) -> int:
        """The last step that was logged."""
        return max(self.losses, default=0)

    @property
    def saved_step(self) -> int | None:
        """The step of the last checkpoint; None where there is none."""
        number = self.saved.rpartition("-")[2]
        return int(number) if number.isdigit() else None

    @property
    def error(self) -> str:
        """The last error of the worker that failed first; others often fail because of it."""
        exit = "{} ended with exit code {}".format(*self._died) if self._died else ""
        own = (each for each in self._errors.values() if not _OF_OTHERS.search(each))
        return next(own, next(iter(self._errors.values()), exit))

    @property
    def curve(self) -> list[tuple[int, float]]:
        """The losses by step, those of earlier runs up to where this one began included."""
        start = min(self.losses, default=float("inf"))
        before = {step: loss for step, loss in self.earlier.items() if step < start}
        return sorted({**before, **self.losses}.items())

    def failure(self, code: int, *, oom_killed: bool) -> Cause | None:
        """Why a run ended with an exit code; None where that is not known.

        `oom_killed` says whether the kernel has meanwhile ended a process for want of memory.
        """
        exit = cause_of_exit(*(self._died or ("the program", code)), oom_killed=oom_killed)
        if self._died and self._died[1] == SSH_LOST:
            exit = cause_of_ssh(self._died[0])
        found = min(filter(None, (self.cause, exit)), default=None)
        # An error of a worker's own explains what other workers say of it.
        return None if found and found.is_consequence and self.has_own_error else found

    @property
    def has_own_error(self) -> bool:
        """Whether a worker failed by itself, and not because another one has ended."""
        errors = (error for worker, error in self._errors.items() if worker)
        return any(not _OF_OTHERS.search(each) for each in errors)

    def start_again(self, total: int | None, places: str) -> None:
        """Begin a part that goes on from the last checkpoint."""
        again = Progress(
            total,
            saved=self.saved,
            evaluations=self.evaluations,
            earlier=dict(self.curve),
            places=places,
            restarts=self.restarts + 1,
        )
        for each in fields(self):
            setattr(self, each.name, getattr(again, each.name))

    def separation(self, workers: int) -> str:
        """What says that workers, of that number, do not train one model; "" for nothing."""
        if len(self._savers) > 1:
            return f"workers {' and '.join(sorted(self._savers))} save checkpoints"
        if other := self._sizes - {workers}:
            return f"a worker counts {min(other)} of them"
        if workers > 1 and self.total and self.step > self.total:
            return f"step {self.step} was done, of {self.total} for so many"
        return ""

    def read(self, line: str) -> None:
        """Update from a line of the log."""
        launched = _WORKER.match(line)
        worker, rank = (launched[0], launched[1]) if launched else ("", "")
        self.has_begun |= bool(worker)
        line = line[len(worker) :]
        if found := _RANK.search(line):
            self._sizes.add(int(found[1]))
        if rank and _SAVED.search(line):
            self._savers.add(rank)
        if known := _loss(line):
            self.losses.update([known])
        elif found := _EXAMPLES.search(line):
            self.examples = float(found[1])
        elif found := _PACE.search(line):
            self.pace = float(found[1])
        elif found := _SAVED.search(line):
            self.saved = f"{found[2]}-{found[1]}"
        elif _EVALUATING.search(line) or _EVALUATED.search(line):
            self._read_evaluation(line)
        elif _DONE.search(line):
            self.done_before = True
        elif found := _EXIT.match(line) or _SIGNAL.match(line):
            code = int(found[2]) if found.re is _EXIT else -int(found[2])
            self._died = self._died or (f"worker {found[1]}", code)
            self.has_begun = True
        else:
            self._read_error(worker, line)
            causes = filter(None, (self.cause, cause_in(line)))
            self.cause = min(causes, default=None)

    def _read_evaluation(self, line: str) -> None:
        """Update from a line that tells of a batch that was evaluated, or of the metrics of all."""
        if found := _EVALUATING.search(line):
            self.evaluating = (int(found[1]), int(found[2]))
        elif found := _EVALUATED.search(line):
            self.evaluating = None
            metrics = {name: float(value) for name, value in _METRIC.findall(found[2])}
            metrics.pop("global_step", None)
            self.evaluations[int(found[1])] = metrics

    def _read_error(self, worker: str, line: str) -> None:
        """Update from a line that may end a traceback: the first one that is not indented."""
        if line.startswith(_TRACEBACK):
            self._tracebacks.add(worker)
        elif line and not line[0].isspace():
            ended = worker in self._tracebacks or line.startswith(_FATAL)
            self._tracebacks.discard(worker)
            # After it told of an exit, the launcher's own error only says so again.
            if ended and (worker or not self._died):
                self._errors[worker] = line.strip()


def separated(line: str) -> list[str]:
    """The lines in one of mpirun, which may put what another worker prints in the middle."""
    return [each for each in _TAGS.split(line) if each] or [line]


def losses_in(log: Path) -> dict[int, float]:
    """The losses by step that a log has; none where there is no log that can be read."""
    found: dict[int, float] = {}
    with suppress(OSError), log.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if "loss = " in line and (known := _loss(line)):
                found.update([known])
    return found


def _loss(line: str) -> tuple[int, float] | None:
    """The step and the loss that a line tells."""
    loss, step = _LOSS.search(line), _STEP.search(line)
    return (int(step[1]), float(loss[1])) if loss and step else None
