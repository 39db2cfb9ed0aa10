"""What a stack has, for people and for machines."""

from __future__ import annotations

from collections.abc import Sequence

from patcher.report.json import envelope
from patcher.report.rows import Row, print_rows
from patcher.training.stack import LABELS, Stack


def table(stack: Stack) -> None:
    """Print a row for each part, and the verdict."""
    summary = f"{stack.python}: {stack.problem or 'ready to train'}"
    rows = (_row(label, **stack.parts[name]) for name, label in LABELS.items())
    print_rows(("part", "", "", ""), rows, summary)


def _row(label: str, version: str | None, problem: str | None, **more: Sequence[str]) -> Row:
    if problem:
        return label, ("unusable" if version else "missing", "yellow"), "", problem
    lists = [f"{what} {', '.join(names) or 'none'}" for what, names in more.items()]
    return label, ("found", "green"), "", "; ".join([*filter(None, [version]), *lists])


def as_json(stack: Stack) -> str:
    """The same as one object, on one line."""
    return envelope(executable=str(stack.python), **stack.parts, ready=stack.problem is None)
