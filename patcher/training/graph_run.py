"""The graph that a tree's program builds to train: the program is run in a stack, and measured."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from patcher.training import log, processes
from patcher.training.interpreter import SCRIPTS
from patcher.training.program import graph_run
from patcher.verify.model import Measurement, Operation

# A graph needs no device to be built, and the tree is not to be written to.
_VARIABLES = {
    "EFFPATCH_DEVICE": "cpu",
    "PYTHONDONTWRITEBYTECODE": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


def measure(program: Path, runtime: Path | None, python: Path, max_rank: int) -> Measurement:
    """What the training graph of a program is like, or why it builds none.

    Args:
        program: The file to run.
        runtime: A folder for the end of the import path, if any.
        python: What runs it: a Python with TensorFlow and estimators.
        max_rank: Operations with a tensor of a higher rank are listed.
    """
    with tempfile.TemporaryDirectory(prefix="effpatch-graph-") as name:
        folder, result = Path(name), Path(name, "result")
        handle, output = tempfile.mkstemp(prefix="effpatch-graph-", suffix=".log")
        os.close(handle)
        words = (program, runtime or "", result, str(max_rank), *graph_run(folder))
        with log.open_log(Path(output)) as add:
            command = (python, SCRIPTS / "graph.py", *words)
            code = processes.run(command, {**os.environ, **_VARIABLES}, add, folder)
        if code or not result.exists():
            reason = log.last_line(Path(output)) if code else "its program ends without one"
            failure = f"the training graph cannot be built ({reason}), log in {output}"
            return Measurement(failure=failure)
        os.unlink(output)
        return _measurement(json.loads(result.read_text("utf-8")))


def _measurement(values: dict[str, Any]) -> Measurement:
    """What `scripts/graph.py` has written."""
    found = tuple(Operation(**each) for each in values["reported"])
    return Measurement(values["operations"], found, values["identities"])
