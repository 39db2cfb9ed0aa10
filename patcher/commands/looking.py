"""`status`, `diff` and `rules`: what only looks."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from patcher.choice import Choice
from patcher.errors import Drift, PatchError
from patcher.model import State
from patcher.options import (
    FOLDER,
    choosing,
    chosen,
    json_option,
    mention,
    opened,
    pack_option,
    upstream_argument,
)
from patcher.report import on_terminal


@click.command()
@click.argument(
    "upstream_dirs",
    metavar="UPSTREAM_DIR...",
    nargs=-1,
    required=True,
    type=FOLDER,
)
@pack_option
@json_option
def status(upstream_dirs: tuple[Path, ...], packs: tuple[str, ...], as_json: bool) -> None:
    """Show how each rule stands.

    Several trees may be named at once.
    """
    choice = chosen(packs)
    sys.exit(max(_status_of(place, choice, as_json) for place in upstream_dirs))


def _status_of(place: Path, choice: Choice, as_json: bool) -> int:
    try:
        tree = opened(choice, place)
        look = choice.look(tree)
        plan = look.plan
        mention(look)
        if as_json:
            from patcher.report import json

            click.echo(json.status(tree, plan))
        else:
            from patcher.report import text

            text.status(tree.place, plan)
        if plan.misfits:
            raise Drift(plan.misfits)
    except PatchError as error:
        click.echo(str(error), err=True)
        return error.exit_code
    return 1 if plan.summary[State.PENDING] else 0


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
    tree = opened(choice, upstream_dir)
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
        from patcher import history

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
