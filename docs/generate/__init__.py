"""What makes the generated files of the documentation: `python -m docs.generate` writes them again.

Each module of `MODULES` has a function `generators`, which gives what makes each of its files, by
the file's path in the repository. Nothing is made before it is asked for.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = ("pages", "rules", "man")
# Folders in which every file is generated: one that no generator makes is left from before.
OWNED = ("docs/man/*", "docs/reference/rules/*")


def generators() -> Mapping[str, Callable[[], bytes]]:
    """What makes each generated file, by its path in the repository."""
    found: dict[str, Callable[[], bytes]] = {}
    for name in MODULES:
        found |= import_module(f"docs.generate.{name}").generators()
    return found


def left_over() -> list[str]:
    """The files that were generated once, and that nothing generates now."""
    paths = (file.relative_to(ROOT).as_posix() for each in OWNED for file in ROOT.glob(each))
    return sorted(set(paths) - {*generators()})
