"""`diff`: shows what `apply` would change."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from patcher.cli.arguments import (
    color_option,
    doc_option,
    json_option,
    root_option,
    rule_options,
    upstream_argument,
)
from patcher.cli.manual import Example, command
from patcher.cli.trees import opened, plan_of, require_fit
from patcher.model import State
from patcher.report import count, on_terminal
from patcher.report.streams import as_bytes, write_exactly
from patcher.report.verbosity import inform, timed

if TYPE_CHECKING:
    from patcher.model import Plan
    from patcher.operations.review import Review
    from patcher.operations.select import Selection
    from patcher.tree.files import Tree


@command(
    Example("effpatch diff vendor/automl", "Show all changes, with their reasons."),
    Example(
        "effpatch diff vendor/automl --only 'hooks-*'",
        "Show the changes of the rules whose ids begin with hooks-.",
    ),
    Example("effpatch diff vendor/automl --by-rule", "Show one patch for each rule."),
    Example("effpatch diff vendor/automl --stat", "Count the changed lines of each file."),
)
@upstream_argument
@rule_options
@click.option("--by-rule", is_flag=True, help="Show one patch per rule, in the document's order.")
@click.option("--stat", is_flag=True, help="Only count the changed lines of each file.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["patch", "json", "sarif", "github"]),
    default="patch",
    help="Print a patch, or JSON, SARIF or GitHub annotations.  [default: patch]",
)
@doc_option
@color_option
@click.option("--pager/--no-pager", default=True, help="Use a pager on a terminal.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 if there are differences.")
@root_option
@json_option
def diff(
    upstream_dir: Path,
    selection: Selection,
    by_rule: bool,
    stat: bool,
    form: str,
    doc: Path | None,
    color: str,
    pager: bool,
    exit_code: bool,
    root: str | None,
    as_json: bool,
) -> None:
    """Show what `apply` would change.

    In a pipe, print a patch. On a terminal, or with --color=always, print the rules and their
    reasons above each hunk.
    """
    if as_json and form not in ("patch", "json"):
        raise click.UsageError(f"--json and --format={form} cannot be used together")
    form = "json" if as_json else form
    if doc and stat:
        raise click.UsageError("--doc and --stat cannot be used together")
    if by_rule + stat + (form != "patch") > 1:
        raise click.UsageError(f"--by-rule, --stat and --{_named(form)} cannot be used together")
    from patcher.report.colours import has_colours

    tree, selection = opened(selection, upstream_dir, root)
    for_people = on_terminal() or has_colours(color)
    is_plain = stat or (form == "patch" and not (by_rule or for_people))
    with timed("planning"):
        plan = plan_of(selection.inspect(tree, stepwise=not is_plain))
    from patcher.operations import patch

    if doc and is_plain:
        from patcher.document.document import read

        read(doc)  # which is not needed here, but is to be there
    if stat:
        from patcher.report import text

        text.changes(patch.line_counts(plan.changed), colours=has_colours(color))
    elif is_plain:
        write_exactly(patch.unified(plan.changed))
    else:
        from patcher.operations import review

        items = review.items_of(doc, selection.packs)
        found = review.of_plan(tree, plan, selection.packs, items)
        if form == "patch":
            _show(plan, found, color, by_rule=by_rule, pager=pager)
        else:
            _print(tree, plan, found, form)
    require_fit(plan)
    if (applied := plan.summary[State.APPLIED]) and not plan.changed:
        there = count(applied, "edit is", "edits are")
        inform(f"{tree.place}: nothing would change, {there} already applied", error=True)
    sys.exit(1 if exit_code and plan.changed else 0)


def _named(form: str) -> str:
    return "json" if form in ("patch", "json") else "format"


def _show(plan: Plan, found: Review, color: str, *, by_rule: bool, pager: bool) -> None:
    """Print the change below the rules that make it."""
    from patcher.report import by_rule as series
    from patcher.report import diff as report
    from patcher.report import pager as pages

    style = report.Style.of_output(color)
    content = series.by_rule(plan, found, style) if by_rule else report.annotated(found, style)
    pages.show(content, paged=pager)


def _print(tree: Tree, plan: Plan, found: Review, form: str) -> None:
    """Print the change for a machine."""
    from patcher.operations import patch
    from patcher.report.forms import printed

    more = {}
    if form == "json":
        more["diff"] = patch.unified(plan.changed).decode("utf-8", "replace")
    write_exactly(as_bytes(printed(form, tree, plan, found, **more)))
