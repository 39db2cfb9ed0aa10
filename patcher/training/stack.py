"""A training stack: the Python that a patched tree trains on, and what that has."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import run
from typing import Any

from patcher.errors import NoAnswer, NoStack, NotReady
from patcher.training import versions
from patcher.training.processes import interruptible

VARIABLE = "EFFPATCH_STACK"
_PROBE = Path(__file__).with_name("probe.py")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a stack has or lacks.

    Attributes:
        version: Its version; None where it has none, or is not there.
        problem: Why it cannot be used; None where it can.
        more: What else is known of it, each a list of names.
    """

    version: str | None
    problem: str | None
    more: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Stack:
    """What a Python has for training.

    Attributes:
        python: The interpreter.
        parts: What was looked for, by name.
    """

    python: Path
    parts: Mapping[str, Part]

    @property
    def lack(self) -> str | None:
        """What it lacks for a training to run; None where one can."""
        for name, label in (("tensorflow", "no TensorFlow"), ("estimators", "no estimators")):
            if self.parts[name].problem:
                return f"{label} ({self.parts[name].problem})"
        return None

    def require(self) -> None:
        """See that a training can run.

        Raises:
            NotReady: None can.
        """
        if self.lack:
            raise NotReady(str(self.python), self.lack, versions.version("tensorflow-cpu"))


def python_of(folder: Path | None) -> Path:
    """The Python of a stack: the folder's, else EFFPATCH_STACK's, else the one running.

    Raises:
        NoStack: There is none in the folder.
    """
    named = folder or os.environ.get(VARIABLE)
    if not named:
        return Path(sys.executable)
    python = Path(named).absolute() / "bin" / "python"
    if not python.is_file():
        raise NoStack(str(named))
    return python


def look(python: Path) -> Stack:
    """What a Python has for training.

    Raises:
        NoAnswer: It cannot be run, or dies of it.
    """
    words = [python, _PROBE]
    with interruptible():
        done = run(words, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        said = done.stderr.strip().split("\n")[-1] or "nothing said"
        raise NoAnswer(str(python), f"ended with {done.returncode} ({said})")
    answers: dict[str, dict[str, Any]] = answer(python, done.stdout)
    return Stack(python, {name: _part(**found) for name, found in answers.items()})


def answer(python: Path, output: str) -> Any:
    """The JSON that a Python has printed.

    Raises:
        NoAnswer: It has printed something else.
    """
    try:
        return json.loads(output)
    except ValueError:
        first = output.strip().split("\n")[0]
        said = f"printed `{first}`" if first else "printed nothing"
        raise NoAnswer(str(python), said) from None


def _part(version: str | None, problem: str | None, **more: Sequence[str]) -> Part:
    return Part(version, problem, more)
