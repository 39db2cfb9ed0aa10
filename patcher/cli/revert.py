"""`revert`: restores the files as they were before `apply`."""

from pathlib import Path

import click

from patcher.cli.arguments import pack_option, upstream_argument
from patcher.report import count
from patcher.report.streams import say


@click.command()
@upstream_argument
@click.option("--only", multiple=True, metavar="ID", help="Undo only this edit. Repeatable.")
@pack_option("Find a pack for --only here if it is not installed. Repeatable.")
def revert(upstream_dir: Path, only: tuple[str, ...], packs: tuple[str, ...]) -> None:
    """Restore the files as they were before `apply`.

    With --only, undo single edits. The others stay, and so do edits made by hand since.
    """
    from patcher import transaction
    from patcher.operations import revert as operation
    from patcher.operations.select import short_id
    from patcher.packs import load_pack

    tree = operation.open_patched(upstream_dir)
    if recovered := transaction.recover(tree):
        say(recovered, error=True)
    written = operation.revert(tree, only, [load_pack(place) for place in packs])
    what = f"undid {', '.join(map(short_id, only))}" if only else "back as before `apply`"
    say(f"{tree.place}: {what}, {count(len(written), 'file')} written")
