"""The progress of long work, on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from patcher.report import on_terminal


class Steps:
    """Shows each step and its time: on a terminal while it runs, elsewhere when it is done."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._bar = Progress(
            SpinnerColumn(finished_text="[green]✓[/]"),
            TextColumn("{task.description}", markup=False),
            TimeElapsedColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )

    def __enter__(self) -> Steps:
        """Show the steps."""
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and leave them on the screen."""
        self._bar.stop()

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Enclose a step."""
        task, start = self._bar.add_task(title, total=1), monotonic()
        yield
        self._bar.update(task, completed=1)
        if self._bar.disable:
            self._console.print(f"{title}: {monotonic() - start:.0f} s", soft_wrap=True)


def waiting(text: str) -> AbstractContextManager[object]:
    """Show on a terminal what the user is waiting for."""
    return Console(stderr=True).status(text)


@contextmanager
def counted(total: int) -> Iterator[Callable[[], None]]:
    """Show on a terminal how many of some trees are done; the function given counts one more.

    What is printed meanwhile on the same terminal appears above.
    """
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("trees"), TimeRemainingColumn())
    shown = console.is_terminal
    with Progress(
        *columns, console=console, transient=True, disable=not shown, redirect_stdout=on_terminal()
    ) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)
