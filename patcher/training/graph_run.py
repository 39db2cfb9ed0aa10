"""The graph that a tree's program builds to train: the program is run in a stack, and measured."""

import json
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Any

from patcher import reading
from patcher.checks.model import LegacyVariable, Measurement, Operation
from patcher.training import processes
from patcher.training.isolation import python_command
from patcher.training.program import graph_run
from patcher.training.stack import SCRIPTS
from patcher.training.variables import passed_on

_LARGEST = 64_000_000  # bytes of what the script reports
# A graph needs no device to be built.
_VARIABLES = {"EFFPATCH_DEVICE": "cpu", "TF_CPP_MIN_LOG_LEVEL": "3"}
_UNWRITTEN = "-B"  # the tree is not to be written to


def measure(program: Path, runtime: Path | None, python: Path, max_rank: int) -> Measurement:
    """What the training graph of a program is like, or why it builds none.

    A Python with TensorFlow and estimators runs it, with the folder `runtime` at the end of the
    import path. Operations with a tensor of a higher rank than `max_rank` are listed, and legacy
    variables.
    """
    lines: list[str] = []
    with TemporaryDirectory(prefix="effpatch-graph-") as name:
        folder, result = Path(name), Path(name, "result")
        words = (program, runtime or "", result, str(max_rank), *graph_run(folder))
        command = python_command(python, _UNWRITTEN, SCRIPTS / "graph.py", *words)
        code = processes.run(command, {**passed_on(), **_VARIABLES}, lines.append, folder)
        if not code and result.exists():
            found: dict[str, Any] = json.loads(reading.read(result, _LARGEST))
            reported = tuple(Operation(**each) for each in found["reported"])
            legacy = tuple(LegacyVariable(**each) for each in found["legacy"])
            counts = found["operations"], reported, found["identities"]
            return Measurement(*counts, legacy=legacy, users=found["users"])
    with NamedTemporaryFile(prefix="effpatch-graph-", suffix=".log", delete=False) as log:
        log.writelines(f"{line}\n".encode() for line in lines)
    reason = processes.last_line(lines) if code else "its program ends without building one"
    return Measurement(failure=f"the training graph cannot be built ({reason}), log in {log.name}")
