"""`demo`: patches a small tree and shows the result."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from patcher.cli.arguments import FOLDER, pack_option, pass_env_option, select, stack_option
from patcher.cli.trees import require_fit
from patcher.errors import TrainingError
from patcher.report.streams import say, write_exactly

if TYPE_CHECKING:
    from patcher.operations.select import Selection
    from patcher.tree.files import Tree


@click.command()
@pack_option()
@click.option("--train", is_flag=True, help="Train the result as well, with two workers.")
@click.option("--detect", is_flag=True, help="Train the pinned upstream until it detects shapes.")
@click.option("--miniature", is_flag=True, help="With --detect: train the miniature instead.")
@click.option(
    "-o", "--output", metavar="FOLDER", type=FOLDER, help="Folder for what --detect makes."
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
    """Patch a small tree and show the result.

    The tree is a copy of the miniature upstream that comes with effpatch; no network is needed.
    With --train, also make the edits that the training stack needs, and train the result for
    about a minute.

    With --detect, fetch the pinned upstream, patch it, and train it on pictures of coloured shapes
    for some minutes; then evaluate it on other pictures, export it, and draw what it detects.
    """
    if detect:
        from patcher.cli.detection import detect as run

        run(packs, output, stack, pass_env, miniature=miniature)
        return
    if miniature or output:
        raise click.UsageError("--miniature and --output go with --detect")
    from tempfile import TemporaryDirectory, mkdtemp

    from patcher.packs import DEFAULT, load_pack, shipped_packs
    from patcher.resources import VENDOR

    names = [*(packs or [DEFAULT])]
    if train:  # also those without which a tree does not run on some training stack
        names += [name for name in shipped_packs() if load_pack(name).needed_with]
    selection = select(names)
    with TemporaryDirectory(prefix="effpatch-demo-") as name:
        copy = Path(shutil.copytree(VENDOR / "miniature", Path(name) / "miniature"))
        tree, selection = selection.open(copy)
        _patch(tree, selection)
        if train:
            folder = Path(mkdtemp(prefix="effpatch-demo-run-"))
            _train(tree, selection, stack, folder, pass_env)


def _patch(tree: Tree, selection: Selection) -> None:
    """Apply the rules, and show the diff and the state of each rule afterwards."""
    from patcher.operations import apply as operation
    from patcher.operations import patch
    from patcher.report import overview
    from patcher.report.diff import Style, coloured

    # The copy is nobody's work, even where the temporary folder is in somebody's repository.
    done = operation.apply(selection, tree, allow_dirty=True)
    made, style = patch.unified(done.inspection.plan.changed), Style.of_output()
    write_exactly(coloured(made, style) if style.for_people else made)
    say("")
    after = selection.inspect(tree).plan
    overview.status("the miniature, patched", after)
    require_fit(after)


def _train(
    tree: Tree,
    selection: Selection,
    stack: Path | None,
    folder: Path,
    pass_env: tuple[str, ...],
) -> None:
    """Train a patched tree; the folder of the run stays only if training failed."""
    from patcher.report import training as report
    from patcher.training.launchers import Launch
    from patcher.training.preparation import prepared
    from patcher.training.readiness import program_of, runtime_of
    from patcher.training.session import Session
    from patcher.training.stack import find_python

    program, runtime = tree.target(program_of(selection.packs)), runtime_of(selection.packs)
    try:
        python = find_python(stack)
        session = Session(
            *(program, python, folder),
            launch=Launch(2),
            device="cpu",
            runtime=runtime,
            pass_env=pass_env,
        )
        report.train(prepared(session, sample_data=True))
    except TrainingError:
        raise  # which names the log in there
    except BaseException:
        shutil.rmtree(folder)
        raise
    shutil.rmtree(folder)
