"""The progress of long work, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from time import monotonic
from typing import TYPE_CHECKING

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from patcher.errors.visible import visible
from patcher.report import on_terminal
from patcher.report.output import SafeConsole
from patcher.report.streams import unguarded
from patcher.report.verbosity import inform, is_quiet
from patcher.tree.git import prepare_gitpython

if TYPE_CHECKING:
    from git import RemoteProgress


class Line(TextColumn):
    """A text on one line, which is not taken as markup."""

    def render(self, task: Task) -> Text:
        """The text for a task, with what is in it made visible."""
        return Text(visible(self.text_format.format(task=task)))


def bar(*columns: ProgressColumn, transient: bool = True, soft_wrap: bool = False) -> Progress:
    """A progress bar for a terminal, which is not shown elsewhere, nor with --quiet.

    What is printed meanwhile on the same terminal appears above, with `soft_wrap` in whole lines.
    """
    console = SafeConsole(file=unguarded(sys.stderr), soft_wrap=soft_wrap)
    return Progress(
        *columns,
        console=console,
        transient=transient,
        disable=is_quiet() or not console.is_terminal,
        redirect_stdout=on_terminal(),
    )


@contextmanager
def steps() -> Iterator[Callable[[str], AbstractContextManager[None]]]:
    """Show steps and their times: on a terminal while they run, elsewhere when they are done.

    The function given takes a step's title, and encloses it.
    """
    columns = (Line("{task.description}"), TimeElapsedColumn())
    with bar(SpinnerColumn(finished_text="[green]✓[/]"), *columns, transient=False) as shown:

        @contextmanager
        def step(title: str) -> Iterator[None]:
            task, start = shown.add_task(title, total=1), monotonic()
            yield
            shown.update(task, completed=1)
            if shown.disable:
                inform(f"{title}: {monotonic() - start:.0f} s", error=True)

        yield step


def waiting(text: str) -> AbstractContextManager[object]:
    """Show on a terminal what the user is waiting for."""
    if is_quiet():
        return nullcontext()
    return SafeConsole(file=unguarded(sys.stderr)).status(visible(text))


@contextmanager
def counted(total: int) -> Iterator[Callable[[], None]]:
    """Show on a terminal how many of some trees are done; the function given counts one more."""
    columns = (BarColumn(), MofNCompleteColumn(), Line("trees"), TimeRemainingColumn())
    with bar(*columns, soft_wrap=True) as shown:
        task = shown.add_task("", total=total)
        yield lambda: shown.advance(task)


@contextmanager
def fetch_progress() -> Iterator[RemoteProgress]:
    """Show each stage of a fetch and checkout on a terminal, as git reports it."""
    prepare_gitpython()
    from git import RemoteProgress
    from git.util import CallableRemoteProgress

    stages = {
        RemoteProgress.RECEIVING: "receiving",
        RemoteProgress.RESOLVING: "resolving",
        RemoteProgress.CHECKING_OUT: "checking out",
    }
    with bar(Line("{task.description:>12}"), BarColumn(), MofNCompleteColumn()) as shown:
        task = shown.add_task("connecting", total=None)

        def update(
            code: int, done: str | float, most: str | float | None = None, _: str = ""
        ) -> None:
            stage = next((name for each, name in stages.items() if code & each), "preparing")
            total = float(most) if most else None
            shown.update(task, description=stage, completed=float(done or 0), total=total)

        yield CallableRemoteProgress(update)
