"""Many trees at once: each is worked on by one of as many processes as there are cores.

A process takes one tree after another, so that it loads its modules once, and frees the memory of
each. What it prints is kept, and passed on in the order in which the trees were named.
"""

import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from io import StringIO
from itertools import zip_longest
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread

from patcher.errors import TreeError

# Does everything for one tree, and returns the exit code; it can be sent to another process.
Work = Callable[[Path], int]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one tree: the exit code, and what was printed on both outputs."""

    place: Path
    code: int
    output: str = ""
    errors: str = ""


def results(work: Work, places: Sequence[Path]) -> Iterator[Result]:
    """Do the same work for each of some trees; one that fails does not stop the others.

    Yields:
        What became of each, in this order, as soon as it is known.
    """
    for place, found in zip_longest(places, _attempts(work, places)):
        if found is None:  # left when a process died, perhaps because of another tree
            (found,) = _attempts(work, [place])
        yield found or _died(place)


def _attempts(work: Work, places: Sequence[Path]) -> Iterator[Result | None]:
    """What became of each tree; None, or nothing at the end, for those that were not finished."""
    futures: list[Future[Result]] = []
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    processes = min(len(places), cores or 1)
    # Spawned, not forked: they do not inherit what this process has opened and started.
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin) as pool:
        try:
            with _interrupts_deferred(), suppress(BrokenProcessPool):
                for place in places:
                    futures.append(pool.submit(_done, work, place))
            yield from map(_result, futures)
        except BaseException:  # as by Ctrl-C: what has not begun does not begin
            pool.shutdown(cancel_futures=True)
            raise


def _died(place: Path) -> Result:
    next_step = f"`effpatch status {place}` recovers the tree and shows how it stands"
    error = TreeError(str(place), "the process that worked on it died", next_step=next_step)
    return Result(place, error.exit_code, errors=f"{error}\n")


@contextmanager
def _interrupts_deferred() -> Iterator[None]:
    """Defer Ctrl-C for a moment; processes that begin in it never receive one."""
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _result(future: Future[Result]) -> Result | None:
    try:
        return future.result()
    except BrokenProcessPool:
        return None


def _begin() -> None:
    gc.disable()
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End at once, as in a crash, when the process is gone that wants the results."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _done(work: Work, place: Path) -> Result:
    output, errors = StringIO(), StringIO()
    with redirect_stdout(output), redirect_stderr(errors):
        code = work(place)
    gc.collect()  # syntax trees are cycles
    return Result(place, code, output.getvalue(), errors.getvalue())
