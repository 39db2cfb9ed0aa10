"""A progress bar for git's downloads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from git import RemoteProgress
from git.util import CallableRemoteProgress
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn

from patcher.report.steps import bar

_STAGES = {
    RemoteProgress.RECEIVING: "receiving",
    RemoteProgress.RESOLVING: "resolving",
    RemoteProgress.CHECKING_OUT: "checking out",
}


@contextmanager
def fetch_progress() -> Iterator[RemoteProgress]:
    """Show each stage of a fetch and checkout on a terminal, as git reports it."""
    with bar(TextColumn("{task.description:>12}"), BarColumn(), MofNCompleteColumn()) as shown:
        task = shown.add_task("connecting", total=None)

        def update(
            code: int, done: str | float, most: str | float | None = None, _: str = ""
        ) -> None:
            stage = next((name for each, name in _STAGES.items() if code & each), "preparing")
            total = float(most) if most else None
            shown.update(task, description=stage, completed=float(done or 0), total=total)

        yield CallableRemoteProgress(update)
