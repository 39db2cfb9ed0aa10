"""Graph: no tensor of model and gradients has more dimensions than an HPU takes."""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from patcher.training import log, processes
from patcher.training.interpreter import SCRIPTS
from patcher.training.program import graph_run
from patcher.tree.files import Tree
from patcher.tree.runtime import FOLDER
from patcher.verify.model import Check, Finding

_PROGRAM = SCRIPTS / "graph.py"
_FOLDER = "efficientdet"
_MAIN = f"{_FOLDER}/main.py"
_HIGHEST = 5


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of a graph that has to be told of.

    Attributes:
        name: Its name in the graph.
        type: What it does, by TensorFlow's name for it.
        shape: Of its output of the highest rank, None where a side is not known; None itself
            where the rank is not.
        file: The file below the tree's program that made it, or what it is the gradient of.
        line: The line there, 1-based.
    """

    name: str
    type: str
    shape: Sequence[int | None] | None
    file: str
    line: int

    @property
    def finding(self) -> Finding:
        """It as a finding; a rank that is not known is for somebody to look at."""
        file, what = f"{_FOLDER}/{self.file}", f"{self.type} {self.name}"
        if self.shape is None:
            text = f"{what} is of unknown rank, or calls what is; expected {_HIGHEST} at most"
            return Finding(file, self.line, text, advice=True)
        text = (
            f"{what} is {list(self.shape)}, of rank {len(self.shape)}, expected {_HIGHEST} at most"
        )
        return Finding(file, self.line, text)


def check(tree: Tree, python: Path) -> Check:
    """The operations of the training graph whose tensors have too many dimensions.

    Args:
        tree: A patched tree; its program is run.
        python: What runs it: a Python with TensorFlow and estimators.
    """
    with tempfile.TemporaryDirectory(prefix="effpatch-graph-") as name:
        folder = Path(name)
        handle, said = tempfile.mkstemp(prefix="effpatch-graph-", suffix=".log")
        os.close(handle)
        with log.open_log(Path(said)) as told:
            given: tuple[str | Path, ...]
            given = (tree.root / _MAIN, FOLDER, folder / "found", str(_HIGHEST), *graph_run(folder))
            code = processes.run((python, _PROGRAM, *given), _environment(), told, folder)
        if code or not (folder / "found").exists():
            return Check("graph", (_failure(code, Path(said)),))
        os.unlink(said)
        return Check("graph", tuple(_findings(json.loads((folder / "found").read_text("utf-8")))))


def _environment() -> dict[str, str]:
    # A graph needs no device to be built, and the tree is not to be written to.
    own = {"EFFPATCH_DEVICE": "cpu", "PYTHONDONTWRITEBYTECODE": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    return {**os.environ, **own}


def _failure(code: int, said: Path) -> Finding:
    reason = log.last_line(said) if code else "its program ends without building one"
    return Finding(_MAIN, 1, f"the training graph cannot be built ({reason}), log in {said}")


def _findings(measured: dict[str, Any]) -> Iterator[Finding]:
    """What `graph.py` has measured: a finding per operation that it tells of, and the sum."""
    found = [Operation(**each) for each in measured["reported"]]
    yield from (each.finding for each in found)
    high = Counter(each.type for each in found if each.shape is not None)
    text = f"{measured['operations']} operations, {high.total()} of rank above {_HIGHEST}"
    if high:
        types = ", ".join(f"{number} {type_}" for type_, number in high.most_common())
        text += f" ({types}; {measured['identities']} Identity hand on what these make)"
    text += f", {len(found) - high.total()} of unknown rank"
    yield Finding(_MAIN, 1, text, advice=True)
