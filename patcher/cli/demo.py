"""`demo`: patches a small tree and shows the result."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from patcher.cli.arguments import pack_option, stack_option
from patcher.cli.packs import pin_of, select
from patcher.cli.trees import require_fit
from patcher.errors import PatchError, TrainingError
from patcher.report import on_terminal

if TYPE_CHECKING:
    from patcher.operations.select import Choice as Selection
    from patcher.tree.files import Tree


@click.command()
@pack_option
@click.option("--train", is_flag=True, help="Train the result as well, with two workers.")
@stack_option
def demo(packs: tuple[str, ...], train: bool, stack: Path | None) -> None:
    """Patch a small tree and show the result.

    The tree is a copy of the miniature upstream that comes with effpatch; no network is needed.
    With --train, also make the edits that the training stack needs, and train the result for
    about a minute.
    """
    from tempfile import TemporaryDirectory, mkdtemp

    from patcher.resources import VENDOR

    selection = select([*(packs or _default()), *(_needed_by_stacks() if train else ())])
    with TemporaryDirectory(prefix="effpatch-demo-") as name:
        copy = Path(shutil.copytree(VENDOR / "miniature", Path(name) / "miniature"))
        tree = selection.open(copy)
        _patch(tree, selection)
        if train:
            _train(tree, selection, stack, Path(mkdtemp(prefix="effpatch-demo-run-")))


def _default() -> list[str]:
    from patcher.packs import DEFAULT

    return [DEFAULT]


def _needed_by_stacks() -> list[str]:
    """The shipped packs without which a tree does not run on some training stack."""
    from patcher.packs import load_pack, shipped_packs

    return [name for name in shipped_packs() if load_pack(name).needed_with]


def _patch(tree: Tree, selection: Selection) -> None:
    """Apply the rules, and show the diff and the state of each rule afterwards."""
    from patcher.operations import apply as operation
    from patcher.report import diff, text

    packs = {pack.name: pack for pack in selection.packs}
    # The copy is nobody's work, even where the temporary folder is in somebody's repository.
    inspection, _ = operation.apply(selection, tree, packs, allow_dirty=True)
    click.echo(diff.whole(inspection.plan, colour=on_terminal()), nl=False)
    click.echo()
    after = selection.look(tree).plan
    text.status("the miniature, patched", after)
    require_fit(after)


def _train(tree: Tree, selection: Selection, stack: Path | None, folder: Path) -> None:
    """Train a patched tree; the folder of the run stays only if training failed."""
    from patcher.report import training as report
    from patcher.training import session
    from patcher.training.interpreter import interpreter
    from patcher.training.launch import Launch

    try:
        program = tree.target(pin_of(selection.packs).program)
        launch = Launch(program, interpreter(stack), (), workers=2, device="cpu")
        report.train(session.prepare(launch, folder, sample_data=True))
    except BaseException as error:
        if not (isinstance(error, PatchError) and error.exit_code == TrainingError.exit_code):
            shutil.rmtree(folder)  # otherwise the error names the log in there
        raise
    shutil.rmtree(folder)
