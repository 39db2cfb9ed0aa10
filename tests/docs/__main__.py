"""`python -m tests.docs PAGE`: what each command of a page prints, to copy into the page."""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from patcher.resources import VENDOR
from patcher.tree.fetch import fetch
from tests.docs.sandbox import Sandbox
from tests.docs.variables import runnable, variables
from tests.rule_check import PIN


def main(name: str) -> None:
    """Run a page and print it as a session."""
    found = runnable(name)
    with TemporaryDirectory() as folder:
        about = variables(found, Path(folder), lambda name: _get(name, Path(folder) / name))
        for step, output, code in Sandbox(Path(folder)).run(found, about):
            ended = "" if code in (0, 1) else f"  # line {step.line}: exit code {code}"
            print(f"$ {step.code.strip()}{ended}", output, sep="\n", end="")


def _get(name: str, folder: Path) -> Path:
    """What the fixture of a name gives."""
    if name == "pristine":
        fetch(folder, PIN)
        return folder
    beside = VENDOR.parent.parent / "shared" / "spec" / "efficientdet-changes.md"
    return Path(os.environ.get("EFFPATCH_DOCUMENT") or beside)


main(sys.argv[1])
