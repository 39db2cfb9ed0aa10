"""The graph that a tree's program builds to train: the program is run in a stack, and measured."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from patcher.checks.model import Measurement, Operation
from patcher.training import processes
from patcher.training.interpreter import SCRIPTS
from patcher.training.program import graph_run

# A graph needs no device to be built, and the tree is not to be written to.
_VARIABLES = {
    "EFFPATCH_DEVICE": "cpu",
    "PYTHONDONTWRITEBYTECODE": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


def measure(program: Path, runtime: Path | None, python: Path, max_rank: int) -> Measurement:
    """What the training graph of a program is like, or why it builds none.

    A Python with TensorFlow and estimators runs it, with the folder `runtime` at the end of the
    import path. Operations with a tensor of a higher rank than `max_rank` are listed.
    """
    with tempfile.TemporaryDirectory(prefix="effpatch-graph-") as name:
        folder, result = Path(name), Path(name, "result")
        handle, path = tempfile.mkstemp(prefix="effpatch-graph-", suffix=".log")
        os.close(handle)
        log = Path(path)
        words = (program, runtime or "", result, str(max_rank), *graph_run(folder))
        with processes.open_log(log) as add:
            command = (python, SCRIPTS / "graph.py", *words)
            code = processes.run(command, {**os.environ, **_VARIABLES}, add, folder)
        if code or not result.exists():
            reason = last_line(log) if code else "its program ends without building one"
            failure = f"the training graph cannot be built ({reason}), log in {log}"
            return Measurement(failure=failure)
        log.unlink()
        found: dict[str, Any] = json.loads(result.read_text("utf-8"))
        reported = tuple(Operation(**each) for each in found["reported"])
        return Measurement(found["operations"], reported, found["identities"])


def last_line(log: Path) -> str:
    """The last line of a log that is not blank."""
    lines = log.read_text("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "no output")
