"""The stack for an accelerator, by the table that comes with effpatch."""

import json
import sys
from pathlib import Path

from patcher.packs import DEFAULT, load_pack
from patcher.training.releases import Target, target_of
from tests.training.test_stack import python_at


def hpu(index: str | None = None, release: str = "") -> Target:
    """A release of the shipped accelerator, by default the newest."""
    return target_of([load_pack(DEFAULT)], release, index)


def passing_for(version: str, folder: Path) -> Path:
    """This Python, which says that it is of another version when asked what it has."""
    found = json.dumps({"python": version, "missing": [], "packages": {}})
    script = (
        f"""case "$2" in *installed.py) echo '{found}' ;; *) exec {sys.executable} "$@" ;; esac"""
    )
    return python_at(folder, script) / "bin" / "python"
