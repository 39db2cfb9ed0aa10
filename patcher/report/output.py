"""Standard output: coloured on a terminal, plain in a pipe."""

import sys

from rich.console import Console, RenderableType
from rich.text import Text

from patcher.report import on_terminal


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
