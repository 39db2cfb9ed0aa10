"""A training run as it goes: one live line on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import time
from datetime import timedelta

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

from patcher.report.chart import chart
from patcher.report.output import Output
from patcher.training.progress import Course
from patcher.training.session import PICTURE, Session

# Seconds from one plain line to the next.
_PAUSE = 20


def train(session: Session, *, raw: bool = False) -> None:
    """Run a training session, show how it goes, and say how the loss went.

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
        with _Line(session.course) as line:
            session.run(line.show)
    _losses(session)


def sentence(course: Course) -> str:
    """How far a run has come, in a line."""
    if not course.losses:
        return "starting, no step logged yet"
    step = f"step {course.step}" + (f" of {course.total}" if course.total else "")
    parts = [step, f"loss {course.losses[course.step]:.4g}"]
    if course.examples:
        parts.append(f"{course.examples:.3g} examples/sec")
    if course.seconds_left is not None:
        parts.append(f"{timedelta(seconds=round(course.seconds_left))} left")
    return ", ".join(parts)


class _Line:
    """The one line that shows a run."""

    def __init__(self, course: Course) -> None:
        self._course = course
        console = Console(stderr=True, highlight=False)
        columns = (SpinnerColumn(), BarColumn(24), TextColumn("{task.description}"))
        self._bar = Progress(
            *columns, console=console, transient=True, disable=not console.is_terminal
        )
        self._task = self._bar.add_task("starting", total=None)
        self._last = float("-inf")
        self._said = 0

    def __enter__(self) -> _Line:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, _: str) -> None:
        """Show what is known now that the program has printed a line."""
        course = self._course
        if not self._bar.disable:
            total = course.total if course.losses else None
            self._bar.update(
                self._task, description=sentence(course), completed=course.step, total=total
            )
        elif len(course.losses) > self._said and time.monotonic() - self._last > _PAUSE:
            self._last, self._said = time.monotonic(), len(course.losses)
            click.echo(sentence(course), err=True)


def places(session: Session) -> None:
    """Draw the loss curve, and say where the results are."""
    output, course = Output(), session.course
    if course.losses:
        failure = session.draw()
        drawn = f"no {PICTURE} ({failure})" if failure else f"loss curve in {PICTURE}"
        output.show(f"{session.folder}: {drawn}")
    output.show(f"{session.results}: checkpoints and event files, for `tensorboard --logdir`")


def _losses(session: Session) -> None:
    output, curve = Output(), sorted(session.course.losses.items())
    if not curve:
        output.show(f"{session.folder}: no step was logged, as when all were done before")
        return
    if output.is_terminal and not output.options.ascii_only:
        for row in chart([loss for _, loss in curve]):
            output.show(row)
    (first, start), (last, end) = curve[0], curve[-1]
    output.show(f"{session.folder}: loss {start:.4g} at step {first}, {end:.4g} at step {last}")
