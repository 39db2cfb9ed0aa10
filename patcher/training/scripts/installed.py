"""Prints what a Python has, as JSON: `installed.py MODULE...`.

It tells the version of Python, those of all packages, by their names and those of their top-level
modules, and which of the modules are missing. None is imported. It runs on the Python of a stack,
3.8 and newer, isolated.
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import distributions
from importlib.util import find_spec

packages: dict[str, str] = {}
for package in distributions():
    modules = (package.read_text("top_level.txt") or "").split()
    for name in filter(None, (package.metadata["Name"], *modules)):
        packages.setdefault(re.sub("[-_.]+", "-", name).lower(), package.version)
found = {
    "python": ".".join(map(str, sys.version_info[:2])),
    "missing": [name for name in sys.argv[1:] if not find_spec(name)],
    "packages": packages,
}
print(json.dumps(found))
