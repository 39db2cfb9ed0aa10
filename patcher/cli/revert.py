"""`revert`: restores the files as they were before `apply`."""

from __future__ import annotations

from pathlib import Path

import click

from patcher.cli.arguments import pack_option_with, upstream_argument
from patcher.cli.packs import packs_in_use, select, short_id
from patcher.cli.trees import opened
from patcher.report import count


@click.command()
@upstream_argument
@click.option("--only", multiple=True, metavar="ID", help="Undo only this edit. Repeatable.")
@pack_option_with("Find a pack for --only here if it is not installed. Repeatable.")
def revert(upstream_dir: Path, only: tuple[str, ...], packs: tuple[str, ...]) -> None:
    """Restore the files as they were before `apply`.

    With --only, undo single edits. The others stay, and so do edits made by hand since.
    """
    from patcher.operations import revert as operation
    from patcher.packs import known_packs, load_pack

    ids = [short_id(id_) for id_ in only]
    # At the merge: tree = recovered(operation.open_patched(upstream_dir))
    tree, _ = opened(select([*known_packs(), *packs]), upstream_dir)
    used = packs_in_use(tree, [load_pack(place) for place in packs]) if ids else {}
    written = operation.revert(tree, used, ids)
    what = f"undid {', '.join(ids)}" if ids else "back as before `apply`"
    click.echo(f"{tree.place}: {what}, {count(len(written), 'file')} written")
