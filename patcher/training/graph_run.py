"""Runs a tree's program in a stack up to where its training graph is built, and measures that."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from patcher.training import log, processes
from patcher.verify.measurement import Measurement, Operation

_SCRIPT = Path(__file__).with_name("graph.py")
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
        folder = Path(name)
        result = folder / "found"
        handle, output = tempfile.mkstemp(prefix="effpatch-graph-", suffix=".log")
        os.close(handle)
        words = (program, runtime or "", folder, result, str(max_rank))
        with log.opened(Path(output)) as add:
            environment = {**os.environ, **_VARIABLES}
            code = processes.run((python, _SCRIPT, *words), environment, add, folder)
        if code or not result.exists():
            reason = (
                log.last_line(Path(output)) if code else "its program ends without building one"
            )
            return Measurement(
                failure=f"the training graph cannot be built ({reason}), log in {output}"
            )
        os.unlink(output)
        return _measurement(json.loads(result.read_text("utf-8")))


def _measurement(values: dict[str, Any]) -> Measurement:
    """What `graph.py` has written."""
    found = tuple(Operation(**each) for each in values["told"])
    return Measurement(values["operations"], found, values["handed_on"])
