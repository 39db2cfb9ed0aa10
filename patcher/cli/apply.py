"""`apply`: makes the edits."""

from __future__ import annotations

import functools
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from patcher.cli.arguments import json_option, root_option, rule_options, upstreams_argument
from patcher.cli.errors import show
from patcher.cli.manual import Example, command
from patcher.cli.trees import name_unknown_packs, opened, plan_of, worst_exit_code
from patcher.model import Plan, State
from patcher.report import count
from patcher.report.streams import say
from patcher.report.verbosity import inform, timed

if TYPE_CHECKING:
    from patcher.operations.apply import Committed
    from patcher.operations.select import Selection
    from patcher.tree.files import Tree


@command(
    Example("effpatch apply vendor/automl", "Make all edits, or none."),
    Example("effpatch apply vendor/automl --dry-run", "Show what would be done; write nothing."),
    Example("effpatch apply vendor/automl --only main-3,main-4", "Make these two edits."),
    Example("effpatch apply vendor/automl --interactive", "Ask whether to make each edit."),
    Example(
        "effpatch apply vendor/automl --commit-per-rule --branch port",
        "Commit each edit on a new branch.",
    ),
)
@upstreams_argument
@rule_options
@click.option(
    "-i", "--interactive", is_flag=True, help="Show each edit, and ask whether to make it."
)
@click.option("--partial", is_flag=True, help="Apply the rules that fit, even if others do not.")
@click.option("--dry-run", is_flag=True, help="Show what would be done; write nothing.")
@click.option("--allow-dirty", is_flag=True, help="Edit files with uncommitted changes.")
@click.option("--commit", is_flag=True, help="Commit all edits to git in one commit.")
@click.option("--commit-per-rule", is_flag=True, help="Commit each edit to git separately.")
@click.option("--branch", metavar="NAME", help="Commit on a new branch of this name.")
@click.option(
    "--no-verify", is_flag=True, help="Skip the check for undefined names and broken imports."
)
@click.option("--with-runtime", is_flag=True, help="Add the pack's runtime next to the program.")
@root_option
@json_option
def apply(
    places: Sequence[Path],
    commit: bool,
    commit_per_rule: bool,
    branch: str | None,
    no_verify: bool,
    **options: Any,
) -> None:
    """Make every edit, or none.

    With several trees, each one gets all of its edits or none, whatever happens to the others.
    """
    if commit and commit_per_rule:
        raise click.UsageError("--commit and --commit-per-rule cannot be used together")
    if options["interactive"] and (len(places) > 1 or options["as_json"]):
        raise click.UsageError("--interactive is for one tree, and not for --json")
    if branch is not None and not (commit or commit_per_rule):
        raise click.UsageError("--branch needs --commit or --commit-per-rule")
    commits = None
    if commit or commit_per_rule:
        from patcher.operations import export

        commits = export.per_rule if commit_per_rule else export.at_once
    options |= {"commits": commits, "branch": branch, "verify": not no_verify}
    sys.exit(worst_exit_code(functools.partial(_apply, **options), places))


def _apply(
    place: Path,
    selection: Selection,
    root: str | None,
    dry_run: bool,
    as_json: bool,
    interactive: bool,
    **options: Any,
) -> int:
    """Apply rules to one tree, with the options of the operation; gives the exit code."""
    from patcher.operations import apply as operation

    tree, selection = opened(selection, place, root)
    if interactive:
        from patcher.cli.interactive import chosen

        if answers := chosen(tree, selection, partial=options["partial"]):
            selection, is_any = answers
            if not is_any:
                inform(f"{tree.place}: no edit was chosen, nothing was changed")
                return 0
            options["partial"] = True  # an edit that needs one not chosen is left out, and named
    with timed("planning, checking and writing"):
        done = operation.apply(selection, tree, dry_run=dry_run, **options)
    for note in done.notes:
        say(note, error=True)
    plan = plan_of(done.inspection)
    if plan.unresolved:
        name_unknown_packs(tree, place, selection.packs)
    if as_json:
        from patcher.report import json

        now = selection.inspect(tree).plan if done.written else plan
        say(json.status(tree, now, selection.packs, written=done.written))
    elif not plan.unresolved or options["partial"]:
        if done.committed:
            inform(_commits(done.committed))
        tell = say if dry_run else inform  # a dry run is asked for what it says
        tell(f"{tree.place}: {_summary(plan, len(done.added), dry_run)}")
    if options["commits"] and not (plan.summary[State.PENDING] or plan.blocking):
        say(f"{tree.place}: nothing was committed: {_no_commit(tree, plan)}", error=True)
    return _unfit(tree, plan, partial=options["partial"]) if plan.unresolved else 0


def _unfit(tree: Tree, plan: Plan, *, partial: bool) -> int:
    """Show why rules do not fit, and whether this kept the others from being applied."""
    from patcher.operations.mismatch import mismatches

    errors = mismatches(plan)
    show(errors)
    if partial:  # which made the others
        return errors.exit_code if plan.blocking else 0
    if others := plan.summary[State.PENDING]:
        advice = f"--partial makes the {count(others, 'edit')} that fit"
        say(f"{tree.place}: nothing was changed; {advice}", error=True)
    return errors.exit_code


def _commits(made: Committed) -> str:
    """Branch and commit as `git commit` says them, such as `[main 1a2b3c4] Apply the edits`."""
    before = f"{made.number} commits, the last one: " if made.number > 1 else ""
    return f"[{made.branch or 'detached HEAD'} {made.id}] {before}{made.subject}"


def _no_commit(tree: Tree, plan: Plan) -> str:
    """Why no edit is committed, where none had to be made, and what to do about it."""
    patched = {each.file for each in plan.outcomes if each.state is State.APPLIED}
    if tree.repository and not tree.uncommitted(sorted(patched)):
        return "the edits are committed already"
    return "the edits were made before; run `effpatch revert` first, or commit them with git"


def _summary(plan: Plan, added: int, dry_run: bool) -> str:
    """What was done or would be, such as `made 42 edits in 9 files`."""
    pending, applied = plan.summary[State.PENDING], plan.summary[State.APPLIED]
    others = sum(bool(each.made_by) for each in plan.outcomes)
    earlier = applied - others if pending or plan.blocking else 0
    known = (earlier, "already applied"), (others, "made by another rule")
    words = ", ".join(f"{number} {what}" for number, what in known if number)
    before = f" ({words})" if words else ""
    runtime = f"{count(added, 'file')} of the runtime"
    if not pending and added:
        return f"{'would add' if dry_run else 'added'} {runtime}"
    verb = "would make" if dry_run else "made"
    if not pending and plan.blocking:
        return f"{verb} {_edits(0, plan)}{before}"
    if not pending:
        return f"nothing to do, {_edits(applied, plan)} already applied"
    more = f", and {'add' if dry_run else 'added'} {runtime}" if added else ""
    return f"{verb} {_edits(pending, plan)} in {count(len(plan.changed), 'file')}{before}{more}"


def _edits(number: int, plan: Plan) -> str:
    """A number of edits; of how many, where some can be neither made nor have been."""
    every = count(len(plan.outcomes), "edit")
    return f"{number} of {every}" if plan.unresolved else count(number, "edit")
