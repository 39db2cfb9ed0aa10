"""Standard output, where rows are coloured on a terminal and plain in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from patcher.report import on_terminal

# A row's four cells, or a line of its own between the rows.
Row = Text | tuple[str | Text, ...]
_WIDTHS = (22, 9, 6)


class Output(Console):
    """Standard output; in a pipe no row is broken, padded or coloured."""

    def __init__(self) -> None:
        super().__init__(highlight=False, width=None if on_terminal() else 10_000)

    def show(self, *parts: RenderableType) -> None:
        """Print lines; a terminal breaks those of plain text itself, so that paths stay whole."""
        plain = all(isinstance(part, str) for part in parts)
        parts = tuple(Text(part) if isinstance(part, str) else part for part in parts)
        if self.is_terminal:
            self.print(*parts, soft_wrap=plain)
            return
        with self.capture() as captured:
            self.print(*parts)
        sys.stdout.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())

    def rows(self, head: tuple[str, ...], rows: Iterable[Row]) -> None:
        """Print rows in columns of one width."""
        cells = [tuple(Text(name, style="dim") for name in head), *rows]
        pairs = [row[:2] for row in cells if isinstance(row, tuple)]
        first, second = (max(map(len, column)) for column in zip(*pairs, strict=True))
        for row in cells:
            if isinstance(row, Text):
                self.show(row)
                continue
            grid = Table.grid(padding=(0, 1))
            for width in (max(_WIDTHS[0], first), max(_WIDTHS[1], second), _WIDTHS[2]):
                right = width == 6
                grid.add_column(width=width, justify="right" if right else "left", no_wrap=True)
            grid.add_column()
            grid.add_row(*row)
            self.show(grid)
