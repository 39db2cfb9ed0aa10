"""Standard output: coloured on a terminal, plain in a pipe."""

import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from patcher.errors.visible import visible
from patcher.report import on_terminal
from patcher.report.streams import unguarded


class SafeConsole(Console):
    """Where rich prints: no text is markup or a link, and none of it commands the terminal."""

    def __init__(self, **options: Any) -> None:
        super().__init__(highlight=False, markup=False, emoji=False, **options)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """What rich makes of something, with what is in its texts made visible."""
        for each in super().render(renderable, options):
            shown = each.text if each.control else visible(each.text, keep="\n\t")
            yield each if shown == each.text else Segment(shown, each.style)


class Output(SafeConsole):
    """Standard output; in a pipe, lines are not wrapped, padded or coloured."""

    def __init__(self, colours: bool | None = None) -> None:
        """With `colours` given, rich does not look for what says whether there are any."""
        told = {} if colours is None else {"force_terminal": colours, "no_color": not colours}
        width = None if on_terminal() else 10_000
        super().__init__(file=unguarded(sys.stdout), width=width, **told)

    def show(self, *parts: RenderableType) -> None:
        """Print each part on lines of its own; a string is one line.

        Strings are left for the terminal to wrap, so that paths stay whole.
        """
        for part in parts:
            self._show(
                Text(visible(part)) if isinstance(part, str) else part, isinstance(part, str)
            )

    def _show(self, part: RenderableType, is_line: bool) -> None:
        if self.is_terminal:
            self.print(part, soft_wrap=is_line)
            return
        with self.capture() as captured:
            self.print(part)
        self.file.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())
