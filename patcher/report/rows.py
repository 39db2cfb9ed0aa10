"""Rows in columns: coloured on a terminal; plain in a pipe, and rich, slow to load, not needed."""

import os
from collections.abc import Iterable, Sequence

from patcher.errors.visible import visible
from patcher.report import on_terminal
from patcher.report.streams import say

# A text; with its style on a terminal.
Cell = str | tuple[str, str]
# Four cells (name, state, line, text); or a list, the parts of a line of its own.
Row = tuple[Cell, Cell, Cell, Cell] | list[Cell]
# The least width of the first two columns, and the width of the third.
_LEAST, _THIRD = (22, 9), 6
# Variables by which rich may be told to colour what goes to a pipe.
_COLOURED = {"FORCE_COLOR", "TTY_COMPATIBLE"}


def print_rows(head: Sequence[str], rows: Iterable[Row], summary: str = "") -> None:
    """Print rows in columns that are equally wide in all of them, and below them a summary if any.

    What is in a cell is made visible, so that each row is one line of a pipe.
    """
    name, state, line, text = ((each, "dim") for each in head)
    lines = [_visible(row) for row in ((name, state, line, text), *rows)]
    cells = [line for line in lines if isinstance(line, tuple)]
    widths = [max(least, *(len(_text(row[n])) for row in cells)) for n, least in enumerate(_LEAST)]
    if on_terminal() or _COLOURED & os.environ.keys():
        _show(lines, widths, summary)
    else:
        for each in (*(_plain(line, widths) for line in lines), *_below(summary)):
            say(each)


def _visible(row: Row) -> Row:
    if isinstance(row, list):
        return [_visible_cell(each) for each in row]
    name, state, line, text = map(_visible_cell, row)
    return name, state, line, text


def _visible_cell(cell: Cell) -> Cell:
    return visible(cell) if isinstance(cell, str) else (visible(cell[0]), cell[1])


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell[0]


def _plain(row: Row, widths: Sequence[int]) -> str:
    texts = [_text(cell) for cell in row]
    if isinstance(row, list):
        return "".join(texts).rstrip()
    name, state, line, text = texts
    line = line if len(line) <= _THIRD else f"{line[: _THIRD - 1]}…"
    return f"{name:{widths[0]}} {state:{widths[1]}} {line:>{_THIRD}} {text}".rstrip()


def _show(lines: Iterable[Row], widths: Sequence[int], summary: str) -> None:
    """Print lines as rich does; a long text in the last column is wrapped there."""
    from rich.table import Table
    from rich.text import Text

    from patcher.report.output import Output

    out = Output()
    for row in lines:
        if isinstance(row, list):
            out.show(Text.assemble(*row))
            continue
        grid = Table.grid(padding=(0, 1))
        for width in widths:
            grid.add_column(width=width, no_wrap=True)
        grid.add_column(width=_THIRD, justify="right", no_wrap=True)
        grid.add_column()
        grid.add_row(*(Text(*((each,) if isinstance(each, str) else each)) for each in row))
        out.show(grid)
    out.show(*_below(summary))


def _below(summary: str) -> tuple[str, ...]:
    return ("", summary) if summary else ()
