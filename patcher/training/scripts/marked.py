"""The processes of a run, which have a mark in their environment: asked to end, or ended.

Launchers put workers into sessions of their own, and a worker may outlive its launcher. So they are
all recognised by that, not by who started whom.

Usage: `python -Ic SOURCE end MARK`, or `... ask MARK WORD...` for the first worker that runs the
command WORD...; it prints how many processes that were.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

import psutil

MARK = "EFFPATCH_RUN"
_GRACE = 10  # seconds that a process may take to end when asked
_RANKS = ("HOROVOD_RANK", "OMPI_COMM_WORLD_RANK", "PMI_RANK")  # set by launchers, the closest first


def end(mark: str) -> int:
    """End every process that has a mark; one that does not end when asked is killed.

    Returns:
        How many there were.
    """
    found: set[psutil.Process] = set()
    for stop in (psutil.Process.terminate, psutil.Process.kill):
        running = []
        for process, _ in _marked(mark):
            with suppress(psutil.Error, OSError):
                stop(process)
                running.append(process)
        found.update(running)
        psutil.wait_procs(running, timeout=_GRACE)
    return len(found)


def ask_first(mark: str, command: Sequence[str]) -> int:
    """Request the first worker, among those that run a command, to end.

    Returns:
        How many processes that are on this host.
    """
    asked = 0
    for process, variables in _marked(mark):
        with suppress(psutil.Error):
            rank = next((variables[name] for name in _RANKS if name in variables), "0")
            if rank == "0" and process.cmdline() == [*command]:
                process.terminate()
                asked += 1
    return asked


def _marked(mark: str) -> Iterator[tuple[psutil.Process, Mapping[str, str]]]:
    """The processes that have a mark, and their variables."""
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            variables = process.environ()
            if variables.get(MARK) == mark:
                yield process, variables


if __name__ == "__main__":
    action, of, *words = sys.argv[1:]
    number = end(of) if action == "end" else ask_first(of, words)
    print(f"\n{number}")  # a shell may have left the end of a line open
