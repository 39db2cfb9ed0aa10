"""Running programs that start others, so that none outlives this one."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import DEVNULL, STDOUT, Popen, TimeoutExpired
from types import FrameType
from typing import IO

_PATIENCE = 5  # seconds that programs get to end by themselves
_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


def run(
    words: Sequence[str | Path],
    output: IO[bytes],
    env: Mapping[str, str],
    errors: IO[bytes] | None = None,
    folder: Path | None = None,
) -> int:
    """Run a program to its end; its processes end with it, and with this one.

    Args:
        words: The command.
        output: Where its output goes.
        env: Its environment.
        errors: Where its errors go; left out, to the output.
        folder: Where to run it.

    Returns:
        Its exit code, or a negative number for the signal that has ended it.
    """
    with _raised():
        process = Popen(
            [*map(str, words)],
            stdin=DEVNULL,
            stdout=output,
            stderr=errors or STDOUT,
            env=env,
            cwd=folder,
            start_new_session=True,
        )
        try:
            return process.wait()
        finally:
            if process.poll() is None:
                _end(process)


def _end(process: Popen[bytes]) -> None:
    """End a program that leads a session, and all that it has started."""
    try:
        with suppress(TimeoutExpired):
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(_PATIENCE)
    finally:  # also where Ctrl-C is pressed again
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def _raised() -> Iterator[None]:
    """Let signals that would end this process at once be exceptions, as Ctrl-C is."""

    def leave(number: int, _: FrameType | None) -> None:
        sys.exit(128 + number)

    before = [signal.signal(number, leave) for number in _SIGNALS]
    try:
        yield
    finally:
        for number, handler in zip(_SIGNALS, before, strict=True):
            signal.signal(number, handler)


def last_line(log: Path) -> str:
    """The last line of a log that says something."""
    lines = log.read_text("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "no output")
