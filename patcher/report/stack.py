"""What a stack has, for people and for machines."""

from __future__ import annotations

from rich.text import Text

from patcher.report.json import envelope
from patcher.report.output import Output, Row
from patcher.training.stack import Part, Stack

_LABELS = {
    "python": "Python",
    "tensorflow": "TensorFlow",
    "estimators": "estimators",
    "horovod": "Horovod",
    "habana": "Habana module",
    "imports": "the upstream's imports",
    "devices": "devices",
}


def table(stack: Stack) -> None:
    """Print a row per part, and the verdict."""
    out = Output()
    out.rows(("part", "", "", ""), [_row(name, part) for name, part in stack.parts.items()])
    out.show(f"\n{stack.python}: {stack.lack or 'a training can run'}")


def _row(name: str, part: Part) -> Row:
    label = _LABELS[name]
    if part.problem:
        word = "unusable" if part.version else "missing"
        return label, Text(word, "yellow"), "", part.problem
    lists = [f"{what} {', '.join(names) or 'none'}" for what, names in part.more.items()]
    return label, Text("there", "green"), "", "; ".join([*filter(None, [part.version]), *lists])


def as_json(stack: Stack) -> str:
    """The same as one object, on one line."""
    members: dict[str, object] = {"executable": str(stack.python)}
    for name, part in stack.parts.items():
        members[name] = {"version": part.version, "problem": part.problem, **part.more}
    return envelope(**members, ready=stack.lack is None)
