"""What the lines tell that the upstream and the miniature log while they train."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_NUMBER = r"([-+]?(?:[\d.]+(?:e[-+]?\d+)?|nan|inf))"
_WORKER = re.compile(r"\[(?:\d+,)?\d+\]<std(?:out|err)>:\s?")
# In the lines of their own hook. TensorFlow's, which starts with the loss, counts steps otherwise.
_LOSS = re.compile(rf"(?<![\w/:])loss = {_NUMBER}")
_STEP = re.compile(r"(?<!\w)step = (\d+)")
_EXAMPLES = re.compile(rf"examples/sec: {_NUMBER}")
_PACE = re.compile(rf"global_step/sec: {_NUMBER}")
_SAVED = re.compile(r"Saving checkpoints for (\d+) into (\S+?)\.?$")
# The last line of a traceback, and how absl rejects flags.
_ERROR = re.compile(r"(?:FATAL |(?:\w+\.)*[A-Z]\w+: )\S")


@dataclass(slots=True)
class Course:
    """How far a training run has come.

    Attributes:
        total: The step at which it ends; None where that is not known.
        losses: The loss by step, as logged.
        examples: Examples in a second, of all workers; 0 until it is known.
        pace: Steps in a second; 0 until it is known.
        saved: The last checkpoint.
        error: The last error.
    """

    total: int | None = None
    losses: dict[int, float] = field(default_factory=dict)
    examples: float = 0
    pace: float = 0
    saved: str = ""
    error: str = ""

    @property
    def step(self) -> int:
        """The last step that was logged."""
        return max(self.losses, default=0)

    @property
    def seconds_left(self) -> float | None:
        """How long it will still take; None where that cannot be told."""
        if self.total is None or not self.pace:
            return None
        return max(self.total - self.step, 0) / self.pace

    def read(self, line: str) -> None:
        """Take in a line of the log."""
        line = _WORKER.sub("", line, count=1)
        loss, step = _LOSS.search(line), _STEP.search(line)
        if loss and step:
            self.losses[int(step[1])] = float(loss[1])
        elif found := _EXAMPLES.search(line):
            self.examples = float(found[1])
        elif found := _PACE.search(line):
            self.pace = float(found[1])
        elif found := _SAVED.search(line):
            self.saved = f"{found[2]}-{found[1]}"
        elif _ERROR.match(line):
            self.error = line.strip()
