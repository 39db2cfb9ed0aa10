"""A training stack: the Python that a patched tree trains on, and what it has for that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from patcher.errors import StackError
from patcher.training.interpreter import ask, find_python
from patcher.training.program import IMPORTS
from patcher.training.recipe import pinned

_LABELS = {
    "python": "Python",
    "tensorflow": "TensorFlow",
    "estimators": "estimators",
    "horovod": "Horovod",
    "habana": "Habana module",
    "imports": "the upstream's imports",
    "devices": "devices",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a stack has or lacks.

    Attributes:
        version: None where it has none, or is missing.
        problem: Why it cannot be used; None where it can.
        details: What else is known about it, each a list of names.
    """

    label: str
    version: str | None
    problem: str | None
    details: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Stack:
    """What a Python has for training, by name."""

    python: Path
    parts: Mapping[str, Part]

    @property
    def problem(self) -> str | None:
        """Why it cannot train; None where it can."""
        for name in ("tensorflow", "estimators"):
            part = self.parts[name]
            if part.problem:
                return f"no {part.label} ({part.problem})"
        return None

    def require(self) -> None:
        """Check that it can train.

        Raises:
            StackError: It cannot.
        """
        if self.problem:
            wanted = f"TensorFlow {pinned('tensorflow-cpu')} with estimators"
            advice = "`effpatch stack create DIR` makes a stack that has them"
            raise StackError(str(self.python), self.problem, wanted, advice)


def inspect(folder: Path | None) -> Stack:
    """What the stack in a folder has; without one, that of EFFPATCH_STACK or the Python running.

    Raises:
        StackError: There is no Python, or it cannot be run.
    """
    python = find_python(folder)
    found = ask(python, "probe", *IMPORTS)
    return Stack(python, {name: _part(label, **found[name]) for name, label in _LABELS.items()})


def _part(label: str, version: str | None, problem: str | None, **details: Sequence[str]) -> Part:
    return Part(label, version, problem, details)
