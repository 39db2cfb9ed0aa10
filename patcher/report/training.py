"""What a stack has, and a training run as it goes."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise

from rich.progress import BarColumn, SpinnerColumn

from patcher.errors import StackError
from patcher.report.json import envelope
from patcher.report.output import Output
from patcher.report.rows import Row, print_rows
from patcher.report.steps import Line, bar
from patcher.report.streams import say
from patcher.report.verbosity import inform, is_quiet
from patcher.training.progress import Progress
from patcher.training.session import Session
from patcher.training.stack import LABELS, Stack, run_script

_PICTURE = "loss.png"
_PAUSE = 20  # seconds from one plain line to the next
Run = Callable[[Callable[[str], None], Callable[[str], None]], None]
_BLOCKS = " ▁▂▃▄▅▆▇█"


def stack_table(stack: Stack) -> None:
    """Print a row for each part of a stack, and the verdict unless it cannot train."""
    summary = "" if stack.problem else f"{stack.python}: {stack.verdict}"
    rows = (_part(label, **stack.parts[name]) for name, label in LABELS.items())
    print_rows(("part", "", "", ""), rows, summary)


def _part(label: str, version: str | None, problem: str | None, **more: Sequence[str]) -> Row:
    if problem:
        found = "unusable" if version else "missing"
        return label, (found, "yellow"), "", "; ".join(filter(None, [version, problem]))
    lists = [f"{what} {', '.join(names) or 'none'}" for what, names in more.items()]
    return label, ("found", "green"), "", "; ".join([*filter(None, [version]), *lists])


def stack_json(stack: Stack) -> str:
    """The same as one object, on one line."""
    return envelope(executable=str(stack.python), **stack.parts, ready=stack.problem is None)


def train(session: Session, run: Run | None = None, *, raw: bool = False) -> None:
    """Run a session, show its progress or its own `raw` lines, and report loss and metrics.

    With --quiet, only `raw` lines and warnings are shown.

    Args:
        session: One that is prepared.
        run: What runs it: it is given what takes each line, and what tells the user something.
        raw: Whether to show lines of the program.

    Raises:
        PatchError: It failed, or was stopped.
    """
    for note in session.notes:
        say(note, error=True)
    run = run or (lambda on_line, _: session.run(on_line))
    if raw:
        run(say, _tell)
    else:
        doing = "evaluating" if session.evaluates else "training"
        inform(f"{session.folder}: {doing}, log in {session.log.name}", error=True)
        with _line(session.progress) as show:
            run(show, _tell)
    if is_quiet():
        return
    output = Output()
    if session.progress.losses:
        _losses(session, output, session.progress.curve)
    elif not session.evaluates:
        output.show(f"{session.folder}: no step logged, as when all were done in an earlier run")
    for step, metrics in session.progress.evaluations.items():
        output.show(f"{session.folder}: step {step} evaluated: {_values(metrics)}")


def _tell(text: str) -> None:
    say(text, error=True)


def _losses(session: Session, output: Output, curve: Sequence[tuple[int, float]]) -> None:
    if output.is_terminal and not output.options.ascii_only:
        for row in chart([loss for _, loss in curve]):
            output.show(row)
    (first, start), (last, end) = curve[0], curve[-1]
    output.show(f"{session.folder}: loss {start:.4g} at step {first}, {end:.4g} at step {last}")


def _values(metrics: Mapping[str, float]) -> str:
    """Metrics in a line, as the program logs them: in the order of their names."""
    return ", ".join(f"{name} {value:.3g}" for name, value in metrics.items())


def sentence(progress: Progress) -> str:
    """How far a run is, in a line."""
    if progress.evaluating:
        return "evaluating, batch {} of {}".format(*progress.evaluating)
    if progress.evaluations and not progress.losses:
        last = max(progress.evaluations)
        return f"step {last} evaluated: {_values(progress.evaluations[last])}"
    if not progress.losses:
        starting = "starting again" if progress.restarts else "starting"
        return ", ".join(filter(None, (f"{starting}, no step logged yet", _places(progress))))
    step = f"step {progress.step}" + (f" of {progress.total}" if progress.total else "")
    parts = [step, f"loss {progress.losses[progress.step]:.4g}"]
    if places := _places(progress):
        parts.append(places)
    if progress.examples:
        parts.append(f"{progress.examples:.3g} examples/sec")
    if progress.total is not None and progress.pace:
        seconds = max(progress.total - progress.step, 0) / progress.pace
        parts.append(f"{timedelta(seconds=round(seconds))} left")
    return ", ".join(parts)


def _places(progress: Progress) -> str:
    """How many workers there are, on which hosts, and how often they were started again."""
    again = f"restart {progress.restarts}" if progress.restarts else ""
    return ", ".join(filter(None, (progress.places, again)))


@contextmanager
def _line(progress: Progress) -> Iterator[Callable[[str], None]]:
    """One live line on a terminal, now and then a line elsewhere.

    The function given updates it, when the program has printed.
    """
    # The time of the last plain line, and how many losses of which start it was about.
    printed_at, printed = float("-inf"), (0, 0)
    with bar(SpinnerColumn(), BarColumn(24), Line("{task.description}")) as shown:
        task = shown.add_task("starting", total=None)

        def show(_: str) -> None:
            nonlocal printed_at, printed
            known, now, text = len(progress.losses), time.monotonic(), sentence(progress)
            if not shown.disable:
                total = progress.total if known else None
                shown.update(task, description=text, completed=progress.step, total=total)
            elif known and printed != (progress.restarts, known) and now - printed_at > _PAUSE:
                printed_at, printed = now, (progress.restarts, known)
                inform(text, error=True)

        yield show


def places(session: Session) -> None:
    """Draw the loss curve, and say where the results are; with --quiet, only draw."""
    drawn = ""
    if not session.evaluates and (curve := session.progress.curve):
        try:
            picture = str(session.folder / _PICTURE)
            run_script(session.python, "curve", picture, text=json.dumps(curve))
            drawn = f"loss curve in {_PICTURE}"
        except StackError as error:
            drawn = f"no {_PICTURE} ({error.found})"
    if is_quiet():
        return
    output = Output()
    if drawn:
        output.show(f"{session.folder}: {drawn}")
    if session.progress.evaluations:
        output.show(f"{session.results}/eval: event files of the evaluation")
    if session.progress.saved:
        output.show(f"{session.results}: checkpoints and event files, for `tensorboard --logdir`")


def chart(values: Sequence[float], width: int = 60, height: int = 6) -> list[str]:
    """The lines of a chart from 0 to the largest value; a column is the mean of its share.

    No value is below 0; NaN and infinity count as 0. The height is 2 lines or more.
    """
    values = [value if value < float("inf") else 0.0 for value in values]
    count = min(width, len(values))
    edges = [len(values) * column // count for column in range(count + 1)]
    parts = [values[start:end] for start, end in pairwise(edges)]
    means = [sum(part) / len(part) for part in parts]
    scale = 8 * height / (max(means) or 1)
    levels = [round(mean * scale) for mean in means]
    rows = [_row(levels, 8 * floor) for floor in reversed(range(height))]
    labels = [f"{max(means):.3g}", *[""] * (height - 2), "0"]
    return [f"{label:>8} {row}" for label, row in zip(labels, rows, strict=True)]


def _row(levels: Sequence[int], floor: int) -> str:
    return "".join(_BLOCKS[min(max(level - floor, 0), 8)] for level in levels).rstrip()
