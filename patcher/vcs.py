"""Git's command line, by GitPython, which is imported only where it is needed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from tempfile import TemporaryFile

from patcher.errors import GitFailed


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
    try:
        from git import Git
    except ImportError:
        raise GitFailed(str(folder), "it is not installed") from None
    with TemporaryFile() as file:
        file.write(stdin)
        file.seek(0)
        status, output, message = Git(folder).execute(
            ["git", *arguments],
            istream=file,
            with_extended_output=True,
            with_exceptions=False,
            stdout_as_string=False,
            strip_newline_in_stdout=False,
            env=dict(env or {}),
        )
    if status not in allowed:
        said = str(message).strip().splitlines() or [f"exit code {status}"]
        raise GitFailed(str(folder), said[-1].removeprefix("fatal: "))
    return status, bytes(output)
