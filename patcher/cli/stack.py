"""`stack`: the environment that a patched tree trains in."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from patcher.cli.arguments import FOLDER, json_option


@click.group()
def stack() -> None:
    """Make the training environment, or look at one."""


@stack.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--python", default=sys.executable, help="Make it of this Python, 3.9 to 3.11.")
@click.option("--hpu", is_flag=True, help="Add Habana's library for TensorFlow.")
@click.option("--index-url", metavar="URL", help="The package index that has Habana's library.")
@click.option("--force", is_flag=True, help="Start anew where a stack is unfinished or outdated.")
def create(folder: Path, python: str, hpu: bool, index_url: str | None, force: bool) -> None:
    """Make a virtual environment at DIR to train in.

    It gets TensorFlow, Horovod, which is built here, and what the upstream imports. A good one is
    left alone.
    """
    if hpu != (index_url is not None):
        raise click.UsageError("--hpu and --index-url go together")
    from patcher.report.steps import Steps
    from patcher.training import creation, versions
    from patcher.training.recipe import Recipe

    recipe = Recipe(folder.resolve(), python, index_url)
    with Steps() as steps:
        made = creation.create(recipe, steps, force=force)
    names = (("TensorFlow", "tensorflow-cpu"), ("Horovod", "horovod"))
    what = " and ".join(f"{name} {versions.version(package)}" for name, package in names)
    click.echo(f"{folder}: {'made' if made else 'already there'}, {what}")


@stack.command()
@click.argument("folder", metavar="[DIR]", required=False, type=FOLDER)
@json_option
def check(folder: Path | None, as_json: bool) -> None:
    """Say what an environment has for training, and what it lacks.

    It is the one at DIR, else the one that EFFPATCH_STACK names, else effpatch's own.
    """
    from patcher.report import stack as report
    from patcher.training.stack import look, python_of

    found = look(python_of(folder))
    if as_json:
        click.echo(report.as_json(found))
    else:
        report.table(found)
    found.require()
