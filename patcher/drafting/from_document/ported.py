"""What a hand-made port shows of an edit: whether a place has it, and where code is added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from patcher.code import quotes
from patcher.code.equivalence import equivalent
from patcher.code.imports import sole_import
from patcher.code.outline import Line, Outline, Suite
from patcher.code.outline import Statement as LineNode
from patcher.code.quote_forms import QuoteForm, fault
from patcher.drafting.anchors import abbreviated
from patcher.drafting.from_document.exactness import meaning
from patcher.drafting.from_document.quoted import Quoted
from patcher.edits.base import edit_kind
from patcher.edits.kinds import ImportFrom, ImportModule, Kind, Statement
from patcher.model import State


@dataclass(frozen=True, slots=True)
class Addition:
    """Where code is added: the edit, and that place in words."""

    edit: Kind
    found: str
    quoted: Quoted


def is_made(edit: Kind, quoted: Quoted, ported: Outline) -> bool:
    """Whether a port has an edit, and nothing that is still as before it."""
    found = edit_kind(edit).find(quoted.rule(edit), ported)
    return bool(found) and all(match.state is State.APPLIED for match in found)


def added_import(quoted: Quoted, seen: Outline) -> Addition | None:
    """The edit that adds imports to those of a module, where that is all it adds."""
    rows = rows_of(quoted.after)
    if not rows or not all(map(sole_import, rows)):
        return None
    kind: type[Kind] = Statement
    if len(rows) == 1:
        kind = ImportFrom if isinstance(sole_import(rows[0]), cst.ImportFrom) else ImportModule
    edit = kind()
    found = edit_kind(edit).find(quoted.rule(edit), seen)
    if any(match.state is State.PENDING for match in found):
        return Addition(edit, "an import goes with the module's imports", quoted)
    return None


def addition(quoted: Quoted, seen: Outline, ported: Outline) -> Addition | None:
    """Where a port has statements that are added; None where that is not one place."""
    rows = rows_of(quoted.after)
    if not rows:
        return None
    places = [*_runs(rows, ported)]
    if not places and _is_below_imports(rows, ported):
        return Addition(Statement(), "behind the imports, as in the port", quoted)
    if len(places) != 1:
        return None
    suite, index = places[0]
    options = [*_options(quoted, suite, index, len(rows), seen)]
    fitting = (each for each in options if _fits(each, seen, ported))
    above = suite.lines[index - 1] if index else None
    is_new = above and meaning(above.node) not in {meaning(e.node) for e in seen.lines(suite.scope)}
    return next(fitting, options[0] if options and is_new else None)


def _options(
    quoted: Quoted, suite: Suite, index: int, number: int, seen: Outline
) -> Iterator[Addition]:
    """The ways to say where some lines of a port are, the shortest quotes first."""
    scope, rows = suite.scope, suite.lines
    above, below = rows[index - 1 : index] if index else [], rows[index + number :][:1]
    for line in above:
        for follows in anchors(line, seen.lines(scope)):
            words = f"after `{quotes.header(line.node)}`, as in the port"
            yield Addition(Statement(within=scope, follows=follows), words, quoted)
    for line in below:
        if isinstance(line.node, cst.SimpleStatementLine):
            code = code_of_line(line)
            longer = replace(quoted, before=f"{code}\n", after=f"{quoted.after.rstrip()}\n{code}\n")
            words = f"above `{quotes.header(line.node)}`, as in the port"
            yield Addition(Statement(within=scope), words, longer)


def _fits(option: Addition, seen: Outline, ported: Outline) -> bool:
    """Whether an edit can be made in one place, and is made in the port."""
    kind = edit_kind(option.edit)
    rule = option.quoted.rule(option.edit)
    found = [match.state for match in kind.find(rule, seen)]
    wanted = [State.PENDING] * kind.expected(rule)
    return found == wanted and is_made(option.edit, option.quoted, ported)


def rows_of(quote: str) -> Sequence[LineNode]:
    """The statements of a quote; none where it is no whole statements."""
    return () if fault(QuoteForm.STATEMENTS, quote) else quotes.statements(quote)


def _runs(rows: Sequence[cst.CSTNode], ported: Outline) -> Iterator[tuple[Suite, int]]:
    """Where consecutive lines are as quoted: the block, and the index of the first."""
    wanted = [meaning(row) for row in rows]
    for suite in ported.suites:
        for index, line in enumerate(suite.lines):
            run = suite.lines[index : index + len(rows)]
            if type(line.node) is type(rows[0]) and [meaning(e.node) for e in run] == wanted:
                yield suite, index


def _is_below_imports(rows: Sequence[LineNode], ported: Outline) -> bool:
    """Whether a module starts with imports that are added, and has the rest right behind them."""
    lines = ported.suites[0].lines
    rest = [meaning(row) for row in rows if not sole_import(row)]
    places = (i for i, line in enumerate(lines) if rest and meaning(line.node) == rest[0])
    above = next(places, 0)
    found = [meaning(line.node) for line in lines[above : above + len(rest)]]
    wanted = {meaning(row) for row in rows if sole_import(row)}
    imported = {meaning(line.node) for line in lines[:above]}
    return bool(
        above and found == rest and wanted <= imported and sole_import(lines[above - 1].node)
    )


def anchors(line: Line, others: Iterator[Line]) -> Iterator[str]:
    """A line that something follows as quotes: its block or its arguments cut, then whole."""
    if isinstance(line.node, cst.BaseCompoundStatement):
        yield f"{quotes.header(line.node)} ..."
    short = abbreviated(code_of_line(line))
    if short and sum(equivalent(quotes.statement(short), each.node) for each in others) == 1:
        yield short
    yield code_of_line(line)


def code_of_line(line: Line) -> str:
    """A statement as the file has it, without comments above it."""
    return cst.Module([]).code_for_node(line.node.with_changes(leading_lines=())).rstrip("\n")
