"""What a Python has for training, found out by probes in processes of their own.

A library that does not fit the machine may end the process that loads it. What the others find is
known all the same.
"""

import json
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

from patcher.training import accelerators, processes
from patcher.training.stack import LABELS, Stack, ask, find_python, start_script

# What the upstream imports besides TensorFlow and Horovod.
_IMPORTS = ("PIL", "absl", "cv2", "matplotlib", "pycocotools", "six", "yaml")
# What `probe.py` finds out in one process; that of Python needs nothing else and comes first.
_FIRST, _LIBRARY = "python", "habana"
_GROUPS = {
    "tensorflow": ("tensorflow", "estimators", "devices", "horovod"),
    _LIBRARY: (_LIBRARY,),
}

Parts = dict[str, dict[str, Any]]


def inspect(folder: Path | None) -> Stack:
    """What the Python that `find_python` finds has for training, and the machine beneath it.

    Raises:
        StackError: There is none, or it cannot be run.
    """
    python, machine = find_python(folder), accelerators.find()
    first = ask(python, "probe", _FIRST, *_IMPORTS)
    found = {**first, **machine.parts(), **_probe(python, *_GROUPS, lacking=machine.lacking)}
    return Stack(python, {name: found[name] for name in LABELS})


def library(python: Path, lacking: str) -> dict[str, Any]:
    """What the vendor's library in a Python is, as in `Stack.parts`.

    Args:
        python: The Python.
        lacking: `Accelerators.lacking`.

    Raises:
        StackError: The Python cannot be run.
    """
    return _probe(python, _LIBRARY, lacking=lacking)[_LIBRARY]


def _probe(python: Path, *groups: str, lacking: str) -> Parts:
    """The parts of some groups, which are probed at the same time."""
    found: Parts = {}
    running: list[subprocess.Popen[str]] = []
    with processes.signals():
        try:
            for group in groups:
                running.append(start_script(python, "probe", group, lacking))
            for group, process in zip(groups, running, strict=True):
                output, errors = process.communicate()
                ended = _ended(process.returncode, errors)
                known = _parts(output)
                for name in _GROUPS[group]:
                    found[name] = known.get(name, {"version": None, "problem": ended})
        finally:
            for process in running:
                process.kill()
                process.wait()
    return found


def _parts(output: str) -> Parts:
    """The parts in the lines of a probe; of two lines on one part, the later holds."""
    found: Parts = {}
    for line in output.splitlines():
        with suppress(ValueError):
            found.update(json.loads(line))
    return found


def _ended(code: int, errors: str) -> str:
    """How a probe ended that has not told all of its parts."""
    how = f"exit code {code}"
    if code < 0:
        with suppress(ValueError):
            how = signal.Signals(-code).name
    return f"its probe ended with {how} ({processes.last_line(errors.split(chr(10)))})"
