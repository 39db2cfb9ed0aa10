"""Where a document says that code is added: after one statement of the file, or before one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import libcst as cst

from patcher.code.equivalence import equivalent
from patcher.code.imports import sole_import
from patcher.code.outline import Line, Outline
from patcher.drafting.from_document.candidates import named_scopes
from patcher.drafting.from_document.ported import Addition, anchors, rows_of
from patcher.drafting.from_document.quoted import Quoted
from patcher.edits.base import edit_kind
from patcher.edits.kinds import Statement
from patcher.model import State


def stated_place(quoted: Quoted, seen: Outline) -> Addition | None:
    """The edit that adds statements where a document says, if that is one place.

    What is added at the head of a block follows nothing: the statement below it is quoted as well.
    """
    rows = rows_of(quoted.after)
    if not rows or any(map(sole_import, rows)):
        return None
    if quoted.precedes and not quoted.follows and (first := _head(quoted, seen)):
        return _above_first(first, quoted, seen)
    found = [edit for edit in _edits(quoted, seen) if _is_pending(edit, quoted, seen)]
    if scopes := named_scopes(quoted, seen):
        found = [each for each in found if _is_in(each.within, scopes)]
    if len(found) != 1:
        return None
    return Addition(found[0], f"{quoted.place}, as the document says", quoted)


def _edits(quoted: Quoted, seen: Outline) -> Iterator[Statement]:
    if quoted.follows and len(rows_of(quoted.follows)) == 1:
        for scope in sorted(seen.scopes):
            yield Statement(within=scope, follows=quoted.follows)
    elif quoted.precedes and (above := _above(quoted, seen)):
        scope = above.suite.scope
        edits = (
            Statement(within=scope, follows=each) for each in anchors(above, seen.lines(scope))
        )
        yield from [each for each in edits if _is_pending(each, quoted, seen)][:1]


def _above_first(first: Line, quoted: Quoted, seen: Outline) -> Addition | None:
    """The edit that adds statements above the first one of a block."""
    code = cst.Module([]).code_for_node(first.node.with_changes(leading_lines=()))
    wide = replace(quoted, before=code, after=f"{quoted.after.rstrip()}\n{code}")
    edit = Statement(within=first.suite.scope)
    if not _is_pending(edit, wide, seen):
        return None
    return Addition(edit, f"before `{quoted.precedes}`, which is quoted as well", wide)


def _head(quoted: Quoted, seen: Outline) -> Line | None:
    """The simple statement that code goes before, where that is the first of its block.

    None for what has to be the first: a docstring, or an import from the future.
    """
    found = _below(quoted, seen)
    match found and found.node:
        case cst.SimpleStatementLine(
            body=[cst.Expr(value=cst.SimpleString() | cst.ConcatenatedString())]
            | [cst.ImportFrom(module=cst.Name("__future__"))]
        ):
            return None
        case cst.SimpleStatementLine():
            return found if found and found is found.suite.lines[0] else None
    return None


def _above(quoted: Quoted, seen: Outline) -> Line | None:
    """The line above the one that code goes before; None where that is not one."""
    found = _below(quoted, seen)
    index = found.suite.lines.index(found) if found else 0
    return found.suite.lines[index - 1] if found and index else None


def _below(quoted: Quoted, seen: Outline) -> Line | None:
    """The line, or the header of one, that code goes before; None where that is not one."""
    quote, scopes = quoted.precedes, named_scopes(quoted, seen)
    wanted = rows_of(f"{quote} ..." if quote.endswith(":") else quote)
    if len(wanted) != 1:
        return None
    suites = (suite for suite in seen.suites if not scopes or _is_in(suite.scope, scopes))
    lines = (line for suite in suites for line in suite.lines)
    found = [line for line in lines if equivalent(wanted[0], line.node)]
    return found[0] if len(found) == 1 else None


def _is_in(scope: str, named: Sequence[str]) -> bool:
    return any(f".{each}." in f".{scope}." for each in named)


def _is_pending(edit: Statement, quoted: Quoted, seen: Outline) -> bool:
    """Whether an edit can be made in one place."""
    found = edit_kind(edit).find(quoted.rule(edit), seen)
    return [match.state for match in found] == [State.PENDING]
