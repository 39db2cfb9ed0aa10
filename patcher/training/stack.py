"""A training stack: its Python, what that has for training, and our scripts run by it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from patcher.errors import StackError, reason
from patcher.training import processes
from patcher.training.isolation import python_command
from patcher.training.recipe import pinned
from patcher.training.variables import passed_on

_NOT_FOUND = 127  # the exit code of a shell script, such as pyenv's, that finds no Python to run
SCRIPTS = Path(__file__).with_name("scripts")
# The parts of a stack, in words.
LABELS = {
    "python": "Python",
    "tensorflow": "TensorFlow",
    "estimators": "estimators",
    "horovod": "Horovod",
    "habana": "Habana library",
    "driver": "HPU driver",
    "hpus": "HPUs",
    "imports": "the upstream's imports",
    "devices": "devices",
}


@dataclass(frozen=True, slots=True)
class Installed:
    """What a Python has, found out without importing any of it.

    Attributes:
        python: Its minor version, such as `3.11`.
        missing: The modules that were asked for and are not there.
        packages: The version of each package, by its name and those of its top-level modules, in
            lower case and with hyphens: `tensorflow-cpu` is `tensorflow` as well.
    """

    python: str
    missing: Sequence[str]
    packages: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stack:
    """What a Python has for training.

    Attributes:
        parts: By the keys of LABELS: the `version` of each, None where it has none or is missing;
            the `problem`, why it cannot be used, None where it can; and lists of names.
    """

    python: Path
    parts: Mapping[str, Mapping[str, Any]]

    @property
    def problem(self) -> str | None:
        """Why it cannot train; None where it can."""
        for name in ("tensorflow", "estimators"):
            if problem := self.parts[name]["problem"]:
                return f"no {LABELS[name]} ({problem})"
        return None

    @property
    def verdict(self) -> str:
        """Whether it can train, and on what, in a few words."""
        if self.problem:
            return self.problem
        library = self.parts["habana"]
        unusable = library["version"] and library["problem"]
        return "ready to train" + (" with --device cpu" if unusable else "")

    def require(self) -> None:
        """Check that it can train.

        Raises:
            StackError: It cannot.
        """
        if self.problem:
            wanted = f"TensorFlow {pinned('tensorflow-cpu')} with estimators"
            advice = "pass the folder of a stack, or set EFFPATCH_STACK; "
            advice += "`effpatch stack create DIR` makes one"
            raise StackError(str(self.python), self.problem, wanted, advice)


def find_python(folder: Path | None) -> Path:
    """The Python of a stack: the folder's, else EFFPATCH_STACK's, else the one running.

    Raises:
        StackError: The folder has none.
    """
    stack = folder or os.environ.get("EFFPATCH_STACK")
    if not stack:
        return Path(sys.executable)
    python = Path(stack).absolute() / "bin" / "python"
    if not python.is_file():
        wanted, advice = "a virtual environment", "`effpatch stack create` makes one"
        there = Path(stack).exists()
        found = "no bin/python in it" if there else "no such folder"
        place = str(stack) if folder else f"EFFPATCH_STACK={stack}"
        raise StackError(place, found, wanted, advice)
    return python


def installed(python: Path, *modules: str) -> Installed:
    """What a Python has, and which of some modules it lacks.

    Raises:
        StackError: It cannot be run, or fails.
    """
    return Installed(**ask(python, "installed", *modules))


def origins(python: Path, path: Sequence[str], modules: Sequence[str]) -> Mapping[str, str | None]:
    """The file of each module that a Python would import, with some folders before its own.

    None where it finds none. Nothing is imported.

    Raises:
        StackError: It cannot be run, or fails.
    """
    found: Mapping[str, str | None] = ask(python, "origins", os.pathsep.join(path), *modules)
    return found


def ask(python: Path, script: str, *arguments: str) -> Any:
    """The JSON that a script in `scripts/` prints.

    Raises:
        StackError: It cannot be run, fails, or prints something else.
    """
    output = run_script(python, script, *arguments)
    try:
        return json.loads(output)
    except ValueError:
        first = output.strip().split("\n")[0]
        printed = f"`{first}`" if first else "nothing"
        raise _unusable(python, f"{script}.py printed {printed}", "JSON") from None


def run_script(python: Path, script: str, *arguments: str, text: str = "") -> str:
    """What a script in `scripts/`, named without its suffix, prints; `text` is its input.

    It runs in the folder of the Python: paths among the arguments have to be absolute.

    Raises:
        StackError: It cannot be run, or fails.
    """
    with processes.signals(), start_script(python, script, *arguments) as running:
        try:
            output, errors = running.communicate(text)
        except BaseException:
            running.kill()
            raise
    if running.returncode:
        last = processes.last_line(errors.split("\n"))
        if running.returncode == _NOT_FOUND:
            raise _unusable(python, f"does not run ({last})")
        raise _unusable(python, f"{script}.py ended with exit code {running.returncode} ({last})")
    return output


def start_script(python: Path, script: str, *arguments: str) -> subprocess.Popen[str]:
    """The process that runs a script in `scripts/`, as `run_script` does, with pipes to it.

    Raises:
        StackError: The Python cannot be run.
    """
    python = python.absolute()
    try:
        return subprocess.Popen(
            python_command(python, SCRIPTS / f"{script}.py", *arguments),
            env={**passed_on(), "TF_CPP_MIN_LOG_LEVEL": "3"},
            cwd=python.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise _unusable(python, reason(error)) from None


def _unusable(python: Path, found: str, wanted: str = "") -> StackError:
    return StackError(str(python), found, wanted, "repair that environment, or name another")
