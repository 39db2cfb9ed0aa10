"""`demo`: patches a small tree and shows the result."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from patcher.cli.options import chosen, stack_option
from patcher.errors import Drift, TrainingError
from patcher.report import on_terminal
from rules import PACKS

if TYPE_CHECKING:
    from patcher.tree.files import Tree


@click.command()
@click.option("--train", is_flag=True, help="Train it as well, with two workers.")
@stack_option
def demo(train: bool, stack: Path | None) -> None:
    """Patch a small tree and show the result.

    It is a copy of the miniature that comes with effpatch; no network is needed. With --train it
    also gets what TensorFlow 2.15 needs, and is trained for a minute by an environment that has
    TensorFlow and Horovod.
    """
    from tempfile import TemporaryDirectory, mkdtemp

    from patcher.operations import apply as patching
    from patcher.report import diff as report
    from patcher.report import text
    from patcher.resources import VENDOR

    choice = chosen(["documented", "tensorflow_2_15"] if train else ["documented"])
    with TemporaryDirectory(prefix="effpatch-demo-") as name:
        copy = Path(shutil.copytree(VENDOR / "miniature", Path(name) / "miniature"))
        tree = choice.open(copy)
        # The copy is nobody's work, though it may lie in somebody's repository.
        look, _ = patching.apply(choice, tree, PACKS, allow_dirty=True)
        click.echo(report.whole(look.plan, colour=on_terminal()), nl=False)
        click.echo()
        after = choice.look(tree).plan
        text.status("the miniature, patched", after)
        if after.misfits or after.changed:
            raise Drift(after.misfits)
        if train:
            _train(tree, stack, Path(mkdtemp(prefix="effpatch-demo-run-")))


def _train(tree: Tree, stack: Path | None, folder: Path) -> None:
    from patcher.packs import DEFAULT, load_pack
    from patcher.report import training as report
    from patcher.training import session
    from patcher.training.interpreter import find_python
    from patcher.training.launch import Launch
    from patcher.training.readiness import program_of, runtime_of

    packs = [load_pack(DEFAULT)]
    program, runtime = tree.target(program_of(packs)), runtime_of(packs)
    try:
        launch = Launch(program, find_python(stack), workers=2, device="cpu", runtime=runtime)
        report.train(session.prepare(launch, folder, sample_data=True))
    except TrainingError:
        raise  # which names the log in there
    except BaseException:
        shutil.rmtree(folder)
        raise
    shutil.rmtree(folder)
