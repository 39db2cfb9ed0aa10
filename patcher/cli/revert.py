"""`revert`: restores the files as they were before `apply`."""

from functools import partial
from pathlib import Path

import click

from patcher.cli.arguments import pack_option, root_option, select, upstream_argument
from patcher.report import count
from patcher.report.streams import say


@click.command()
@upstream_argument
@click.option("--only", multiple=True, metavar="ID", help="Undo only this edit. Repeatable.")
@click.option(
    "--receipt",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Obey this receipt, of another machine or user, once it is checked against the packs.",
)
@pack_option("Find a pack for --only or --receipt here if it is not installed. Repeatable.")
@root_option
def revert(
    upstream_dir: Path,
    only: tuple[str, ...],
    receipt: Path | None,
    packs: tuple[str, ...],
    root: str | None,
) -> None:
    """Restore the files as they were before `apply`.

    With --only, undo single edits. The others stay, and so do edits made by hand since.
    """
    from patcher.operations import revert as operation
    from patcher.operations.select import short_id
    from patcher.packs import load_pack

    if receipt and only:
        raise click.UsageError("--receipt and --only exclude each other")
    if root is not None and not receipt:
        raise click.UsageError("--root needs --receipt")
    if receipt:
        tree, selection = select(packs).open(upstream_dir, root, partial(say, error=True))
        done = operation.revert_by(tree, receipt, selection.packs)
    else:
        tree = operation.open_patched(upstream_dir)
        done = operation.revert(tree, only, [load_pack(place) for place in packs])
    for note in done.notes:
        say(note, error=True)
    what = f"undid {', '.join(map(short_id, only))}" if only else "back as before `apply`"
    say(f"{tree.place}: {what}, {count(len(done.written), 'file')} written")
