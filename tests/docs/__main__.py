"""`python -m tests.docs PAGE`: what each command of a page prints, to copy into the page."""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from patcher.errors import GitError
from patcher.resources import VENDOR
from patcher.tree.fetch import fetch
from tests.docs.pages import ROOT, read
from tests.docs.sandbox import Sandbox
from tests.docs.steps import steps
from tests.rule_check import PIN


def main(name: str) -> None:
    """Run a page and print it as a session."""
    stack = os.environ.get("EFFPATCH_STACK", "")
    document = VENDOR.parent.parent / "shared" / "spec" / "efficientdet-changes.md"
    variables = {"ROOT": str(ROOT), "MINIATURE": str(VENDOR / "miniature"), "STACK": stack}
    variables["DOCUMENT"] = os.environ.get("EFFPATCH_DOCUMENT", str(document))
    found = [step for step in steps(read(name)) if not step.needs or stack]
    with TemporaryDirectory() as folder:
        try:
            fetch(pin := Path(folder) / "pin", PIN)
            variables["PIN"] = str(pin)
        except GitError as error:
            print(f"without $PIN: {error}", file=sys.stderr)
        for step, output, code in Sandbox(Path(folder)).run(found, variables):
            ended = "" if code in (0, 1) else f"  # line {step.line}: exit code {code}"
            print(f"$ {step.code.strip()}{ended}", output, sep="\n", end="")


main(sys.argv[1])
