"""A program and all that it starts, from its first line to the end of the last process."""

import os
import secrets
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread, Timer
from typing import IO, Any, Protocol

from patcher.errors import WriteError, masked, reason
from patcher.training.scripts import marked

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Seconds for the first worker to save what it has; with what others may take to end, less than
# schedulers wait.
_NOTICE = 18


class Terminated(KeyboardInterrupt):
    """A request to end, as schedulers send it before they kill."""


class Elsewhere(Protocol):
    """What a program has started on other hosts."""

    def ask_first(self, mark: str, worker: Sequence[str]) -> int:
        """Request the first worker to end; gives how many processes that are there."""

    def end(self, mark: str) -> None:
        """End every process that has a mark."""


def run(
    command: Sequence[str | Path],
    environment: Mapping[str, str],
    on_line: Callable[[str], None],
    folder: Path | None = None,
    worker: Sequence[str] = (),
    elsewhere: Elsewhere | None = None,
) -> int:
    """Run a program; however it ends, no process that it has started is left.

    Each line that it prints goes to `on_line`. Where this process is requested to end, the first
    of those that run the command `worker` is first, and has time to save what it has.

    Returns:
        Its exit code; negative for the signal that ended it.

    Raises:
        KeyboardInterrupt: Ctrl-C, a request to end, or a closed terminal.
    """
    mark = f"{os.getpid()}-{secrets.token_hex(8)}"
    with signals():
        try:
            program = subprocess.Popen(
                command,
                env={**environment, marked.MARK: mark},
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,  # Ctrl-C must reach only this process, which ends others
            )
            return _follow(program, mark, on_line, worker, elsewhere)
        finally:
            with signals(signal.SIG_IGN):
                marked.end(mark)
                if elsewhere:
                    elsewhere.end(mark)


def _raise_once(number: int, _: object) -> None:
    """Raise KeyboardInterrupt; whoever asks again does not disturb how the program is ended."""
    for name in _SIGNALS:
        signal.signal(name, signal.SIG_IGN)
    raise Terminated if number == signal.SIGTERM else KeyboardInterrupt


@contextmanager
def signals(handler: Any = _raise_once) -> Iterator[None]:
    """Send what asks this process to end to a handler; by default it raises KeyboardInterrupt.

    That is Ctrl-C, a request to end, or a closed terminal. Signals that this process ignores, as
    under nohup, are still ignored.
    """
    heeded = [name for name in _SIGNALS if signal.getsignal(name) is not signal.SIG_IGN]
    before = {name: signal.signal(name, handler) for name in heeded}
    try:
        yield
    finally:
        for name, old in before.items():
            signal.signal(name, old)


def append(log: Path, line: str) -> None:
    """Add a line to the end of a log, which is made if it does not exist.

    It has no credentials of URLs in it.

    Raises:
        WriteError: It cannot be written, or not to the end.
    """
    try:
        with log.open("ab") as file:
            file.write(f"{masked(line)}\n".encode(errors="surrogateescape"))
    except OSError as error:
        advice = "free some space there or make it writable, and run again"
        found = f"cannot be written ({reason(error)})"
        raise WriteError(str(log), found, next_step=advice) from None


def last_line(lines: Sequence[str]) -> str:
    """The last line of an output that is not blank."""
    return next((line.strip() for line in reversed(lines) if line.strip()), "no output")


def _follow(
    program: subprocess.Popen[str],
    mark: str,
    on_line: Callable[[str], None],
    worker: Sequence[str],
    elsewhere: Elsewhere | None,
) -> int:
    def sweep() -> None:
        program.wait()
        marked.end(mark)  # a process that is left would keep the pipe open

    sweeper = Thread(target=sweep, daemon=True)
    sweeper.start()
    assert program.stdout is not None
    with program.stdout as lines:
        try:
            _read(lines, on_line)
        except Terminated:
            asked = marked.ask_first(mark, worker)
            if asked or (elsewhere and elsewhere.ask_first(mark, worker)):
                late = Timer(_NOTICE, marked.end, [mark])
                late.start()
                try:
                    _read(lines, on_line)
                finally:
                    late.cancel()
            raise
    sweeper.join()
    return program.returncode


def _read(lines: IO[str], on_line: Callable[[str], None]) -> None:
    for line in lines:
        on_line(line.rstrip("\n"))
