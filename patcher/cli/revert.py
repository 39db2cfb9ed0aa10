"""`revert`: restores the files as they were before `apply`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from patcher.cli.options import (
    chosen,
    count,
    known,
    opened,
    upstream_argument,
)
from patcher.packs import known_packs

if TYPE_CHECKING:
    pass


@click.command()
@upstream_argument
@click.option("--only", multiple=True, metavar="ID", help="Undo only this edit; repeatable.")
def revert(upstream_dir: Path, only: tuple[str, ...]) -> None:
    """Give back the bytes from before `apply`.

    With --only, one edit is undone, and the others and later edits by hand are kept.
    """
    from patcher.operations import revert as operation

    tree, _ = opened(chosen(known_packs()), upstream_dir)
    written = operation.revert(tree, known(tree), only)
    what = f"undid {', '.join(only)}" if only else "back as before `apply`"
    click.echo(f"{tree.place}: {what}, {count(len(written), 'file')} written")
