"""`fetch`: checks out the pinned upstream."""

from __future__ import annotations

import re
from pathlib import Path

import click

from patcher.cli.arguments import FOLDER, pack_option_with
from patcher.cli.packs import pin_of, select
from patcher.report import count


@click.command()
@click.argument("dest", metavar="[DEST]", type=FOLDER, required=False)
@pack_option_with("Fetch the upstream of this pack. Repeatable.  [default: documented]")
@click.option("--url", metavar="URL", help="Fetch from here.  [default: the pin's repository]")
@click.option("--commit", metavar="SHA", help="Fetch this commit.  [default: the pin's]")
@click.option("--force", is_flag=True, help="Set aside what is in the way, and fetch again.")
def fetch(
    dest: Path | None, packs: tuple[str, ...], url: str | None, commit: str | None, force: bool
) -> None:
    """Check out the upstream of a pack at DEST, and verify its files.

    Without DEST, that is vendor/ with the name of the upstream. A good checkout that is already
    there is left alone.
    """
    from patcher.tree import fetch as checkout
    from patcher.tree.git import require_git

    pin = pin_of(select(packs).packs)
    dest = checkout.destination(dest or Path("vendor", pin.name))
    commit = (commit or pin.commit).lower()
    if not re.fullmatch("[0-9a-f]{40}", commit):
        raise click.BadParameter(f"{commit!r} is not a full commit id (40 hex digits)")
    require_git()
    from patcher.report.progress import FetchProgress

    with FetchProgress() as progress:
        done = checkout.fetch(dest, url or pin.repository, commit, force=force, progress=progress)
    if done.aside:
        click.echo(f"{dest}: what was there is now {done.aside}")
    how = "fetched" if done.fresh else "already there"
    verified = f"{count(len(pin.sha256), 'file')} verified"
    checked = verified if commit == pin.commit else "not the pin"
    click.echo(f"{dest}: {how}, {commit[:12]}, {checked}")
