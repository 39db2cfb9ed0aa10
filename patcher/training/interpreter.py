"""The Python of a stack, and what our scripts find out with it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from patcher.errors import StackError, reason
from patcher.training.processes import interruptible

SCRIPTS = Path(__file__).with_name("scripts")


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
        raise StackError(str(stack), "no bin/python in it", wanted, advice)
    return python


def find_launcher(python: Path, name: str) -> str:
    """The program that starts workers: the one next to a Python, else the one on PATH.

    Raises:
        StackError: There is none.
    """
    found = shutil.which(name, path=str(python.parent)) or shutil.which(name)
    if found is None:
        lacking, wanted = (
            f"neither in {python.parent} nor on PATH",
            "a launcher for several workers",
        )
        raise StackError(name, lacking, wanted, "install it, or choose another with --launcher")
    return found


def installed(python: Path, *modules: str) -> Installed:
    """What a Python has, and which of some modules it lacks.

    Raises:
        StackError: It cannot be run, or fails.
    """
    return Installed(**ask(python, "installed", *modules))


def ask(python: Path, script: str, *arguments: str) -> Any:
    """The JSON that a script prints.

    Raises:
        StackError: The script cannot be run, fails, or prints something else.
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

    Raises:
        StackError: It cannot be run, or fails.
    """
    command = [str(python), str(SCRIPTS / f"{script}.py"), *arguments]
    variables = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    try:
        with interruptible():
            done = subprocess.run(
                command, input=text, env=variables, capture_output=True, text=True, errors="replace"
            )
    except OSError as error:
        raise _unusable(python, reason(error)) from None
    if done.returncode:
        last = (done.stderr.strip() or "no output").split("\n")[-1]
        raise _unusable(python, f"{script}.py ended with exit code {done.returncode} ({last})")
    return done.stdout


def _unusable(python: Path, found: str, wanted: str = "") -> StackError:
    return StackError(str(python), found, wanted, "repair that environment, or name another")
