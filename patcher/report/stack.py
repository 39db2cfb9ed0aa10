"""What a stack has, for people and for machines."""

from __future__ import annotations

from rich.text import Text

from patcher.report.json import envelope
from patcher.report.output import Output, Row
from patcher.training.stack import Part, Stack


def table(stack: Stack) -> None:
    """Print a row for each part, and the verdict."""
    out = Output()
    out.rows(("part", "", "", ""), map(_row, stack.parts.values()))
    out.show(f"\n{stack.python}: {stack.problem or 'ready to train'}")


def _row(part: Part) -> Row:
    if part.problem:
        verdict = "unusable" if part.version else "missing"
        return part.label, Text(verdict, "yellow"), "", part.problem
    lists = [f"{what} {', '.join(names) or 'none'}" for what, names in part.details.items()]
    found = "; ".join([*filter(None, [part.version]), *lists])
    return part.label, Text("found", "green"), "", found


def as_json(stack: Stack) -> str:
    """The same as one object, on one line."""
    members: dict[str, object] = {"executable": str(stack.python)}
    for name, part in stack.parts.items():
        members[name] = {"version": part.version, "problem": part.problem, **part.details}
    return envelope(**members, ready=stack.problem is None)
