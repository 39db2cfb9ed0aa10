"""`diff`: shows what `apply` would change."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from patcher.cli.options import (
    choosing,
    json_option,
    mention,
    opened,
    upstream_argument,
)
from patcher.errors import Drift
from patcher.report import on_terminal

if TYPE_CHECKING:
    from patcher.operations.select import Selection


@click.command()
@upstream_argument
@choosing
@click.option("--by-rule", is_flag=True, help="One diff for each rule, in order.")
@click.option("--stat", is_flag=True, help="Only count the lines of each file.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 if there are differences.")
@json_option
def diff(
    upstream_dir: Path,
    choice: Selection,
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
    look = choice.inspect(tree)
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
        from patcher.operations.export import rule_changes

        for step in rule_changes(plan, choice.packs):
            click.echo(click.style(f"# {step.id}: {step.rule.title}", bold=True))
            change = (step.path, step.before, step.after)
            click.echo(report.unified([change], colour=colour), nl=False)
    else:
        click.echo(report.whole(plan, colour=colour), nl=False)
    if plan.misfits:
        raise Drift(plan.misfits)
    if exit_code and plan.changed:
        sys.exit(1)
