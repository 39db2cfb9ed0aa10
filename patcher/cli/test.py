"""`test`: a pack's own proof."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from patcher.cli.arguments import FOLDER, json_option
from patcher.cli.completion import complete_pack
from patcher.cli.errors import show
from patcher.cli.manual import Example, command
from patcher.errors import PatchError
from patcher.report.streams import say

if TYPE_CHECKING:
    from patcher.model import Pack

# What to do about the failures of each check; the others are about the code that the edits make.
_NEXT_STEPS = {
    "quotes": "correct the rule or its quotes",
    "look-alikes": "tell them apart in the rule's quote or place, or remove the look-alike",
    "digests": "correct the `path` of the section, or the pin of the pack",
    "apply": "`effpatch status` shows what each rule found",
    "apply again": "correct the rule: it must know its own edit",
    "alone": "correct the rule: it must know its own edit",
    "revert": "please report this",
    "coverage": "correct whichever is wrong, the document or the rule",
}
_OTHERWISE = "correct the rules that edit this file"


@command(
    Example("effpatch test ./mine", "Fetch the upstream of a pack, and prove the pack on it."),
    Example("effpatch test ./mine --tree vendor/automl", "Use a copy of an existing checkout."),
    name="test",
)
@click.argument("named", metavar="PACK...", nargs=-1, required=True, shell_complete=complete_pack)
@click.option(
    "--tree",
    "place",
    metavar="DIR",
    type=FOLDER,
    help="Use a copy of this checkout of the upstream.  [default: fetch the pin]",
)
@click.option(
    "--with",
    "before",
    metavar="NAME|FOLDER",
    multiple=True,
    shell_complete=complete_pack,
    help="Apply this pack first. Repeatable.",
)
@json_option
def prove(named: Sequence[str], place: Path | None, before: Sequence[str], as_json: bool) -> None:
    """Show that a pack does what it says.

    Try the pack on its quotes, its look-alikes and its upstream. PACK is a name or a folder. The
    pinned upstream is fetched into a temporary folder. A checkout that --tree names is copied, and
    not changed.
    """
    with TemporaryDirectory(prefix="effpatch-") as name:
        folder = Path(name).resolve()
        work = partial(_prove, place=place, before=before, as_json=as_json, folder=folder)
        codes = [_exit_code(partial(work, each)) for each in dict.fromkeys(named)]
    sys.exit(max(codes))


def _exit_code(work: Callable[[], None]) -> int:
    """Run the proof of a pack, and print its errors; any other exception ends the command."""
    try:
        work()
    except PatchError as error:
        show(error)
        return error.exit_code
    return 0


def _prove(
    name: str, place: Path | None, before: Sequence[str], as_json: bool, folder: Path
) -> None:
    """Prove one pack, with a folder for what is made meanwhile.

    Raises:
        ErrorList: A check fails.
    """
    from patcher.checks.model import errors
    from patcher.operations import proof
    from patcher.packs import load_pack
    from patcher.report import proof as report
    from patcher.report.steps import waiting

    packs = [load_pack(each) for each in dict.fromkeys(before)]
    pack = load_pack(name)
    upstream = _upstream(pack, place, folder)
    with waiting(f"testing {pack.name}"):
        found = proof.prove(pack, upstream, folder, packs)
    if as_json:
        say(report.as_json(found))
    else:
        report.lines(found)
    if any(result.failures for result in found.results):
        raise errors(found.results, _OTHERWISE, _NEXT_STEPS)


def _upstream(pack: Pack, place: Path | None, folder: Path) -> Path:
    """The root of a checkout of the pin: the one that the user names, or one in a folder."""
    from patcher.operations.trial_tree import fetched
    from patcher.operations.trial_tree import named as checkout

    if place:
        return checkout(pack, place)
    from patcher.report.steps import fetch_progress

    with fetch_progress() as progress:
        return fetched(pack, folder, progress)
