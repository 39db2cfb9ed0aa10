"""Running git; loading GitPython would take longer than git takes to answer."""

import os
import shutil
import subprocess
from collections.abc import Collection, Mapping
from pathlib import Path

from patcher.errors import GitError

# What git sets for its hooks; with these, it would work on another repository.
HOOK_VARIABLES = (
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
)

ANY = range(256)  # every exit code


def require_git() -> None:
    """Check that git is installed.

    Raises:
        GitError: It is not.
    """
    if shutil.which("git") is None:
        raise GitError("git", "not installed", next_step="install git and run again")


def ask(
    folder: Path,
    *arguments: str,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    allowed: Collection[int] = (0,),
) -> str:
    """What git prints, without the line end after it; arguments and errors as for `try_to`."""
    printed = try_to(folder, *arguments, stdin=stdin, env=env, allowed=allowed)[1]
    return os.fsdecode(printed).rstrip("\n")


def try_to(
    folder: Path,
    *arguments: str,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    allowed: Collection[int] = (0, 1),
) -> tuple[int, bytes]:
    """The exit code of git and what it prints.

    Args:
        folder: Where git runs; it decides which repository is meant.
        arguments: The command and its options.
        stdin: What git reads from standard input.
        env: Variables to add to its environment.
        allowed: Exit codes that are no failure.

    Raises:
        GitError: git is not installed, or ends with another exit code.
    """
    require_git()
    inherited = {name: value for name, value in os.environ.items() if name not in HOOK_VARIABLES}
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        env={**inherited, "LC_ALL": "C", **(env or {})},
        check=False,
    )
    if done.returncode not in allowed:
        lines = os.fsdecode(done.stderr).strip().splitlines() or [f"exit code {done.returncode}"]
        fatal = [line for line in lines if line.startswith("fatal: ")] or lines
        raise failed(str(folder), fatal[0].removeprefix("fatal: "))
    return done.returncode, done.stdout


def failed(place: str, message: str) -> GitError:
    """The error that says what git said, in a folder or of an address."""
    return GitError(place, f"git failed: {message}", next_step="fix that and run again")
