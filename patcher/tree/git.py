"""Running git, in an environment in which nothing that a tree brings is run.

GitPython would take longer to load than git takes to answer.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from pathlib import Path

from patcher.errors import GitError
from patcher.paths import program_path

# What git sets for its hooks; with these, it would work on another repository.
HOOK_VARIABLES = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
)
# Settings by which git runs programs, or takes a folder of the tree for a repository.
_SAFE_SETTINGS = {
    "core.attributesFile": os.devnull,
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "diff.external": "",
    "gc.auto": "0",
    "log.showSignature": "false",
    "maintenance.auto": "false",
    "safe.bareRepository": "explicit",
}
_FIXED = {
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}

# None of those that run a program which the address names.
_PROTOCOLS = "file:git:http:https:ssh"

# How the user has git take names, where they are names alone.
_PATTERNS = ("GIT_GLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_NOGLOB_PATHSPECS")
_UNKNOWN_COMMIT = re.compile("not our ref ([0-9a-f]{40})")
_PATIENCE = 300  # seconds that git may take for an answer, which no user waits for

_INTRODUCE = "run `git config --global user.name NAME` and `git config --global user.email ADDRESS`"

ANY = range(256)  # every exit code


class Settings(Enum):
    """Whose settings git obeys."""

    # The tree's, but for those that run programs; no network, no other folder than the given one.
    SAFE = "safe"
    # The same, with the network.
    FETCH = "fetch"
    # None, for work on files of our own in a folder of our own.
    NONE = "none"
    # The user's and the repository's, in the user's own environment, as any git has it: filters,
    # signing and hooks are run. This is for commits.
    ALL = "all"


def require_git() -> str:
    """The file of git, which is never one of the current folder.

    Raises:
        GitError: It is not installed.
    """
    found = shutil.which("git", path=program_path())
    if found is None:
        raise GitError("git", "not installed", next_step="install git and run again")
    return found


def ask(
    folder: Path,
    *arguments: str,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    allowed: Collection[int] = (0,),
    settings: Settings = Settings.SAFE,
) -> str:
    """What git prints, without the line end after it; arguments and errors as for `try_to`."""
    options = {"stdin": stdin, "env": env, "allowed": allowed, "settings": settings}
    printed = try_to(folder, *arguments, **options)[1]  # type: ignore[arg-type]
    return os.fsdecode(printed).rstrip("\n")


def identity(folder: Path, who: str) -> str:
    """The name, address and time that git writes into a commit there: AUTHOR or COMMITTER.

    Raises:
        GitError: git is not installed, or does not know them.
    """
    require_git()
    try:
        return ask(folder, "var", f"GIT_{who}_IDENT")
    except GitError as error:
        raise GitError(error.place, error.found, next_step=_INTRODUCE) from None


def try_to(
    folder: Path,
    *arguments: str,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    allowed: Collection[int] = (0, 1),
    settings: Settings = Settings.SAFE,
) -> tuple[int, bytes]:
    """The exit code of git and what it prints.

    Args:
        folder: Where git runs. Unless all settings are obeyed, a repository is looked for in no
            folder above.
        arguments: The command and its options.
        stdin: What git reads from standard input.
        env: Variables to add to its environment.
        allowed: Exit codes that are no failure.
        settings: Whose settings it obeys.

    Raises:
        GitError: git is not installed, or ends with another exit code.
    """
    try:
        done = subprocess.run(
            [require_git(), *arguments],
            cwd=folder,
            input=stdin,
            capture_output=True,
            env={**environment(settings, folder), **(env or {})},
            check=False,
            timeout=None if settings is Settings.ALL else _PATIENCE,
        )
    except subprocess.TimeoutExpired:
        raise failed(str(folder), f"{arguments[0]} took more than {_PATIENCE} s") from None
    if done.returncode not in allowed:
        lines = os.fsdecode(done.stderr).strip().splitlines() or [f"exit code {done.returncode}"]
        fatal = [line for line in lines if line.startswith("fatal: ")] or lines
        raise failed(str(folder), fatal[0].removeprefix("fatal: "))
    return done.returncode, done.stdout


def prepare_gitpython() -> None:
    """Have GitPython, which runs git when it is loaded, run the one that is installed.

    Raises:
        GitError: None is.
    """
    os.environ["GIT_PYTHON_GIT_EXECUTABLE"] = require_git()


def environment(settings: Settings, folder: Path) -> dict[str, str]:
    """The variables with which git runs in a folder."""
    inherited = {name: value for name, value in os.environ.items() if name not in HOOK_VARIABLES}
    if settings is Settings.ALL:
        return inherited
    for name in _PATTERNS:
        inherited.pop(name, None)
    fixed = {**_FIXED, "PATH": program_path()}
    return {**inherited, **fixed, **dict(_variables(settings, folder))}


def _variables(settings: Settings, folder: Path) -> Iterator[tuple[str, str]]:
    yield "GIT_CEILING_DIRECTORIES", str(folder.absolute().parent)
    yield "GIT_ALLOW_PROTOCOL", _PROTOCOLS if settings is Settings.FETCH else "none"
    if settings is Settings.NONE:
        yield "GIT_CONFIG_NOSYSTEM", "1"
        yield "GIT_CONFIG_GLOBAL", os.devnull
        yield "GIT_CONFIG_COUNT", "0"
        yield "GIT_CONFIG_PARAMETERS", ""
        yield "GIT_DIFF_OPTS", ""
        return
    first = _count()
    for number, (name, value) in enumerate(_SAFE_SETTINGS.items(), first):
        yield f"GIT_CONFIG_KEY_{number}", name
        yield f"GIT_CONFIG_VALUE_{number}", value
    yield "GIT_CONFIG_COUNT", str(first + len(_SAFE_SETTINGS))


def _count() -> int:
    """How many settings the user gives git by variables; ours come behind them and win."""
    found = os.environ.get("GIT_CONFIG_COUNT", "")
    return int(found) if found.isascii() and found.isdigit() else 0


def failed(place: str, message: str) -> GitError:
    """The error that says what git said, in a folder or of an address."""
    if unknown := _UNKNOWN_COMMIT.search(message):
        step = "correct the address or the commit"
        return GitError(place, f"no commit {unknown[1]} there", next_step=step)
    if not message.endswith(".."):
        message = message.removesuffix(".")
    return GitError(place, f"git failed: {message}", next_step="fix that and run again")
