"""Whole processes and what they take."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

EFFPATCH = str(Path(sys.executable).with_name("effpatch"))


class Cost(NamedTuple):
    """What a process took: seconds by the clock, and MB at its peak or its children's."""

    seconds: float
    memory: float


def cost(command: Sequence[str | Path], folder: Path | None = None) -> Cost:
    """Run a command to its end.

    Raises:
        RuntimeError: It ended with an error; with the end of what it said.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        [*map(str, command)],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {said[-2000:]!r}")
    return Cost(seconds, usage.ru_maxrss / (1 if sys.platform == "darwin" else 1000))
