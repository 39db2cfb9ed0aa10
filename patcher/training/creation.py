"""Making a training stack: a marker in its folder says whether it is complete."""

import fcntl
import json
import os
import re
import shlex
import shutil
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from patcher import reading
from patcher.errors import LockedError, StackError, masked, reason
from patcher.training import inventory, probes, processes, stack
from patcher.training.isolation import find_program, require_python
from patcher.training.recipe import Recipe, Step
from patcher.tree.aside import set_aside

Show = Callable[[str], AbstractContextManager[None]]  # shows a step of a title while it runs

_MARKER = "effpatch-stack.json"
_LARGEST_MARKER = 1_000_000  # bytes
_LOG = "effpatch-stack.log"
_TAIL = 4_000_000  # bytes of the log's end that may say why a step failed
_HEAD = "== "  # begins the line that begins a step in the log
_NEEDED = 3 * 10**9  # bytes: what a stack takes, and as much again of what pip unpacks
_MPI = "libopenmpi-dev openmpi-bin"  # the packages of Debian
_UNFINISHED = "an unfinished stack"
_AGAIN = "start over with `effpatch stack create --force`"
_FULL = re.compile("No space left on device|Disk quota exceeded")
_NETWORK = re.compile(
    "Failed to establish a new connection|Temporary failure in name resolution"
    "|Connection (?:refused|reset|timed out)|Network is unreachable|ProxyError|SSLError"
    "|Read timed out|ConnectTimeout|RemoteDisconnected|HTTP error \\d+|Name or service not known"
)


def create(
    recipe: Recipe, show: Show, *, force: bool = False, moved: Callable[[Path], None]
) -> bool:
    """Make a stack, unless a good one is there already; returns whether it was made.

    With `force`, start over where one is there that is unfinished or not that of the recipe. If all
    that is in it is known to be made here, it is removed, else set aside as a whole; `moved` is
    given its new place.

    Raises:
        PatchError: It cannot be made; its marker does not say that it is complete.
    """
    folder = recipe.folder
    if _has_marker(folder):
        with _lock(folder):
            fault = _stack_fault(recipe)
            if not fault:
                return False
            if not force:
                wanted = f"a complete stack{' with MPI' if recipe.mpi else ''}"
                again = "name another, or start over with --force"
                raise StackError(str(folder), fault, wanted, again)
            check_machine(recipe)
            _make_room(folder, moved)
    elif folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        found = "exists and is not a stack that effpatch made"
        raise StackError(str(folder), found, "a new or empty folder", "name another")
    else:
        check_machine(recipe)
    _claim(folder)
    with _lock(folder):
        try:
            _make(replace(recipe, python=str(require_python(recipe.python))), show)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(f"{folder}: {_UNFINISHED}; {_AGAIN}") from None
    return True


def require_finished(folder: Path) -> None:
    """Check that a folder is not a stack that is being made, or whose making broke off.

    Raises:
        LockedError: It is being made.
        StackError: Its making broke off.
    """
    if _has_marker(folder) and _marker_fault(folder) == _UNFINISHED:
        with _lock(folder):
            raise StackError(str(folder), _UNFINISHED, next_step=_AGAIN)


def _has_marker(folder: Path) -> bool:
    """Whether a folder has the file that a stack has; no link or pipe passes for it."""
    try:
        return stat.S_ISREG((folder / _MARKER).lstat().st_mode)
    except OSError:
        return False


def _make_room(folder: Path, moved: Callable[[Path], None]) -> None:
    try:
        aside = set_aside(folder)
    except OSError as error:
        found = f"cannot be set aside ({reason(error)})"
        raise StackError(
            str(folder), found, next_step="move it yourself, or name another"
        ) from None
    if inventory.is_complete(aside):
        shutil.rmtree(aside, ignore_errors=True)
    if os.path.lexists(aside):
        moved(aside)


