"""`export`: writes the edits as patches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from patcher.cli.options import (
    FOLDER,
    choosing,
    count,
    opened,
    upstream_argument,
)
from patcher.errors import Drift

if TYPE_CHECKING:
    from patcher.operations.select import Selection


@click.command()
@upstream_argument
@choosing
@click.option(
    "-o",
    "--output",
    "folder",
    metavar="DIR",
    required=True,
    type=FOLDER,
    help="Where to write; a new or empty folder.",
)
def export(upstream_dir: Path, choice: Selection, folder: Path) -> None:
    """Write the edits as patches for `git am`.

    There is one for each rule. A tree that effpatch has patched is exported as it was before.
    """
    from patcher.operations import export as operation

    tree, choice = opened(choice, upstream_dir)
    files, plan = operation.export(choice, tree, folder)
    if plan.misfits:
        raise Drift(plan.misfits)
    keep = " --keep-cr" if any(b"\r\n" in file.read_bytes() for file in files) else ""
    click.echo(f"{folder}: {count(len(files), 'patch', 'patches')} for `git am{keep}`")
