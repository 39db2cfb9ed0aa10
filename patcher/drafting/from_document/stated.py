"""Where a document says that code is added: after one statement of the file, or before one."""

from __future__ import annotations

from collections.abc import Iterator

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
    """The edit that adds statements where a document says, if that is one place."""
    rows = rows_of(quoted.after)
    if not rows or any(map(sole_import, rows)):
        return None
    found = [edit for edit in _edits(quoted, seen) if _is_pending(edit, quoted, seen)]
    if scopes := named_scopes(quoted, seen):
        found = [e for e in found if any(f".{s}." in f".{e.within}." for s in scopes)]
    if len(found) != 1:
        return None
    return Addition(found[0], f"{quoted.place}, as the document says", quoted)


def _edits(quoted: Quoted, seen: Outline) -> Iterator[Statement]:
    if quoted.follows and len(rows_of(quoted.follows)) == 1:
        for scope in sorted(seen.scopes):
            yield Statement(within=scope, follows=quoted.follows)
    elif quoted.precedes and (above := _above(quoted.precedes, seen)):
        scope = above.suite.scope
        edits = (
            Statement(within=scope, follows=each) for each in anchors(above, seen.lines(scope))
        )
        yield from [each for each in edits if _is_pending(each, quoted, seen)][:1]


def _above(quote: str, seen: Outline) -> Line | None:
    """The line above the one that a quote is, or the header of; None where that is not one."""
    wanted = rows_of(f"{quote} ..." if quote.endswith(":") else quote)
    if len(wanted) != 1:
        return None
    lines = (line for suite in seen.suites for line in suite.lines)
    found = [line for line in lines if equivalent(wanted[0], line.node)]
    index = found[0].suite.lines.index(found[0]) if len(found) == 1 else 0
    return found[0].suite.lines[index - 1] if index else None


def _is_pending(edit: Statement, quoted: Quoted, seen: Outline) -> bool:
    """Whether an edit can be made in one place."""
    found = edit_kind(edit).find(quoted.rule(edit), seen)
    return [match.state for match in found] == [State.PENDING]
