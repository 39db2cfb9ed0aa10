"""`apply`: makes the edits."""

from __future__ import annotations

import functools
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from patcher.cli.options import (
    choosing,
    count,
    json_option,
    known,
    mention,
    opened,
    several,
    worst,
)
from patcher.errors import Drift
from patcher.model import State

if TYPE_CHECKING:
    from patcher.model import TreePlan
    from patcher.operations.apply import Commits
    from patcher.operations.select import Choice


@click.command()
@several
@choosing
@click.option("--partial", is_flag=True, help="Apply the rules that fit, though others do not.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@click.option("--allow-dirty", is_flag=True, help="Patch files with uncommitted changes.")
@click.option("--commit", "one", is_flag=True, help="Commit the edits to git, all in one.")
@click.option("--commit-per-rule", "each", is_flag=True, help="One commit for each edit.")
@click.option("--branch", metavar="NAME", help="Put the commits on a new branch.")
@click.option("--no-verify", is_flag=True, help="Do not look first for names left undefined.")
@click.option("--with-runtime", is_flag=True, help="Put our TensorFlow.common beside main.py.")
@json_option
def apply(places: Sequence[Path], one: bool, each: bool, **options: Any) -> None:
    """Make every edit, or none.

    The edits are the document's, unless --pack says otherwise. Several trees may be named: each
    gets all its edits or none, whatever becomes of the others.
    """
    if one and each:
        raise click.UsageError("--commit and --commit-per-rule exclude each other")
    if options["branch"] is not None and not (one or each):
        raise click.UsageError("--branch goes with --commit or --commit-per-rule")
    sys.exit(worst(functools.partial(_apply, one=one, each=each, **options), places))


def _commits(each: bool) -> Commits:
    from patcher.operations import history

    return history.per_rule if each else history.at_once


def _apply(
    place: Path,
    choice: Choice,
    *,
    partial: bool,
    dry_run: bool,
    allow_dirty: bool,
    one: bool,
    each: bool,
    branch: str | None,
    no_verify: bool,
    with_runtime: bool,
    as_json: bool,
) -> int:
    from patcher.operations import apply as patching
    from patcher.tree import runtime

    tree, choice = opened(choice, place)
    if dry_run:
        look = choice.look(tree)
        added = [change.path for change in look.additions(tree)] if with_runtime else []
        written: tuple[str, ...] = ()
        if not no_verify and (partial or not look.plan.misfits):
            from patcher.operations import preflight

            preflight.check_plan(tree, look.plan, choice.packs)
    else:
        look, written = patching.apply(
            choice,
            tree,
            known(tree),
            partial=partial,
            allow_dirty=allow_dirty,
            commits=_commits(each) if one or each else None,
            branch=branch,
            verify=not no_verify,
            with_runtime=with_runtime,
        )
        added = [path for path in written if path in runtime.files()]
    plan = look.plan
    mention(look)
    if as_json:
        from patcher.report import json

        now = choice.look(tree).plan if written else plan
        click.echo(json.status(tree, now, written=written))
    elif not plan.misfits or partial:
        click.echo(f"{tree.place}: {_done(plan, len(added), dry_run)}")
    if plan.drift or (plan.misfits and not partial):
        raise Drift(plan.misfits)
    return 0


def _done(plan: TreePlan, added: int, dry_run: bool) -> str:
    pending, applied = plan.summary[State.PENDING], plan.summary[State.APPLIED]
    before = f" ({applied} there already)" if applied and pending else ""
    runtime = f"{count(added, 'file')} of the runtime"
    if not pending and added:
        return f"{'would add' if dry_run else 'added'} {runtime}"
    if not pending:
        return f"nothing to do, {count(applied, 'edit')} there already"
    more = f", and {'add' if dry_run else 'added'} {runtime}" if added else ""
    verb = "would make" if dry_run else "made"
    return f"{verb} {count(pending, 'edit')} in {count(len(plan.changed), 'file')}{before}{more}"
