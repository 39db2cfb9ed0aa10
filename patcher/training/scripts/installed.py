"""Prints what a Python has, as JSON: `installed.py MODULE...`.

It tells the version of Python, those of all packages, and which of the modules are missing. None is
imported. It runs on the Python of a stack, 3.8 and newer.
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import distributions
from importlib.util import find_spec


def main(modules: list[str]) -> None:
    """Print what there is."""
    sys.path.pop(0)  # this file's own folder is not for import
    found = {
        "python": ".".join(map(str, sys.version_info[:2])),
        "missing": [name for name in modules if not find_spec(name)],
        "packages": packages(),
    }
    print(json.dumps(found))


def packages() -> dict[str, str]:
    """The version of each package, by its name and those of its top-level modules."""
    found: dict[str, str] = {}
    for package in distributions():
        modules = (package.read_text("top_level.txt") or "").split()
        for name in filter(None, (package.metadata["Name"], *modules)):
            found.setdefault(re.sub("[-_.]+", "-", name).lower(), package.version)
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
