"""What a machine must have before a stack is made on it."""

from __future__ import annotations

import os
import shlex
import shutil
from pathlib import Path
from subprocess import run

from patcher.errors import NoRoom, ToolMissing, WrongPython, reason
from patcher.training import versions

_PYTHONS = ("3.9", "3.10", "3.11")  # those that TensorFlow 2.15 has wheels for
_NEEDED = 3 * 10**9  # bytes: what a stack takes, and as much again of what pip unpacks
_ASK = "import ensurepip, sys, venv; print(*sys.version_info[:2], sep='.')"


def check(python: str, folder: Path) -> None:
    """See that a stack can be made of a Python in a folder.

    Raises:
        WrongPython: TensorFlow has no wheel for the Python, or it makes no environments.
        ToolMissing: There is no compiler, or no `make`; cmake is taken from the package index.
        NoRoom: The disk is too full.
    """
    _check_python(python)
    _check_tools()
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(existing).free
    if free < _NEEDED:
        raise NoRoom(str(folder), f"{free / 10**9:.1f} GB free")


def _check_python(python: str) -> None:
    wanted = f"Python {_PYTHONS[0]} to {_PYTHONS[-1]}, for TensorFlow"
    wanted = f"{wanted} {versions.version('tensorflow-cpu')}"
    try:
        done = run([python, "-c", _ASK], capture_output=True, text=True, check=False)
    except OSError as error:
        raise WrongPython(python, reason(error), wanted) from None
    if done.returncode:
        said = done.stderr.strip().split("\n")[-1]
        raise WrongPython(python, f"cannot make environments ({said})", f"{wanted}, with venv")
    found = done.stdout.strip()
    if found not in _PYTHONS:
        raise WrongPython(python, f"is Python {found}", wanted)


def _check_tools() -> None:
    named = os.environ.get("CXX")
    compilers = [shlex.split(named)[0]] if named else ["c++", "g++", "clang++"]
    if not any(map(shutil.which, compilers)):
        found = f"CXX={named}: no such program" if named else "PATH: no C++ compiler"
        raise ToolMissing(found, "one", "g++")
    if not shutil.which("make"):
        raise ToolMissing("PATH: no make", "it", "make")
