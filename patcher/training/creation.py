"""Making a training stack: a marker in its folder says whether it is complete."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from patcher.errors import LockedError, StackError
from patcher.training import preflight, stack
from patcher.training.build import Steps, build
from patcher.training.recipe import Recipe

_MARKER = "effpatch-stack.json"
_LOG = "effpatch-stack.log"


def create(recipe: Recipe, steps: Steps, *, force: bool = False) -> bool:
    """Make a stack, unless a good one is there already.

    Args:
        recipe: The stack.
        steps: Shows how far it is.
        force: Start over where a stack is there that is unfinished or not the one of the recipe.

    Returns:
        Whether it was made.

    Raises:
        PatchError: It cannot be made; its marker does not say that it is complete.
    """
    folder = recipe.folder
    if (folder / _MARKER).exists():
        with _lock(folder):
            fault = _fault(recipe)
        if not fault:
            return False
        if not force:
            again = f"`effpatch stack create --force {folder}` starts over"
            raise StackError(str(folder), fault, "a complete stack", again)
    elif folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        found = "exists and is not a stack that effpatch made"
        raise StackError(str(folder), found, "a new or empty folder", "name another")
    preflight.check(recipe.python, folder)
    _make(recipe, steps)
    return True


def _make(recipe: Recipe, steps: Steps) -> None:
    folder, log = recipe.folder, recipe.folder / _LOG
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARKER).touch()
    with _lock(folder):
        _mark(recipe, finished=False)
        _clear(folder)
        recipe.temporary.mkdir()
        build(recipe, log, steps)
        check = "check of the stack"
        with steps.step(check):
            problem = _problem(folder)
        if problem:
            again = f"fix the cause and run again with --force; log in {log}"
            raise StackError(check, f"failed ({problem})", next_step=again)
        shutil.rmtree(recipe.temporary)
        _mark(recipe, finished=True)


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Keep others from making a stack in the same folder, by the kernel's lock on the marker.

    Raises:
        LockedError: Another process holds it.
    """
    with (folder / _MARKER).open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = "in use by another `effpatch stack create`"
            raise LockedError(str(folder), holder, next_step="wait until it has ended") from None
        yield


def _fault(recipe: Recipe) -> str:
    """Why what is there is not the stack of the recipe; "" where it is."""
    packages = recipe.packages
    try:
        found = json.loads((recipe.folder / _MARKER).read_text("utf-8"))
        if not found["finished"]:
            return "an unfinished stack"
        if found["packages"] != packages:
            return "a stack with other packages"
    except (ValueError, KeyError, TypeError):
        return "a stack with a broken marker"
    try:
        return _problem(recipe.folder)
    except StackError:
        return "a stack whose Python does not run"


def _problem(folder: Path) -> str:
    """What is wrong with a stack; "" for nothing. Habana's library may fail without an HPU."""
    found = stack.inspect(folder)
    parts = {name: found.parts[name].problem for name in ("horovod", "imports")}
    problems = [found.problem, *(f"{name}: {text}" for name, text in parts.items() if text)]
    return next(filter(None, problems), "")


def _mark(recipe: Recipe, *, finished: bool) -> None:
    members = {"packages": recipe.packages, "finished": finished}
    (recipe.folder / _MARKER).write_text(json.dumps(members) + "\n", "utf-8")


def _clear(folder: Path) -> None:
    """Empty a folder but for the marker, which has to say until the end what this is."""
    for each in folder.iterdir():
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        elif each.name != _MARKER:
            each.unlink()
