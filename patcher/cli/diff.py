"""`diff`: shows what `apply` would change."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from patcher.cli.arguments import json_option, root_option, rule_options, upstream_argument
from patcher.cli.trees import inspected, opened, require_fit
from patcher.report import on_terminal

if TYPE_CHECKING:
    from patcher.model import Pack, TreePlan
    from patcher.operations.select import Choice as Selection


@click.command()
@upstream_argument
@rule_options
@click.option("--by-rule", is_flag=True, help="Show one diff per rule, in order.")
@click.option("--stat", is_flag=True, help="Only count the lines of each file.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 if there are differences.")
@root_option
@json_option
def diff(
    upstream_dir: Path,
    selection: Selection,
    by_rule: bool,
    stat: bool,
    exit_code: bool,
    root: str | None,
    as_json: bool,
) -> None:
    """Show what `apply` would change."""
    if by_rule + stat + as_json > 1:
        raise click.UsageError("--by-rule, --stat and --json exclude each other")
    tree, selection = opened(selection, upstream_dir, root)
    plan = inspected(selection, tree).plan
    if as_json:
        from patcher.report import diff as report
        from patcher.report import json

        text = report.whole(plan).decode("utf-8", "replace")
        click.echo(json.status(tree, plan, selection.packs, diff=text))
    else:
        (_print_counts if stat else _print_by_rule if by_rule else _print)(plan, selection.packs)
    require_fit(plan)
    sys.exit(1 if exit_code and plan.changed else 0)


def _print(plan: TreePlan, _: Sequence[Pack]) -> None:
    from patcher.report import diff as report

    click.echo(report.whole(plan, colour=on_terminal()), nl=False)


def _print_counts(plan: TreePlan, _: Sequence[Pack]) -> None:
    from patcher.report import diff as report
    from patcher.report import text

    text.changes(report.line_counts(plan))


def _print_by_rule(plan: TreePlan, packs: Sequence[Pack]) -> None:
    from patcher.operations import history
    from patcher.report import diff as report

    for step in history.steps(plan, packs):
        click.echo(click.style(f"# {step.id}: {step.rule.title}", bold=True))
        change = (step.path, step.before, step.after)
        click.echo(report.unified([change], colour=on_terminal()), nl=False)
