"""What is shipped beside the code: packs, pins, the runtime and the miniature tree."""

from pathlib import Path

__version__ = "0.1.0"

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The shipped folder `name`: inside the package as installed, beside it in a clone."""
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


RULES = folder("rules")
VENDOR = folder("vendor")
