"""`apply`: makes the edits."""

from __future__ import annotations

import functools
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from patcher.cli.arguments import json_option, root_option, rule_options, upstreams_argument
from patcher.cli.trees import inspected, opened, require_fit, warn_edited, worst_exit_code
from patcher.model import State
from patcher.report import count

if TYPE_CHECKING:
    from patcher.model import TreePlan
    from patcher.operations.apply import Commits
    from patcher.operations.select import Selection
    from patcher.tree.files import Tree


@dataclass(frozen=True, slots=True)
class _Options:
    """What to apply, and how."""

    selection: Selection
    root: str | None
    partial: bool
    dry_run: bool
    allow_dirty: bool
    commits: Commits | None
    branch: str | None
    verify: bool
    with_runtime: bool
    as_json: bool


@click.command()
@upstreams_argument
@rule_options
@click.option("--partial", is_flag=True, help="Apply the rules that fit, even if others do not.")
@click.option("--dry-run", is_flag=True, help="Show what would be done; write nothing.")
@click.option("--allow-dirty", is_flag=True, help="Edit files with uncommitted changes.")
@click.option("--commit", is_flag=True, help="Commit all edits to git in one commit.")
@click.option("--commit-per-rule", is_flag=True, help="Commit each edit to git separately.")
@click.option("--branch", metavar="NAME", help="Commit on a new branch of this name.")
@click.option(
    "--no-verify", is_flag=True, help="Skip the check for undefined names and broken imports."
)
@click.option("--with-runtime", is_flag=True, help="Put the pack's runtime beside the program.")
@root_option
@json_option
def apply(
    places: Sequence[Path],
    selection: Selection,
    partial: bool,
    dry_run: bool,
    allow_dirty: bool,
    commit: bool,
    commit_per_rule: bool,
    branch: str | None,
    no_verify: bool,
    with_runtime: bool,
    root: str | None,
    as_json: bool,
) -> None:
    """Make every edit, or none.

    Given several trees, each gets all of its edits or none, whatever happens to the others.
    """
    if commit and commit_per_rule:
        raise click.UsageError("--commit and --commit-per-rule exclude each other")
    if branch is not None and not (commit or commit_per_rule):
        raise click.UsageError("--branch needs --commit or --commit-per-rule")
    commits = _commits(commit, commit_per_rule)
    options = _Options(
        *(selection, root, partial, dry_run, allow_dirty, commits, branch),
        *(not no_verify, with_runtime, as_json),
    )
    sys.exit(worst_exit_code(functools.partial(_apply, options=options), places))


def _commits(in_one: bool, per_rule: bool) -> Commits | None:
    if not (in_one or per_rule):
        return None
    from patcher.operations import export

    return export.per_rule if per_rule else export.at_once


def _apply(place: Path, options: _Options) -> int:
    tree, selection = opened(options.selection, place, options.root)
    plan, written, added = (_rehearse if options.dry_run else _carry_out)(tree, selection, options)
    if options.as_json:
        from patcher.report import json

        now = selection.inspect(tree).plan if written else plan
        click.echo(json.status(tree, now, selection.packs, written=written))
    elif not plan.misfits or options.partial:
        click.echo(f"{tree.place}: {_summary(plan, added, options.dry_run)}")
    if plan.drift or not options.partial:
        require_fit(plan)
    return 0


# The plan, the paths written, and how many of them are of the runtime.
_Result = tuple["TreePlan", Sequence[str], int]


def _rehearse(tree: Tree, selection: Selection, options: _Options) -> _Result:
    """What `apply` would do; nothing is written."""
    inspection = inspected(selection, tree)
    plan = inspection.plan
    added = inspection.additions(tree, selection.packs) if options.with_runtime else []
    if options.verify and (options.partial or not plan.misfits):
        from patcher.operations import preflight

        preflight.check_plan(tree, plan, selection.packs)
    return plan, (), len(added)


def _carry_out(tree: Tree, selection: Selection, options: _Options) -> _Result:
    from patcher.operations import apply as operation

    done = operation.apply(
        selection,
        tree,
        partial=options.partial,
        allow_dirty=options.allow_dirty,
        commits=options.commits,
        branch=options.branch,
        verify=options.verify,
        with_runtime=options.with_runtime,
    )
    if done.recovered:
        click.echo(done.recovered, err=True)
    warn_edited(done.inspection)
    return done.inspection.plan, done.written, len(done.added)


def _summary(plan: TreePlan, added: int, dry_run: bool) -> str:
    """What was done or would be, such as `made 42 edits in 9 files`."""
    pending, applied = plan.summary[State.PENDING], plan.summary[State.APPLIED]
    before = f" ({applied} already applied)" if applied and pending else ""
    runtime = f"{count(added, 'file')} of the runtime"
    if not pending and added:
        return f"{'would add' if dry_run else 'added'} {runtime}"
    if not pending:
        return f"nothing to do, {count(applied, 'edit')} already applied"
    more = f", and {'add' if dry_run else 'added'} {runtime}" if added else ""
    verb = "would make" if dry_run else "made"
    return f"{verb} {count(pending, 'edit')} in {count(len(plan.changed), 'file')}{before}{more}"
