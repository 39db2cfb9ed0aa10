"""`status`: shows how each rule stands."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from patcher.cli.options import (
    chosen,
    json_option,
    mention,
    opened,
    pack_option,
    several,
    worst,
)
from patcher.errors import Drift, FileGone
from patcher.model import State

if TYPE_CHECKING:
    from patcher.operations.select import Choice


@click.command()
@several
@pack_option
@click.option("--explain", metavar="ID", help="Show what this rule looked for, and what it saw.")
@json_option
def status(
    places: Sequence[Path], packs: tuple[str, ...], explain: str | None, as_json: bool
) -> None:
    """Show how each rule stands.

    Of several trees, each has one line.
    """
    choice = chosen(packs, [explain] if explain else [])
    in_short = len(places) > 1
    if explain:
        if as_json:
            raise click.UsageError("--explain and --json exclude each other")
        sys.exit(worst(partial(_explain, choice=choice, id_=explain, named=in_short), places))
    sys.exit(worst(partial(_status, choice=choice, in_short=in_short, as_json=as_json), places))


def _status(place: Path, choice: Choice, *, in_short: bool, as_json: bool) -> int:
    tree, choice = opened(choice, place)
    look = choice.look(tree)
    plan = look.plan
    mention(look)
    if as_json:
        from patcher.report import json

        click.echo(json.status(tree, plan))
    elif in_short:
        click.echo(f"{tree.place}: {plan.tally}")
    else:
        from patcher.report import text

        text.status(tree.place, plan)
    if plan.misfits:
        raise Drift(plan.misfits)
    return 1 if plan.summary[State.PENDING] else 0


def _explain(place: Path, choice: Choice, id_: str, *, named: bool) -> int:
    from patcher.engine.explain import explain
    from patcher.report import text

    tree, choice = opened(choice, place)
    entries = ((pack, each) for pack in choice.packs for each in pack.entries())
    pack, (_, section, rule) = next(entry for entry in entries if entry[1][0] == id_)
    content = tree.read([section.path]).get(section.path)
    if content is None:
        raise FileGone(section.path, id_)
    if named:
        click.echo(f"{tree.place}:")
    text.explanation(section, rule, explain(pack, content, id_))
    return 0
