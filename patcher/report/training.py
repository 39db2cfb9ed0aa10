"""A training run as it goes: a live line on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import time
from datetime import timedelta

import click
from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TextColumn
from rich.progress import Progress as Bar

from patcher.errors import StackError
from patcher.report.chart import chart
from patcher.report.output import Output
from patcher.training.progress import Progress
from patcher.training.session import PICTURE, Session

_PAUSE = 20  # seconds from one plain line to the next


def train(session: Session, *, raw: bool = False) -> None:
    """Run a training session, show its progress, and report the loss.

    Args:
        session: The session.
        raw: Show the program's own lines instead.

    Raises:
        PatchError: It failed, or was stopped.
    """
    if raw:
        session.run(click.echo)
    else:
        click.echo(f"{session.folder}: training, log in {session.log.name}", err=True)
        with _Line(session.progress) as line:
            session.run(line.show)
    _losses(session)


def sentence(progress: Progress) -> str:
    """How far a run is, in a line."""
    if not progress.losses:
        return "starting, no step logged yet"
    step = f"step {progress.step}" + (f" of {progress.total}" if progress.total else "")
    parts = [step, f"loss {progress.losses[progress.step]:.4g}"]
    if progress.examples:
        parts.append(f"{progress.examples:.3g} examples/sec")
    if progress.seconds_left is not None:
        parts.append(f"{timedelta(seconds=round(progress.seconds_left))} left")
    return ", ".join(parts)


class _Line:
    """The line that shows a run."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        console = Console(stderr=True, highlight=False)
        columns = (SpinnerColumn(), BarColumn(24), TextColumn("{task.description}"))
        self._bar = Bar(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("starting", total=None)
        self._printed_at = float("-inf")
        self._printed = 0  # losses known when the last plain line was printed

    def __enter__(self) -> _Line:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, _: str) -> None:
        """Show what is known now that the program has printed a line."""
        progress = self._progress
        known, now = len(progress.losses), time.monotonic()
        if not self._bar.disable:
            total = progress.total if known else None
            self._bar.update(
                self._task, description=sentence(progress), completed=progress.step, total=total
            )
        elif known > self._printed and now - self._printed_at > _PAUSE:
            self._printed_at, self._printed = now, known
            click.echo(sentence(progress), err=True)


def places(session: Session) -> None:
    """Draw the loss curve, and say where the results are."""
    output = Output()
    if session.progress.losses:
        try:
            session.draw_curve()
            drawn = f"loss curve in {PICTURE}"
        except StackError as error:
            drawn = f"no {PICTURE} ({error.found})"
        output.show(f"{session.folder}: {drawn}")
    output.show(f"{session.results}: checkpoints and event files, for `tensorboard --logdir`")


def _losses(session: Session) -> None:
    output, curve = Output(), sorted(session.progress.losses.items())
    if not curve:
        output.show(f"{session.folder}: no step logged, as when all were done in an earlier run")
        return
    if output.is_terminal and not output.options.ascii_only:
        for row in chart([loss for _, loss in curve]):
            output.show(row)
    (first, start), (last, end) = curve[0], curve[-1]
    output.show(f"{session.folder}: loss {start:.4g} at step {first}, {end:.4g} at step {last}")
