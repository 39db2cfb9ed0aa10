"""`demo`: patches a small tree, proves the result and takes it back."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from patcher.cli.arguments import FOLDER, pack_option, pass_env_option, select, stack_option
from patcher.cli.manual import Example, command
from patcher.cli.trees import require_fit
from patcher.errors import SelectionError, StoppedError, TrainingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from patcher.operations.select import Selection
    from patcher.tree.files import Tree

_WORKERS = 2  # which --train has


@command(
    Example("effpatch demo", "Patch the miniature, check the result, and undo the edits."),
    Example("effpatch demo --train", "Train the result as well."),
    Example(
        "effpatch demo --detect -o detections",
        "Train until the model detects shapes, and draw them.",
    ),
)
@pack_option()
@click.option("--train", is_flag=True, help="Train the result as well, with two workers.")
@click.option("--detect", is_flag=True, help="Train the pinned upstream until it detects shapes.")
@click.option("--miniature", is_flag=True, help="With --detect: train the miniature instead.")
@click.option(
    "-o", "--output", metavar="FOLDER", type=FOLDER, help="Folder for the results of --detect."
)
@stack_option
@pass_env_option
def demo(
    packs: tuple[str, ...],
    train: bool,
    detect: bool,
    miniature: bool,
    output: Path | None,
    stack: Path | None,
    pass_env: tuple[str, ...],
) -> None:
    """Patch a small tree, check the result and undo the edits.

    The tree is a copy of the miniature upstream that comes with effpatch; no network is needed. On
    a terminal, the demo has three screens; any key shows the next one, and q quits.

    With --train, also make the edits that the training stack needs, and train the result for about
    a minute. The demo then does not wait for a key.

    With --detect, fetch the pinned upstream, patch it, and train it on pictures of coloured shapes
    for several minutes. Then evaluate it on other pictures, export it, and draw what it detects.
    """
    if train and detect:
        raise click.UsageError("--train and --detect cannot be used together")
    if detect:
        from patcher.cli.detection import detect as run

        run(packs, output, stack, pass_env, miniature=miniature)
        return
    if miniature or output:
        raise click.UsageError("--miniature and --output go with --detect")
    from tempfile import TemporaryDirectory, mkdtemp

    from patcher.operations.trial_tree import copied
    from patcher.packs import DEFAULT, load_pack, shipped_packs
    from patcher.report import demonstration, screens
    from patcher.resources import VENDOR

    python = _trainable(stack) if train else None
    names = [*(packs or [DEFAULT])]
    if train:  # also those without which a tree does not run on some training stack
        names += [name for name in shipped_packs() if load_pack(name).needed_with]
    selection = select(names)
    _require_rules_for(VENDOR / "miniature", selection)
    with (
        TemporaryDirectory(prefix="effpatch-demo-") as folder,
        copied(VENDOR / "miniature", Path(folder)) as copy,
    ):
        tree, selection = selection.open(copy.root)
        tree = replace(tree, place="the miniature")
        screens.show(demonstration.TITLES, _parts(tree, selection, packs), paused=not train)
        if python:
            records = Path(mkdtemp(prefix="effpatch-demo-run-"))
            _train(tree, selection, python, records, pass_env)


def _require_rules_for(folder: Path, selection: Selection) -> None:
    """Check that each pack has a rule for a file of the miniature.

    Raises:
        SelectionError: One has none.
    """
    for pack in selection.packs:
        if not any((folder / section.path).is_file() for section in pack.sections):
            found = f"{pack.name} has no rule for a file of the miniature"
            step = "`effpatch test` tries a pack on its own upstream"
            raise SelectionError("--pack", found, "a pack for its upstream", step)


def _parts(tree: Tree, selection: Selection, named: Sequence[str]) -> Iterator[Callable[[], None]]:
    """What the demo shows, part by part; each is worked out when it is asked for.

    Raises:
        ErrorList: A rule does not fit, or a check fails.
    """
    from patcher.checks.model import errors
    from patcher.operations import apply, review, round_trip
    from patcher.operations.verify import patched
    from patcher.report import by_rule, demonstration

    packs, plan = selection.packs, selection.inspect(tree, stepwise=True).plan
    yield partial(demonstration.port, tree, plan, packs)
    require_fit(plan, "apply --skip")
    found = review.of_plan(tree, plan, packs)
    yield partial(demonstration.edits, found, by_rule.patches(plan, found))
    original = round_trip.contents(tree)
    apply.apply(selection, tree)
    results = [*patched(tree, packs).results(), round_trip.reverted(tree, original)]
    yield partial(demonstration.proof, tree, plan, packs, named, results)
    if any(result.failures for result in results):
        raise errors(results, "correct the rules that made these lines")


def _trainable(stack: Path | None) -> Path:
    """The Python of a stack, once it is known that it can train with several workers.

    Raises:
        StackError: It cannot.
    """
    from patcher.training.launchers import Launch
    from patcher.training.preparation import require_modules
    from patcher.training.stack import find_python

    python, launch = find_python(stack), Launch(_WORKERS)
    require_modules(python, launch)
    launch.command(python, {}, ())
    return python


def _train(
    tree: Tree,
    selection: Selection,
    python: Path,
    folder: Path,
    pass_env: tuple[str, ...],
) -> None:
    """Patch a tree and train it; the folder of the run stays only if training failed."""
    from patcher.operations import apply
    from patcher.report import training as report
    from patcher.training.launchers import Launch
    from patcher.training.preparation import prepared
    from patcher.training.readiness import program_of, runtime_of
    from patcher.training.session import Session

    apply.apply(selection, tree)
    program, runtime = tree.target(program_of(selection.packs)), runtime_of(selection.packs)
    try:
        session = Session(
            *(program, python, folder),
            launch=Launch(_WORKERS),
            device="cpu",
            runtime=runtime,
            pass_env=pass_env,
        )
        report.train(prepared(session, sample_data=True))
    except TrainingError:
        raise  # which names the log in there
    except BaseException as error:
        shutil.rmtree(folder)
        if isinstance(error, StoppedError):
            raise KeyboardInterrupt("every worker ended") from None
        raise
    shutil.rmtree(folder)
