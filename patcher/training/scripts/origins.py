"""Prints where a Python would import modules from, as JSON: `origins.py PATH MODULE...`.

PATH comes before the Python's own. Of each module it tells the file, null where there is none.
Nothing is imported. It runs on the Python of a stack, 3.8 and newer, isolated.
"""

from __future__ import annotations

import json
import os
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from itertools import accumulate


def origin(module: str) -> str | None:
    """The file of a module, the way Python finds it; its packages are made, but not run."""
    path, file = [*sys.argv[1].split(os.pathsep), *sys.path], None
    for name in accumulate(module.split("."), "{}.{}".format):
        spec = PathFinder.find_spec(name, path)
        if spec is None:
            return None
        sys.modules[name] = package = module_from_spec(spec)
        path, file = list(getattr(package, "__path__", ())), spec.origin
    return file


print(json.dumps({module: origin(module) for module in sys.argv[2:]}))
