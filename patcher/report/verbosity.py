"""How much is said besides reports and errors: less with --quiet, more with --verbose.

A report, such as a diff or JSON, and a warning are printed by `say`, whatever was chosen.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from time import monotonic

from patcher.report.streams import say


class Verbosity(Enum):
    """What is said besides reports, warnings and errors."""

    QUIET = "nothing"
    NORMAL = "what is done"
    VERBOSE = "also what it is done with"


_chosen = Verbosity.NORMAL


def choose(verbosity: Verbosity) -> None:
    """Set how much this process says."""
    global _chosen
    _chosen = verbosity


def chosen() -> Verbosity:
    """How much this process says."""
    return _chosen


def is_quiet() -> bool:
    """Whether nothing is said of what is done, also not by a progress bar."""
    return _chosen is Verbosity.QUIET


def inform(text: str, *, error: bool = False) -> None:
    """Say what is done or what to do next, as one line; with --quiet, nothing."""
    if not is_quiet():
        say(text, error=error)


def detail(text: str) -> None:
    """Say on standard error, as one line, what a command works with; only with --verbose."""
    if _chosen is Verbosity.VERBOSE:
        say(text, error=True)


@contextmanager
def timed(phase: str) -> Iterator[None]:
    """Say with --verbose how long something took that succeeds."""
    start = monotonic()
    yield
    detail(f"{phase}: {monotonic() - start:.2f} s")