def _claim(folder: Path) -> None:
    """Make a folder that has a marker and nothing else.

    Raises:
        LockedError: Somebody else put something there at the same time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        (folder / _MARKER).open("x").close()
        if [each.name for each in folder.iterdir()] == [_MARKER]:
            return
        (folder / _MARKER).unlink()
    raise _in_use(folder)


def check_machine(recipe: Recipe) -> None:
    """Check that a stack can be made with the Python of a recipe, and in its folder.

    Raises:
        StackError: Packages have no wheel for the Python, or it cannot make environments; there is
            no compiler, no `make` (cmake comes from the package index) or no MPI that is wanted;
            the disk is too full.
    """
    folder = recipe.folder
    if fault := _python_fault(recipe):
        wanted = f"Python {_listed(recipe.pythons)} with venv, for {recipe.needs_python_for}"
        raise StackError(recipe.python, fault, wanted, "choose another with --python")
    place, found, compilers = "PATH", "no C++ compiler", ["c++", "g++", "clang++"]
    if variable := os.environ.get("CXX"):
        place, found, compilers = f"CXX={variable}", "no such program", shlex.split(variable)[:1]
    tools = [(place, found, "g++", compilers), ("PATH", "no make", "make", ["make"])]
    tools += [("PATH", "no mpicxx", _MPI, ["mpicxx"])] if recipe.mpi else []
    for place, found, packages, programs in tools:
        if not any(map(find_program, programs)):
            listed = " and ".join(packages.split())
            advice = f"install {listed} (Debian: apt install {packages}) and run again"
            raise StackError(place, found, "one to build Horovod", advice)
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(existing).free
    if free < _NEEDED:
        found = f"{free / 10**9:.1f} GB free"
        raise StackError(str(folder), found, "about 3 GB", "free some space and run again")


def _listed(pythons: Sequence[str]) -> str:
    """Some versions, as few words as will do: `3.9 to 3.11`, `3.8 or 3.10`."""
    minors = [int(each.partition(".")[2]) for each in pythons]
    if len(minors) > 2 and minors == [*range(minors[0], minors[-1] + 1)]:
        return f"{pythons[0]} to {pythons[-1]}"
    return " or ".join(pythons)


def _python_fault(recipe: Recipe) -> str:
    """Why a Python will not do; "" where it will."""
    try:
        found = stack.installed(require_python(recipe.python), "ensurepip", "venv")
    except StackError as error:
        return error.found
    if found.python not in recipe.pythons:
        return f"is Python {found.python}"
    lacking = " and ".join(found.missing)
    return lacking and f"cannot make environments (no module {lacking})"


def _make(recipe: Recipe, show: Show) -> None:
    log = recipe.folder / _LOG
    _mark(recipe, finished=False)
    recipe.temporary.mkdir()
    try:
        for step in recipe.steps():
            with show(step.title):
                _run(step, log, recipe.temporary)
        check = "check of the stack"
        with show(check):
            problem = _problem(recipe)
        if problem:
            again = f"fix the cause and run again with --force; log in {log}"
            raise StackError(check, f"failed ({problem})", next_step=again)
        shutil.rmtree(recipe.temporary)
        _mark(recipe, finished=True)
    finally:
        inventory.write(recipe.folder)


def _run(step: Step, log: Path, folder: Path) -> None:
    """Run a step in a folder that has nothing which a Python could import from there."""

    def note(line: str) -> None:
        processes.append(log, masked(line, step.secrets))

    note(f"{_HEAD}{step.title}: {' '.join(step.command)}")
    if processes.run(step.command, step.environment, note, folder):
        raise explain(step.title, log)


def explain(step: str, log: Path) -> StackError:
    """Why a step failed, by what the last one of its name printed."""
    with log.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
        printed = file.read(_TAIL).decode("utf-8", "replace")
    output = printed.rpartition(f"{_HEAD}{step}: ")[2].split("\n")
    if any(map(_FULL.search, output)):
        found, again = f"the disk is full ({step})", "free some space and run again with --force"
        return StackError(str(log.parent), found, "about 3 GB", again)
    network = [match[0] for match in map(_NETWORK.search, output) if match]
    if network:
        found = f"the package index cannot be reached ({network[-1]})"
        fix = "check the network, or pip's index-url and proxy,"
    else:
        errors = [line for line in output if re.match(r"\s*(ERROR|error|CMake Error)\b", line)]
        found, fix = f"failed ({processes.last_line(errors or output[1:])})", "fix the cause"
    return StackError(step, found, next_step=f"{fix} and run again with --force; log in {log}")


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Keep others from making a stack in the same folder, by the kernel's lock on the marker."""
    marker = folder / _MARKER
    try:
        descriptor = os.open(marker, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise _in_use(folder) from None  # it was set aside just now
    with open(descriptor) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_there = os.path.samestat(os.fstat(descriptor), marker.lstat())
        except (BlockingIOError, FileNotFoundError):
            is_there = False
        if not is_there:
            raise _in_use(folder)
        yield


def _in_use(folder: Path) -> LockedError:
    holder = "in use by another `effpatch stack create`"
    return LockedError(str(folder), holder, next_step="wait until it has ended")


def _stack_fault(recipe: Recipe) -> str:
    """Why what is there is not the stack of the recipe; "" where it is."""
    if fault := _marker_fault(recipe.folder, recipe.packages):
        return fault
    try:
        return _problem(recipe)
    except StackError:
        return "a stack whose Python does not run"


def _marker_fault(folder: Path, packages: Sequence[str] | None = None) -> str:
    """What the marker of a stack says is wrong, also that it has not some packages; "" if none."""
    try:
        found = json.loads(reading.read(folder / _MARKER, _LARGEST_MARKER))
        if not found["finished"]:
            return _UNFINISHED
        is_other = packages is not None and found["packages"] != packages
        return "a stack with other packages" if is_other else ""
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return "a stack with a broken marker"


def _problem(recipe: Recipe) -> str:
    """What is wrong with a stack; "" for nothing. Habana's library may fail without an HPU."""
    found = probes.inspect(recipe.folder)
    parts = {name: found.parts[name]["problem"] for name in ("horovod", "imports")}
    if recipe.mpi and "mpi" not in found.parts["horovod"].get("controllers", ()):
        parts["horovod"] = parts["horovod"] or "built without MPI"
    problems = [found.problem, *(f"{name}: {text}" for name, text in parts.items() if text)]
    return next(filter(None, problems), "")


def _mark(recipe: Recipe, *, finished: bool) -> None:
    members = {"packages": recipe.packages, "finished": finished}
    (recipe.folder / _MARKER).write_text(json.dumps(members) + "\n", "utf-8")
