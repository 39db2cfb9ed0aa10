"""Where a port has a part of a statement that is added, or lines of a docstring."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from patcher.code.equivalence import evaluated
from patcher.code.line_code import code_of
from patcher.code.outline import Line, Outline
from patcher.code.token_runs import Run, bracket_around, is_prose, quoted_run, runs_in
from patcher.drafting.from_document.quoted import Quoted
from patcher.edits.base import edit_kind
from patcher.edits.kinds import Fragment
from patcher.model import State


def added_part(quoted: Quoted, seen: Outline, ported: Outline) -> Fragment | None:
    """The edit that adds what is quoted behind what a port has in front of it.

    None where the port has it in no place or in several, or where the file lacks what is in front.
    """
    places = _lines_above if is_prose(quoted.after) else _parts_before
    found = [*places(quoted.after, ported)]
    if len(found) != 1:
        return None
    scope, follows = found[0]
    edit = Fragment(within=scope, follows=follows)
    matches = edit_kind(edit).find(quoted.rule(edit), seen) if follows else ()
    return edit if [match.state for match in matches] == [State.PENDING] else None


def _parts_before(quote: str, ported: Outline) -> Iterator[tuple[str, str]]:
    """What stands in front of each place where a port has a part, and that place's scope."""
    wanted = quoted_run(quote)
    for line in (each for top in ported.lines() for each in top.chain()):
        code = code_of(line, ported)
        for row in code.rows if code else ():
            for run in runs_in(row, wanted):
                yield line.suite.scope, _element_before(run, code.text if code else "")


def _element_before(run: Run, text: str) -> str:
    """The argument or element in front of a run; where it is the first, the call as far as that."""
    row, end = run.row, run.start
    if end and row[end - 1].text == ",":
        end -= 1
    bracket = bracket_around(row, run.start)
    if bracket is None or not end:
        return ""
    if end - 1 == bracket:
        start = next((i for i in range(bracket, 0, -1) if not _is_of_name(row[i - 1].text)), 0)
    else:
        commas = (i for i in range(end - 1, bracket, -1) if row[i].text == ",")
        start = next((i + 1 for i in commas if bracket_around(row, i) == bracket), bracket + 1)
    return text[row[start].start : row[end - 1].end]


def _is_of_name(text: str) -> bool:
    return text.isidentifier() or text == "."


def _lines_above(quote: str, ported: Outline) -> Iterator[tuple[str, str]]:
    """The line above each place where a port has lines in a docstring, and that place's scope."""
    wanted = [line.strip() for line in quote.strip().splitlines()]
    for line in ported.lines():
        lines = [each.strip() for each in _docstring(line).splitlines()]
        for index in range(1, len(lines) - len(wanted) + 1):
            if lines[index : index + len(wanted)] == wanted:
                yield line.suite.scope, lines[index - 1]


def _docstring(line: Line) -> str:
    """The text of a statement that is a string; "" for any other."""
    match line.node:
        case cst.SimpleStatementLine(body=[cst.Expr(value=cst.SimpleString(value=literal))]):
            return str(evaluated(literal))
    return ""
