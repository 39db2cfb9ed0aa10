"""`status`: shows the state of each rule."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from patcher.cli.arguments import json_option, pack_option, root_option, select, upstreams_argument
from patcher.cli.completion import complete_rules
from patcher.cli.manual import Example, command
from patcher.cli.trees import opened, plan_of, require_fit, worst_exit_code
from patcher.errors import MismatchError
from patcher.model import State
from patcher.report import tally
from patcher.report.streams import say
from patcher.report.verbosity import timed

if TYPE_CHECKING:
    from patcher.operations.select import Selection


@command(
    Example("effpatch status vendor/automl", "Show the state and line of each rule."),
    Example(
        "effpatch status vendor/automl --explain main-3", "Show what one rule looked for and found."
    ),
    Example("effpatch status vendor/automl newer", "Show one line for each tree."),
    Example("effpatch status vendor/automl --json", "Print the result as JSON."),
)
@upstreams_argument
@pack_option("Use this pack. Repeatable.  [default: those that were applied, else documented]")
@click.option(
    "--explain",
    metavar="ID[,ID]",
    shell_complete=complete_rules,
    help="Show what these rules looked for and what they found.",
)
@root_option
@json_option
def status(
    places: Sequence[Path],
    packs: tuple[str, ...],
    explain: str | None,
    root: str | None,
    as_json: bool,
) -> None:
    """Show the state of each rule.

    The rules are those of the packs that were applied, or of the packs that --pack names. With
    several trees, print one line for each.
    """
    if explain and as_json:
        raise click.UsageError("--explain and --json cannot be used together")
    several = len(places) > 1
    if explain:
        chosen = select(packs, [explain], options=("--explain", ""))
        work = partial(_explain, selection=chosen, root=root, named=several)
    else:
        selection = select(packs) if packs else None
        work = partial(_status, selection=selection, root=root, in_short=several, as_json=as_json)
    sys.exit(worst_exit_code(work, places))


def _status(
    place: Path, selection: Selection | None, root: str | None, *, in_short: bool, as_json: bool
) -> int:
    """Show how the rules of a selection stand in a tree, or with None those of its own packs."""
    tree, selection = opened(selection or _applied(place), place, root)
    with timed("planning"):
        plan = plan_of(selection.inspect(tree))
    if as_json:
        from patcher.report import json

        say(json.status(tree, plan, selection.packs))
    elif in_short:
        say(f"{tree.place}: {tally(plan)}")
    else:
        from patcher.report import overview

        overview.status(tree.place, plan)
    require_fit(plan, "apply --skip")
    return 1 if plan.summary[State.PENDING] else 0


def _applied(place: Path) -> Selection:
    """All rules of the packs that were applied to a tree; of the default pack where none was.

    Raises:
        PackError: None of them is known here.
    """
    from patcher.operations.applied import applied_packs, unknown_packs

    known, unknown = applied_packs(place, partial(say, error=True)).usable()
    if unknown:
        say(str(unknown_packs(unknown)), error=True)
    return _selected(known)


@cache
def _selected(packs: tuple[str, ...]) -> Selection:
    """All rules of some packs, which are loaded once for all trees of a process."""
    return select(packs)


def _explain(place: Path, selection: Selection, root: str | None, *, named: bool) -> int:
    from patcher.engine.explain import explain
    from patcher.report import text

    tree, selection = opened(selection, place, root)
    if named:
        say(f"{tree.place}:")
    files = selection.with_needed(tree, selection.read(tree)[0])
    entries = ((pack, *entry) for pack in selection.packs for entry in pack.entries())
    chosen = [entry for entry in entries if entry[1] in selection.ids]
    for number, (pack, id_, section, rule) in enumerate(chosen):
        if section.path not in files:
            found = f"not found in the tree, here or elsewhere, so {id_} cannot be explained"
            step = "`effpatch status` shows the other rules"
            raise MismatchError(section.path, found, next_step=step)
        if number:
            say("")
        text.explanation(section, rule, explain(pack, files, id_))
    return 0
