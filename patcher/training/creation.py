"""Making a training stack: a marker in its folder says whether it was finished."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from patcher.errors import BrokenStack, InTheWay, Locked, NoAnswer, NoStack, StepFailed
from patcher.training import failure, log, processes, stack
from patcher.training import preflight as machine
from patcher.training.recipe import Recipe, commands, environment

_MARKER = "effpatch-stack.json"
_LOG = "effpatch-stack.log"


class Steps(Protocol):
    """Is told of each step."""

    def step(self, title: str) -> AbstractContextManager[None]:
        """Enclose a step."""


def create(recipe: Recipe, steps: Steps, *, force: bool = False) -> bool:
    """Make a stack, unless there is a good one already.

    Args:
        recipe: The stack.
        steps: Told how it goes.
        force: Start anew where one is there that was not finished, or is not as wanted.

    Returns:
        Whether it was made.

    Raises:
        PatchError: It cannot be made, and is not taken for finished.
    """
    folder = recipe.folder
    if (folder / _MARKER).exists():
        with _alone(folder):
            fault = _fault(recipe)
        if not fault:
            return False
        if not force:
            raise BrokenStack(str(folder), fault)
    elif folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise InTheWay(str(folder))
    machine.check(recipe.python, folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARKER).touch()
    with _alone(folder):
        _mark(recipe, finished=False)
        _clear(folder)
        _build(recipe, steps)
        _mark(recipe, finished=True)
    return True


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep others from making a stack in the same folder, by the kernel's lock on the marker.

    Raises:
        Locked: Another is at it.
    """
    with (folder / _MARKER).open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Locked(str(folder), "another `effpatch stack create`") from None
        yield


def _build(recipe: Recipe, steps: Steps) -> None:
    file = recipe.folder / _LOG
    env = environment(recipe)
    recipe.temporary.mkdir()
    for title, words in commands(recipe):
        with steps.step(title), log.opened(file) as told:
            told(f"{failure.HEAD}{title}: {' '.join(words)}")
            if processes.run(words, env, told):
                raise failure.of(title, file)
    with steps.step("a look at all of it"):
        lack = _lack(recipe.folder)
    if lack:
        raise StepFailed("a look at all of it", lack, str(file))
    shutil.rmtree(recipe.temporary)


def _fault(recipe: Recipe) -> str:
    """Why what is there is not the stack; nothing where it is."""
    try:
        found = json.loads((recipe.folder / _MARKER).read_text("utf-8"))
        if not found["finished"]:
            return "a stack that was never finished"
        if found["packages"] != recipe.packages:
            return "a stack of other packages"
        return _lack(recipe.folder)
    except (NoAnswer, NoStack):
        return "a stack whose Python does not run"
    except (ValueError, KeyError, TypeError):
        return "a stack whose marker is broken"


def _lack(folder: Path) -> str:
    """What a stack lacks of what was put into it; an HPU's library may want the HPU itself."""
    found = stack.look(stack.python_of(folder))
    others = {name: found.parts[name].problem for name in ("horovod", "imports")}
    lacks = [found.lack, *(f"{name}: {problem}" for name, problem in others.items() if problem)]
    return next(filter(None, lacks), "")


def _mark(recipe: Recipe, *, finished: bool) -> None:
    members = {"packages": recipe.packages, "finished": finished}
    (recipe.folder / _MARKER).write_text(json.dumps(members) + "\n", "utf-8")


def _clear(folder: Path) -> None:
    """Empty a folder, but for the marker: it has to say until the end what this is."""
    for each in folder.iterdir():
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        elif each.name != _MARKER:
            each.unlink()
