"""`fetch`: checks out the pinned upstream."""

import re
from dataclasses import replace
from pathlib import Path

import click

from patcher.cli.arguments import FOLDER, pack_option, select
from patcher.cli.manual import Example, command
from patcher.errors import PackError, masked
from patcher.report import count
from patcher.report.streams import say
from patcher.report.verbosity import detail, inform, timed


@command(
    Example("effpatch fetch vendor/automl", "Check out the pinned upstream, and verify its files."),
    Example(
        "effpatch fetch newer --commit SHA",
        "Check out another commit, by its full id.",
    ),
    Example(
        "effpatch fetch vendor/automl --force",
        "Move the existing folder aside, and check out again.",
    ),
)
@click.argument("dest", metavar="[DEST]", type=FOLDER, required=False)
@pack_option("Fetch the upstream of this pack. Repeatable.  [default: documented]")
@click.option(
    "--url", metavar="URL", help="Fetch from this address.  [default: the pin's repository]"
)
@click.option("--commit", metavar="SHA", help="Fetch this commit.  [default: the pin's]")
@click.option("--force", is_flag=True, help="Move an existing folder aside, and fetch again.")
def fetch(
    dest: Path | None, packs: tuple[str, ...], url: str | None, commit: str | None, force: bool
) -> None:
    """Check out the upstream of a pack at DEST, and verify its files.

    Without DEST, use a folder in vendor/ that is named after the upstream. A good checkout that
    already exists is left alone.
    """
    from patcher.operations.select import shared_pin
    from patcher.tree import fetch as checkout
    from patcher.tree.git import require_git

    pin = shared_pin(select(packs).packs)
    assert pin is not None, "no pack is loaded without one"
    dest = checkout.destination(dest or Path("vendor", pin.name))
    wanted = (commit or pin.commit).lower()
    if not (url or pin.repository) or not wanted:
        step = "name one with --url and --commit, or get the files elsewhere"
        raise PackError(pin.name, "the pack names no repository of its upstream", next_step=step)
    if not re.fullmatch("[0-9a-f]{40}", wanted):
        raise click.BadParameter(f"{commit!r} is not a full commit id (40 hex digits)")
    require_git()
    from patcher.report.steps import fetch_progress

    if url and Path(url).is_dir():  # which git would look for in the checkout
        url = str(Path(url).absolute())
    pinned = wanted == pin.commit
    digests = pin.sha256 if pinned else {}
    source = replace(pin, repository=url or pin.repository, commit=wanted, sha256=digests)
    detail(f"source: {masked(source.repository)}@{source.commit}")
    with timed("fetching"), fetch_progress() as progress:
        done = checkout.fetch(dest, source, force=force, progress=progress)
    for place, aside in done.moved:
        say(f"{place}: what was there is now {aside}")
    how = "fetched" if done.fresh else "already there"
    checked = f"{count(len(pin.sha256), 'file')} verified" if pinned else "not the pin"
    inform(f"{dest}: {how}, {wanted[:12]}, {checked}")
