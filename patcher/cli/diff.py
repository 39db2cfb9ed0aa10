"""`diff`: shows what `apply` would change."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from patcher.cli.arguments import json_option, root_option, rule_options, upstream_argument
from patcher.cli.trees import opened, plan_of, require_fit
from patcher.errors.visible import visible
from patcher.report import on_terminal
from patcher.report.streams import say, write_exactly

if TYPE_CHECKING:
    from patcher.operations.select import Selection


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
    from patcher.operations.export import single_edits
    from patcher.report import diff as report
    from patcher.report import json, text

    tree, selection = opened(selection, upstream_dir, root)
    plan = plan_of(selection.inspect(tree))
    if as_json:
        whole = report.unified(plan.changed).decode("utf-8", "replace")
        say(json.status(tree, plan, selection.packs, diff=whole))
    elif stat:
        text.changes(report.line_counts(plan.changed))
    elif by_rule:
        from rich.text import Text

        from patcher.report.output import Output

        for id_, rule, edit in single_edits(plan, selection.packs):
            Output().show(Text(visible(f"# {id_}: {rule.title}"), style="bold"))
            write_exactly(report.unified([edit], colour=on_terminal()))
    else:
        write_exactly(report.unified(plan.changed, colour=on_terminal()))
    require_fit(plan)
    sys.exit(1 if exit_code and plan.changed else 0)
