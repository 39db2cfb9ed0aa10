"""What a machine must have before a stack is made on it."""

from __future__ import annotations

import os
import shlex
import shutil
from pathlib import Path

from patcher.errors import StackError
from patcher.training.recipe import pinned
from patcher.training.stack import installed

_PYTHONS = ("3.9", "3.10", "3.11")  # those that TensorFlow 2.15 has wheels for
_NEEDED = 3 * 10**9  # bytes: what a stack takes, and as much again of what pip unpacks


def check(python: str, folder: Path) -> None:
    """Check that a stack can be made with a Python in a folder.

    Raises:
        StackError: TensorFlow has no wheel for the Python, or it cannot make environments; there is
            no compiler or no `make` (cmake comes from the package index); the disk is too full.
    """
    if fault := _fault(python):
        wanted = f"Python {_PYTHONS[0]} to {_PYTHONS[-1]} with venv, for TensorFlow"
        wanted = f"{wanted} {pinned('tensorflow-cpu')}"
        raise StackError(python, fault, wanted, "name another with --python")
    variable = os.environ.get("CXX")
    compilers = [shlex.split(variable)[0]] if variable else ["c++", "g++", "clang++"]
    if not any(map(shutil.which, compilers)):
        place = f"CXX={variable}" if variable else "PATH"
        raise _tool_missing(place, "no such program" if variable else "no C++ compiler", "g++")
    if not shutil.which("make"):
        raise _tool_missing("PATH", "no make", "make")
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(existing).free
    if free < _NEEDED:
        found = f"{free / 10**9:.1f} GB free"
        raise StackError(str(folder), found, "about 3 GB", "free some space and run again")


def _fault(python: str) -> str:
    """Why a Python will not do; "" where it will."""
    try:
        found = installed(Path(python), "ensurepip", "venv")
    except StackError as error:
        return error.found
    if found.python not in _PYTHONS:
        return f"is Python {found.python}"
    lacking = " and ".join(found.missing)
    return lacking and f"cannot make environments (no module {lacking})"


def _tool_missing(place: str, found: str, package: str) -> StackError:
    advice = f"install {package} (Debian: apt install {package}) and run again"
    return StackError(place, found, "one to build Horovod", advice)
