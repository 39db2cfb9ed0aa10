"""The user's hooks for commits, which are run as `git commit` runs them."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from patcher.errors import GitError
from patcher.tree.git import ANY, Settings, ask, try_to


def message(top: Path, folder: Path, text: str) -> bytes:
    """The message of a commit, as the hooks for messages leave it.

    Args:
        top: The folder that is checked out.
        folder: Where the message can be for a moment.
        text: What it is to be.

    Raises:
        GitError: A hook refuses it.
    """
    file = folder / "message"
    file.write_bytes(text.encode())
    try:
        _run(top, "prepare-commit-msg", str(file), "message")
        _run(top, "commit-msg", str(file))
        return file.read_bytes()
    finally:
        file.unlink(missing_ok=True)


def before_commit(top: Path, index: Path, tip: str) -> None:
    """Have the hook for commits look at the files of a commit, with an index of its own.

    Raises:
        GitError: The hook refuses it, or would commit something else.
    """
    variables = {"GIT_INDEX_FILE": str(index)}
    try:
        ask(top, "read-tree", tip, env=variables)
        _run(top, "pre-commit", env=variables)
        if ask(top, "write-tree", env=variables) != ask(top, "rev-parse", f"{tip}^{{tree}}"):
            raise _refused("pre-commit", "it changed what is to be committed")
    finally:
        index.unlink(missing_ok=True)


def after_commit(top: Path) -> None:
    """Tell the hook that commits were made; it cannot refuse them any more."""
    if _has(top, "post-commit"):
        try_to(top, "hook", "run", "post-commit", allowed=ANY, settings=Settings.ALL)


def _run(top: Path, name: str, *arguments: str, env: Mapping[str, str] | None = None) -> None:
    """Run a hook, if the user has it."""
    if not _has(top, name):
        return
    variables = {"GIT_EDITOR": ":", **(env or {})}
    try:
        ask(top, "hook", "run", name, "--", *arguments, env=variables, settings=Settings.ALL)
    except GitError as error:
        raise _refused(name, error.found.removeprefix("git failed: ")) from None


def _has(top: Path, name: str) -> bool:
    """Whether the user has a hook."""
    return os.access(top / _folder(top) / name, os.X_OK)


@cache
def _folder(top: Path) -> str:
    """Where the hooks of a repository are."""
    return ask(top, "rev-parse", "--git-path", "hooks", settings=Settings.ALL)


def _refused(name: str, why: str) -> GitError:
    next_step = "do what it asks for, or apply without --commit"
    return GitError(name, f"the hook refused the commit ({why})", next_step=next_step)
