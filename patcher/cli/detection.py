"""`demo --detect`: a model from its data to a picture of what it detects."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from patcher.cli.arguments import select
from patcher.cli.trees import require_fit
from patcher.errors import GitError, StackError, StoppedError, TrainingError
from patcher.report import count
from patcher.report.streams import say
from patcher.report.verbosity import inform

if TYPE_CHECKING:
    from patcher.model import Pack
    from patcher.training.detection import Detector

_MORE = "supplement"  # what evaluation and export need
_STEPS = {"upstream": 1601, "miniature": 801}  # until the model detects most shapes


def detect(
    packs: Sequence[str],
    output: Path | None,
    stack: Path | None,
    pass_env: tuple[str, ...],
    *,
    miniature: bool,
) -> None:
    """Patch the pin or the miniature, train it, evaluate it, export it, and draw detections.

    Raises:
        PatchError: A step failed. Without `output`, only a failed training leaves anything.
    """
    from patcher.training import probes
    from patcher.training.detection import Detector
    from patcher.training.readiness import runtime_of

    found = probes.inspect(stack)
    found.require()
    with _results(output) as folder:
        kind = "miniature" if miniature or not _fetched(folder / "upstream") else "upstream"
        if kind == "miniature":
            _copied(folder / "miniature")
        program, loaded = _patched(folder / kind, packs, found.python)
        runtime = runtime_of(loaded)
        steps = _STEPS[kind]
        _run(Detector(program, found.python, folder, runtime, steps, pass_env))
        say(f"{folder}: model, exported model, data, logs and the patched tree")


@contextmanager
def _results(output: Path | None) -> Iterator[Path]:
    """The folder for all results; one of our own is removed where the work stops halfway."""
    from tempfile import mkdtemp

    if output and output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise StackError(
            str(output), "not empty", "a new or empty folder", "choose another with -o"
        )
    folder = (output or Path(mkdtemp(prefix="effpatch-demo-detect-"))).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield folder
    except TrainingError:
        raise  # which names the log in there
    except BaseException as error:
        if output:
            raise
        shutil.rmtree(folder)
        if isinstance(error, StoppedError):
            raise KeyboardInterrupt(f"every worker ended; {folder} was removed") from None
        say(f"{folder}: removed", error=True)
        raise


def _fetched(dest: Path) -> bool:
    """Fetch the pinned upstream; whether that could be done."""
    from patcher.packs import DEFAULT, load_pack
    from patcher.report.steps import fetch_progress
    from patcher.tree import fetch
    from patcher.tree.git import require_git

    pin = load_pack(DEFAULT).upstream
    assert pin is not None
    inform(f"Fetching {pin.name}, {pin.commit[:12]}.")
    try:
        require_git()
        with fetch_progress() as progress:
            fetch.fetch(fetch.destination(dest), pin, progress=progress)
    except GitError as error:
        say(f"{error}", error=True)
        return False
    return True


def _copied(dest: Path) -> None:
    from patcher.resources import VENDOR

    inform("Copying the miniature, a small upstream that comes with effpatch.")
    shutil.copytree(VENDOR / "miniature", dest)


def _patched(copy: Path, packs: Sequence[str], python: Path) -> tuple[Path, tuple[Pack, ...]]:
    """The program of a tree that gets every edit that its life in a Python needs, and the packs."""
    from patcher.operations import apply
    from patcher.packs import DEFAULT, known_packs, load_pack
    from patcher.training.readiness import needed_packs, program_of
    from patcher.training.stack import installed

    names = [*(packs or [DEFAULT])]
    names += [] if _MORE in names else [_MORE]
    chosen = [load_pack(name) for name in names]
    needed = needed_packs(chosen, map(load_pack, known_packs()), installed(python).packages)
    tree, selection = select([*names, *needed]).open(copy)
    # The copy is nobody's work, even where the folder is in somebody's repository.
    apply.apply(selection, tree, allow_dirty=True)
    plan = selection.inspect(tree).plan
    require_fit(plan, "apply --skip")
    inform(f"Patched it: {count(len(plan.outcomes), 'edit')} of {', '.join([*names, *needed])}.")
    return tree.target(program_of(selection.packs)), selection.packs


def _run(detector: Detector) -> None:
    """Train, evaluate, export and draw, and say so step by step."""
    from patcher.report import training as report

    inform("Writing pictures of a red box, a green disc and a blue triangle, up to three in each.")
    training = detector.training()
    inform(f"Training {detector.steps:,} steps, which takes several minutes.")
    report.train(training)
    inform("Evaluating it on pictures that it has not seen.")
    evaluation = detector.evaluation()
    report.train(evaluation)
    metrics = evaluation.progress.evaluations
    (detector.folder / "metrics.json").write_text(json.dumps(metrics) + "\n", "utf-8")
    inform("Exporting it as a saved model, and running that on pictures that it has not seen.")
    drawn, shapes, detected = detector.draw(detector.export())
    say(f"{drawn}: {detected} of {count(shapes, 'shape')} in it detected")
