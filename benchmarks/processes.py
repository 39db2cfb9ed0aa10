"""Whole processes and what they take."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psutil

_PAUSE = 0.2  # seconds between two looks at memory
EFFPATCH = str(Path(sys.executable).with_name("effpatch"))


class Cost(NamedTuple):
    """What a process took: seconds by the clock, and MB at its peak.

    No peak is told that is below this program's own, which a new process starts from.
    """

    seconds: float
    memory: float


def cost(command: Sequence[str | Path], *, together: bool = False) -> Cost:
    """Run a command to its end.

    Args:
        command: The program and its arguments.
        together: Whether its memory is that of all its processes, looked at now and then; left
            out, that of the largest.

    Raises:
        RuntimeError: It ended with an error; with the end of what it said.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        [*map(str, command)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    peak = _together(process) if together else 0.0
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {said[-2000:]!r}")
    return Cost(seconds, peak or usage.ru_maxrss / 1000)


def _together(process: subprocess.Popen[bytes]) -> float:
    """The most MB that a process and those it starts have held at once, what they share once."""
    root, most = psutil.Process(process.pid), 0.0
    while root.status() != psutil.STATUS_ZOMBIE:
        held = 0
        for each in (root, *root.children(recursive=True)):
            with suppress(psutil.Error):
                held += each.memory_full_info().pss
        most = max(most, held / 10**6)
        time.sleep(_PAUSE)
    return most
