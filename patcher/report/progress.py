"""A progress bar for git's downloads."""

from __future__ import annotations

from git import RemoteProgress
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn


class FetchProgress(RemoteProgress):
    """Shows each stage of a fetch and checkout on a terminal; prints nothing elsewhere."""

    _STAGES = (
        (RemoteProgress.RECEIVING, "receiving"),
        (RemoteProgress.RESOLVING, "resolving"),
        (RemoteProgress.CHECKING_OUT, "checking out"),
    )

    def __init__(self) -> None:
        super().__init__()
        console = Console(stderr=True)
        columns = (TextColumn("{task.description:>12}"), BarColumn(), MofNCompleteColumn())
        self._bar = Progress(
            *columns, console=console, transient=True, disable=not console.is_terminal
        )
        self._task = self._bar.add_task("connecting", total=None)

    def __enter__(self) -> FetchProgress:
        """Show the bar."""
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the bar from the screen."""
        self._bar.stop()

    def update(
        self,
        op_code: int,
        cur_count: str | float,
        max_count: str | float | None = None,
        message: str = "",
    ) -> None:
        """Show what git reports, a line at a time."""
        stage = next((name for code, name in self._STAGES if op_code & code), "preparing")
        total = float(max_count) if max_count else None
        self._bar.update(
            self._task, description=stage, completed=float(cur_count or 0), total=total
        )
