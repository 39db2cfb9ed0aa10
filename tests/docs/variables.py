"""What the commands of pages find in the variables of their shell."""

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from patcher.resources import VENDOR
from tests.docs.pages import ROOT, read
from tests.docs.steps import Step, steps

STACK = os.environ.get("EFFPATCH_STACK", "")
_EXAMPLE = "docs/guides/write-a-pack.md"
_PIN = r"\$\{?PIN\b|\beffpatch fetch\b"


def runnable(name: str) -> list[Step]:
    """The steps of a page that can be run here: without a stack, only those that need none."""
    return [step for step in steps(read(name)) if not step.needs or STACK]


def variables(found: Sequence[Step], folder: Path, get: Callable[[str], Path]) -> dict[str, str]:
    """The variables for steps.

    Args:
        found: The steps of a page.
        folder: Where a file may be written.
        get: Gives the checkout of the pin, `pristine`, and the document, `documented`, if a step
            needs it.
    """
    code = "\n".join(step.code for step in found)
    kept = {"ROOT": str(ROOT), "MINIATURE": str(VENDOR / "miniature")}
    if any(step.needs for step in found):
        kept |= {"STACK": STACK, "EFFPATCH_STACK": STACK}
    if re.search(_PIN, code):
        kept["PIN"] = str(get("pristine"))
    if re.search(r"\$\{?DOCUMENT\b", code):
        kept["DOCUMENT"] = str(get("documented"))
    if re.search(r"\$\{?GREETER\b", code):
        kept["GREETER"] = str(_greeter(folder / "greeter.sh"))
    return kept


def _greeter(file: Path) -> Path:
    """A script that makes the upstream and the pack of a guide, by the guide's first commands."""
    found = steps(read(_EXAMPLE))
    first = next(number for number, step in enumerate(found) if step.language == "console")
    assert first
    file.write_text("".join(step.code for step in found[:first]), "utf-8")
    return file
