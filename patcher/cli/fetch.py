"""`fetch`: checks out the pinned upstream."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from patcher.cli.options import FOLDER

if TYPE_CHECKING:
    pass


@click.command()
@click.argument("dest", type=FOLDER, default=Path("vendor/automl"))
@click.option("--url", metavar="URL", help="Fetch from here.  [default: the pin's repository]")
@click.option("--commit", metavar="SHA", help="Fetch this commit.  [default: the pin]")
@click.option("--force", is_flag=True, help="Set aside what stands in the way; fetch anew.")
def fetch(dest: Path, url: str | None, commit: str | None, force: bool) -> None:
    """Check out the pinned upstream at DEST.

    The default is vendor/automl. The files that rules touch are verified.
    """
    from patcher.tree import fetch as checkout
    from patcher.tree.git import require_git

    dest = checkout.destination(dest)
    pin = checkout.read_pin()
    commit, pinned = (commit or pin.commit).lower(), pin.commit
    if not re.fullmatch("[0-9a-f]{40}", commit):
        raise click.BadParameter(f"{commit!r} is no full commit id (40 hex digits)")
    require_git()
    from patcher.report.progress import FetchProgress

    with FetchProgress() as progress:
        pin = replace(
            pin,
            repository=url or pin.repository,
            commit=commit,
            sha256=pin.sha256 if commit == pinned else {},
        )
        done = checkout.fetch(dest, pin, force=force, progress=progress)
    if done.aside:
        click.echo(f"{dest}: what was there is now {done.aside}")
    how = "fetched" if done.fresh else "already there"
    verified = f"{len(pin.sha256)} files verified" if commit == pinned else "not the pin"
    click.echo(f"{dest}: {how}, {commit[:12]}, {verified}")
