"""Standard output: coloured on a terminal, plain in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from rich.console import Console, JustifyMethod, RenderableType
from rich.table import Table
from rich.text import Text

from patcher.report import on_terminal

# The cells of a row (name, state, line, text), or a line of its own between the rows.
Row = Text | tuple[str | Text, ...]
# The least width of the first three columns, and how each is aligned.
_COLUMNS: tuple[tuple[int, JustifyMethod], ...] = ((22, "left"), (9, "left"), (6, "right"))


class Output(Console):
    """Standard output; in a pipe, lines are not wrapped, padded or coloured."""

    def __init__(self) -> None:
        super().__init__(highlight=False, width=None if on_terminal() else 10_000)

    def show(self, *parts: RenderableType) -> None:
        """Print lines; plain text is left for the terminal to wrap, so that paths stay whole."""
        plain = all(isinstance(part, str) for part in parts)
        parts = tuple(Text(part) if isinstance(part, str) else part for part in parts)
        if self.is_terminal:
            self.print(*parts, soft_wrap=plain)
            return
        with self.capture() as captured:
            self.print(*parts)
        sys.stdout.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())

    def rows(self, head: tuple[str, ...], rows: Iterable[Row]) -> None:
        """Print rows in columns that are equally wide in all of them."""
        lines = [tuple(Text(name, style="dim") for name in head), *rows]
        cells = [line for line in lines if isinstance(line, tuple)]
        longest = [max(len(line[column]) for line in cells) for column in (0, 1)]
        for line in lines:
            self.show(line if isinstance(line, Text) else _grid(line, longest))


def _grid(cells: tuple[str | Text, ...], longest: Sequence[int]) -> Table:
    """One row, in which a cell of the last column may take several lines."""
    grid = Table.grid(padding=(0, 1))
    for (least, align), needed in zip(_COLUMNS, (*longest, 0), strict=True):
        grid.add_column(width=max(least, needed), justify=align, no_wrap=True)
    grid.add_column()
    grid.add_row(*cells)
    return grid
