"""What is shipped beside the code, and where the user's state is kept."""

import os
from pathlib import Path

__version__ = "0.1.0"

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The shipped folder `name`: inside the package as installed, beside it in a clone."""
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def state_home() -> Path:
    """`effpatch` in the user's state folder; a variable with a relative path does not count.

    Where the user has no home, that is no folder, and errors of the system say so.
    """
    named = os.environ.get("XDG_STATE_HOME", "")
    place = named if os.path.isabs(named) else os.path.expanduser("~/.local/state")
    return Path(place if os.path.isabs(place) else os.devnull) / "effpatch"


RULES = folder("rules")
VENDOR = folder("vendor")
