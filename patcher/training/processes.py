"""A program and all that it starts, from its first line to the end of the last process.

Launchers put workers into sessions of their own, and a worker may outlive its launcher. So all of
them are told by a mark in their environment, not by who started whom.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import psutil

MARK = "EFFPATCH_RUN"
# Seconds: how long a process may take to end by itself.
_PATIENCE = 10


def run(
    command: Sequence[str | Path],
    environment: Mapping[str, str],
    told: Callable[[str], None],
    folder: Path | None = None,
) -> int:
    """Run a program and, however that ends, leave nothing that it has started on this machine.

    Args:
        command: The program and its arguments.
        environment: Its variables.
        told: Gets each line that it prints.
        folder: Where to run it; left out, where this program runs.

    Returns:
        Its exit code; negative for the signal that ended it.

    Raises:
        KeyboardInterrupt: Ctrl-C, a request to end, or a terminal that was closed.
    """
    mark = f"{os.getpid()}-{secrets.token_hex(8)}"
    with interruptible():
        try:
            return _followed(_start(command, {**environment, MARK: mark}, folder), mark, told)
        finally:
            with _signals(signal.SIG_IGN):
                end(mark)


@contextmanager
def interruptible() -> Iterator[None]:
    """Have a request to end, or a terminal that is closed, raise KeyboardInterrupt, as Ctrl-C does.

    What this process was told to ignore, as by nohup, it still ignores.
    """
    with _signals(signal.default_int_handler):
        yield


def end(mark: str) -> None:
    """End every process that has a mark: those that do not do so when asked are killed."""
    for stop in (psutil.Process.terminate, psutil.Process.kill):
        left = list(_marked(mark))
        for process in left:
            with suppress(psutil.NoSuchProcess):
                stop(process)
        psutil.wait_procs(left, timeout=_PATIENCE)


def _start(
    command: Sequence[str | Path], environment: Mapping[str, str], folder: Path | None
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,  # Ctrl-C is for us to pass on
    )


def _followed(program: subprocess.Popen[str], mark: str, told: Callable[[str], None]) -> int:
    def sweep() -> None:
        program.wait()
        end(mark)  # whoever is left would keep the pipe open

    sweeper = Thread(target=sweep, daemon=True)
    sweeper.start()
    assert program.stdout is not None
    with program.stdout as lines:
        for line in lines:
            told(line.rstrip("\n"))
    sweeper.join()
    return program.returncode


def _marked(mark: str) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == mark:
                yield process


@contextmanager
def _signals(handler: Any) -> Iterator[None]:
    """Have the signals that ask this process to end go to a handler."""
    names = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    heard = [name for name in names if signal.getsignal(name) is not signal.SIG_IGN]
    before = {name: signal.signal(name, handler) for name in heard}
    try:
        yield
    finally:
        for name, old in before.items():
            signal.signal(name, old)
