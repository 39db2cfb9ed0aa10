"""`status`, `diff` and `rules`: what only looks."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from patcher.cli.options import (
    choosing,
    chosen,
    json_option,
    mention,
    opened,
    pack_option,
    several,
    upstream_argument,
    worst,
)
from patcher.errors import Drift, FileGone
from patcher.model import State
from patcher.report import on_terminal

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
    from patcher import engine
    from patcher.report import text

    tree, choice = opened(choice, place)
    entries = ((pack, each) for pack in choice.packs for each in pack.entries())
    pack, (_, section, rule) = next(entry for entry in entries if entry[1][0] == id_)
    content = tree.read([section.path]).get(section.path)
    if content is None:
        raise FileGone(section.path, id_)
    if named:
        click.echo(f"{tree.place}:")
    text.explanation(section, rule, engine.explained(pack, content, id_))
    return 0


@click.command()
@upstream_argument
@choosing
@click.option("--by-rule", is_flag=True, help="One diff for each rule, in order.")
@click.option("--stat", is_flag=True, help="Only count the lines of each file.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 if there are differences.")
@json_option
def diff(
    upstream_dir: Path,
    choice: Choice,
    by_rule: bool,
    stat: bool,
    exit_code: bool,
    as_json: bool,
) -> None:
    """Show what `apply` would change."""
    from patcher.report import diff as report

    if by_rule + stat + as_json > 1:
        raise click.UsageError("--by-rule, --stat and --json exclude each other")
    tree, choice = opened(choice, upstream_dir)
    look = choice.look(tree)
    plan = look.plan
    mention(look)
    colour = on_terminal() and not as_json
    if as_json:
        from patcher.report import json

        text = report.whole(plan).decode("utf-8", "replace")
        click.echo(json.status(tree, plan, diff=text))
    elif stat:
        from patcher.report import text as words

        words.changes(report.line_counts(plan))
    elif by_rule:
        from patcher.operations import history

        for step in history.steps(plan, choice.packs):
            click.echo(click.style(f"# {step.id}: {step.rule.title}", bold=True))
            change = (step.path, step.before, step.after)
            click.echo(report.unified([change], colour=colour), nl=False)
    else:
        click.echo(report.whole(plan, colour=colour), nl=False)
    if plan.misfits:
        raise Drift(plan.misfits)
    if exit_code and plan.changed:
        sys.exit(1)


@click.command()
@click.argument("id_", metavar="[ID]", required=False)
@pack_option
def rules(id_: str | None, packs: tuple[str, ...]) -> None:
    """List the rules, or show all that is known of one."""
    from patcher.report import text

    choice = chosen(packs, [id_] if id_ else [])
    if not id_:
        text.catalogue(choice.packs)
    for found, section, rule in (entry for pack in choice.packs for entry in pack.entries()):
        if found == id_:
            text.rule(found, section, rule)
