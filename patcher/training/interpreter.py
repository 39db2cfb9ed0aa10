"""The Python that trains: one of an environment with TensorFlow, not that of effpatch."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from patcher.errors import NoAnswer, NoLauncher, StackLacks
from patcher.training.processes import interruptible
from patcher.training.stack import answer, python_of

_INSIDE = Path(__file__).with_name("inside")
# The folder where effpatch runs, "" on the path, is not where the program finds its modules.
_MISSING = """
import json, sys
from importlib.util import find_spec
sys.path[:] = filter(None, sys.path)
print(json.dumps([name for name in sys.argv[1:] if not find_spec(name)]))
"""
_TENSORFLOW = """
import json
from importlib.metadata import distributions
found = {each.metadata["Name"]: each.version for each in distributions()}
print(json.dumps(found.get("tensorflow") or found.get("tensorflow-cpu")))
"""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python to run programs with.

    Attributes:
        path: Its file.
    """

    path: Path

    def require(self, modules: Sequence[str]) -> None:
        """See that it finds all modules; none is loaded.

        Raises:
            StackLacks: It does not.
            NoAnswer: It cannot be run, or dies of it.
        """
        missing = self._ask(_MISSING, *modules)
        if missing:
            raise StackLacks(str(self.path), missing)

    @property
    def tensorflow(self) -> str | None:
        """The version of TensorFlow that is installed; None where no package says.

        Raises:
            NoAnswer: The Python cannot be run, or dies of it.
        """
        version: str | None = self._ask(_TENSORFLOW)
        return version

    def _ask(self, question: str, *words: str) -> Any:
        done = self._run("-c", question, *words)
        if done.returncode:
            said = (done.stderr.strip() or "nothing said").split("\n")[-1]
            raise NoAnswer(str(self.path), f"ended with {done.returncode} ({said})")
        return answer(self.path, done.stdout)

    def script(self, name: str, *words: str, given: str = "") -> str:
        """Run one of our programs that need what this Python has.

        Args:
            name: A module in `inside/`.
            words: Its arguments.
            given: Its standard input.

        Returns:
            Why it failed; "" where it did not.
        """
        done = self._run(str(_INSIDE / f"{name}.py"), *words, given=given)
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        return last[0] if done.returncode else ""

    def launcher(self, name: str) -> str:
        """The file of a program that starts workers: beside this Python, else on PATH.

        Raises:
            NoLauncher: There is none.
        """
        folder = self.path.parent
        found = shutil.which(name, path=str(folder)) or shutil.which(name)
        if found is None:
            raise NoLauncher(name, str(folder))
        return found

    def _run(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        with interruptible():
            return subprocess.run(
                [str(self.path), *words],
                input=given,
                env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
                capture_output=True,
                text=True,
                check=False,
            )


def interpreter(stack: Path | None) -> Interpreter:
    """The Python of a stack: the folder's, else EFFPATCH_STACK's, else the one running.

    Raises:
        NoStack: There is none in the folder.
    """
    return Interpreter(python_of(stack))
