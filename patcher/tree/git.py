"""Questions to git, which GitPython would take longer to load than to ask."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Collection, Mapping
from pathlib import Path

from patcher.errors import GitFailed

# What git sets for its hooks: it would have the commands here look at another repository.
_SURROUNDINGS = (
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
)

ANY = range(256)  # every exit code


def forget_surroundings() -> None:
    """Have git look at the folder that it is run in, in a hook of another repository too."""
    for name in _SURROUNDINGS:
        os.environ.pop(name, None)


def require_git() -> None:
    """See that there is a git to work with.

    Raises:
        GitFailed: There is none.
    """
    if shutil.which("git") is None:
        raise GitFailed("git", "it is not installed")


def ask(
    folder: Path, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> bytes:
    """What git prints.

    Args:
        folder: Where git is run.
        arguments: The command and its options.
        stdin: What git gets to read.
        env: What to add to its environment.

    Raises:
        GitFailed: git is not installed, or fails.
    """
    return try_to(folder, *arguments, stdin=stdin, env=env, allowed=(0,))[1]


def try_to(
    folder: Path,
    *arguments: str,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    allowed: Collection[int] = (0, 1),
) -> tuple[int, bytes]:
    """Git's exit code and what it prints, as with `ask`.

    Args:
        folder: Where git is run.
        arguments: The command and its options.
        stdin: What git gets to read.
        env: What to add to its environment.
        allowed: Exit codes that are no failure.

    Raises:
        GitFailed: git is not installed, or ends in another exit code.
    """
    require_git()
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        env={**os.environ, "LC_ALL": "C", **(env or {})},
        check=False,
    )
    if done.returncode not in allowed:
        said = os.fsdecode(done.stderr).strip().splitlines() or [f"exit code {done.returncode}"]
        fatal = [line for line in said if line.startswith("fatal: ")] or said
        raise GitFailed(str(folder), fatal[0].removeprefix("fatal: "))
    return done.returncode, done.stdout
