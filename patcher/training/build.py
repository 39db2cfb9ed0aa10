"""Running the commands that make a stack, and saying why one failed."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from patcher.errors import StackError
from patcher.training import processes
from patcher.training.log import open_log
from patcher.training.recipe import Recipe, commands, environment

_HEAD = "== "  # begins the line that begins a step in the log
_FULL = re.compile("No space left on device|Disk quota exceeded")
_NETWORK = re.compile(
    "Failed to establish a new connection|Temporary failure in name resolution"
    "|Connection (?:refused|reset|timed out)|Network is unreachable|ProxyError|SSLError"
    "|Read timed out|ConnectTimeout|RemoteDisconnected|HTTP error \\d+|Name or service not known"
)


class Steps(Protocol):
    """Shows the steps of some work."""

    def step(self, title: str) -> AbstractContextManager[None]:
        """Enclose a step."""


def build(recipe: Recipe, log: Path, steps: Steps) -> None:
    """Run the commands of a recipe.

    Args:
        recipe: The stack to make.
        log: Gets all that the commands print.
        steps: Shows each command.

    Raises:
        StackError: One fails.
        WriteError: The log cannot be written.
    """
    variables = environment(recipe)
    for title, command in commands(recipe):
        with steps.step(title), open_log(log) as add:
            add(f"{_HEAD}{title}: {' '.join(command)}")
            if processes.run(command, variables, add):
                raise explain(title, log)


def explain(step: str, log: Path) -> StackError:
    """Why a step failed, by what the last one of its name printed."""
    output = log.read_text("utf-8", "replace").rpartition(f"{_HEAD}{step}: ")[2].split("\n")
    if any(map(_FULL.search, output)):
        found, again = f"the disk is full ({step})", "free some space and run again with --force"
        return StackError(str(log.parent), found, "about 3 GB", again)
    network = [match[0] for match in map(_NETWORK.search, output) if match]
    if network:
        found = f"the package index cannot be reached ({network[-1]})"
        fix = "check the network, or pip's index-url and proxy,"
    else:
        errors = [line for line in output if re.match(r"\s*(ERROR|error|CMake Error)\b", line)]
        printed = [line for line in output[1:] if line.strip()] or ["no output"]
        found, fix = f"failed ({(errors or printed)[-1].strip()})", "fix the cause"
    return StackError(step, found, next_step=f"{fix} and run again with --force; log in {log}")
