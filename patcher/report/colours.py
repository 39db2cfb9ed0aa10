"""Whether what is shown is coloured."""

import os
import shutil
import sys

from patcher.report import on_terminal


def has_colours(wanted: str = "auto") -> bool:
    """Whether standard output gets colours: as a user says, else as its environment does.

    Args:
        wanted: `always`, `never`, or `auto`: by NO_COLOR, FORCE_COLOR and TERM, and else on a
            terminal.
    """
    if wanted != "auto":
        return wanted == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return on_terminal() and is_able()


def columns() -> int:
    """The columns of the terminal, as COLUMNS says or the system does; 80 for none."""
    return shutil.get_terminal_size().columns


def is_able() -> bool:
    """Whether the terminal can do more than print lines."""
    return sys.stdout is not None and os.environ.get("TERM", "dumb") not in ("dumb", "unknown")
