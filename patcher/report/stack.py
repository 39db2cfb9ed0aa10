"""What a stack has, for people and for machines."""

from __future__ import annotations

from patcher.report.json import envelope
from patcher.report.rows import Row, print_rows
from patcher.training.stack import Part, Stack


def table(stack: Stack) -> None:
    """Print a row for each part, and the verdict."""
    summary = f"{stack.python}: {stack.problem or 'ready to train'}"
    print_rows(("part", "", "", ""), map(_row, stack.parts.values()), summary)


def _row(part: Part) -> Row:
    if part.problem:
        verdict = "unusable" if part.version else "missing"
        return part.label, (verdict, "yellow"), "", part.problem
    lists = [f"{what} {', '.join(names) or 'none'}" for what, names in part.details.items()]
    found = "; ".join([*filter(None, [part.version]), *lists])
    return part.label, ("found", "green"), "", found


def as_json(stack: Stack) -> str:
    """The same as one object, on one line."""
    members: dict[str, object] = {"executable": str(stack.python)}
    for name, part in stack.parts.items():
        members[name] = {"version": part.version, "problem": part.problem, **part.details}
    return envelope(**members, ready=stack.problem is None)
