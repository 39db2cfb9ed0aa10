"""The commands: arguments and exit codes, nothing else.

What a command needs is imported when it runs, so that `--help` answers at once.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import click

from patcher import __version__
from patcher.choice import Choice, Look
from patcher.errors import Drift, PatchError
from patcher.model import State, TreePlan
from patcher.options import (
    FOLDER,
    Commands,
    choosing,
    chosen,
    json_option,
    pack_option,
    upstream_argument,
)
from patcher.report import on_terminal
from patcher.tree import Tree
from patcher.vcs import forget_surroundings, require_git
from rules import PACKS


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="effpatch")
def main() -> None:
    """Make the pinned EfficientDet training tree train on Habana HPUs.

    UPSTREAM_DIR is the checkout's root or its efficientdet/ folder.

    Exit codes: 0 done, or nothing to do; 1 differences; 2 usage; 3 a rule does not fit the
    tree; 4 the tree cannot be patched as it stands.
    """
    forget_surroundings()
    if isinstance(sys.stdout, io.TextIOWrapper):  # a name that its encoding lacks is no error
        sys.stdout.reconfigure(errors="backslashreplace")


@main.command()
@click.argument("dest", type=FOLDER, default=Path("vendor/automl"))
@click.option("--url", metavar="URL", help="Fetch from here.  [default: the pin's repository]")
@click.option("--commit", metavar="SHA", help="Fetch this commit.  [default: the pin]")
@click.option("--force", is_flag=True, help="Set aside what stands in the way; fetch anew.")
def fetch(dest: Path, url: str | None, commit: str | None, force: bool) -> None:
    """Check out the pinned upstream at DEST.

    The default is vendor/automl. The files that rules touch are verified.
    """
    from patcher import checkout

    dest = checkout.destination(dest)
    pin = checkout.read_pin()
    commit = (commit or pin.commit).lower()
    if not re.fullmatch("[0-9a-f]{40}", commit):
        raise click.BadParameter(f"{commit!r} is no full commit id (40 hex digits)")
    require_git()
    from patcher.report.progress import FetchProgress

    with FetchProgress() as progress:
        done = checkout.fetch(dest, url or pin.repository, commit, force=force, progress=progress)
    if done.aside:
        click.echo(f"{dest}: what was there is now {done.aside}")
    how = "fetched" if done.fresh else "already there"
    verified = f"{len(pin.sha256)} files verified" if commit == pin.commit else "not the pin"
    click.echo(f"{dest}: {how}, {commit[:12]}, {verified}")


@main.command()
@upstream_argument
@choosing
@click.option("--partial", is_flag=True, help="Apply the rules that fit, though others do not.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@click.option("--allow-dirty", is_flag=True, help="Patch files with uncommitted changes.")
@click.option("--commit", "one", is_flag=True, help="Commit the edits to git, all in one.")
@click.option("--commit-per-rule", "each", is_flag=True, help="One commit for each edit.")
@click.option("--branch", metavar="NAME", help="Put the commits on a new branch.")
@json_option
def apply(
    upstream_dir: Path,
    choice: Choice,
    partial: bool,
    dry_run: bool,
    allow_dirty: bool,
    one: bool,
    each: bool,
    branch: str | None,
    as_json: bool,
) -> None:
    """Make every edit, or none: the document's, unless --pack says otherwise."""
    if one and each:
        raise click.UsageError("--commit and --commit-per-rule exclude each other")
    if branch and not (one or each):
        raise click.UsageError("--branch goes with --commit or --commit-per-rule")
    from patcher import history, patching

    tree = _opened(choice, upstream_dir)
    commits = history.per_rule if each else history.at_once if one else None
    if dry_run:
        look = choice.look(tree)
        written: tuple[str, ...] = ()
    else:
        look, written = patching.apply(
            choice,
            tree,
            PACKS,
            partial=partial,
            allow_dirty=allow_dirty,
            commits=commits,
            branch=branch,
        )
    plan = look.plan
    _mention(look)
    if as_json:
        from patcher.report import json

        now = plan.carried_out if written else plan
        click.echo(json.status(tree, now, written=written))
    elif not plan.misfits or partial:
        click.echo(f"{tree.place}: {_done(plan, dry_run)}")
    if plan.misfits:
        raise Drift(plan.misfits)


def _opened(choice: Choice, place: Path) -> Tree:
    """The tree, once what a crash has left in it is mended."""
    from patcher import transaction

    tree = choice.open(place)
    said = transaction.recover(tree)
    if said:
        click.echo(said, err=True)
    return tree


def _mention(look: Look) -> None:
    for path in look.edited:
        click.echo(f"{path}: edited since it was patched", err=True)


def _done(plan: TreePlan, dry_run: bool) -> str:
    pending, applied = plan.summary[State.PENDING], plan.summary[State.APPLIED]
    before = f" ({applied} were there already)" if applied and pending else ""
    if not pending:
        return f"nothing to do, {_count(applied, 'edit')} there already"
    verb = "would make" if dry_run else "made"
    return f"{verb} {_count(pending, 'edit')} in {_count(len(plan.changed), 'file')}{before}"


def _count(number: int, noun: str, nouns: str = "") -> str:
    return f"{number} {noun if number == 1 else nouns or f'{noun}s'}"


@main.command()
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
    tree = _opened(choice, upstream_dir)
    look = choice.look(tree)
    plan = look.plan
    _mention(look)
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


@main.command()
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
        tree = _opened(choice, place)
        look = choice.look(tree)
        plan = look.plan
        _mention(look)
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


@main.command()
@upstream_argument
@choosing
@click.option(
    "-o",
    "--output",
    "folder",
    metavar="DIR",
    required=True,
    type=FOLDER,
    help="Where to write; a new or empty folder.",
)
def export(upstream_dir: Path, choice: Choice, folder: Path) -> None:
    """Write the edits as patches for `git am`.

    There is one for each rule.     A tree that effpatch has patched is exported as it was before.
    """
    from patcher import patching

    tree = _opened(choice, upstream_dir)
    files, plan = patching.export(choice, tree, folder)
    if plan.misfits:
        raise Drift(plan.misfits)
    click.echo(f"{folder}: {_count(len(files), 'patch', 'patches')} for `git am`")


@main.command()
@upstream_argument
@click.option("--only", multiple=True, metavar="ID", help="Undo only this edit; repeatable.")
def revert(upstream_dir: Path, only: tuple[str, ...]) -> None:
    """Give back the bytes from before `apply`.

    With --only, one edit is undone, and the others and later edits by hand are kept.
    """
    from patcher import patching

    tree = _opened(chosen(list(PACKS)), upstream_dir)
    written = patching.revert(tree, PACKS, only)
    what = f"undid {', '.join(only)}" if only else "back as before `apply`"
    click.echo(f"{tree.place}: {what}, {_count(len(written), 'file')} written")


@main.command()
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


@main.command()
def demo() -> None:
    """Patch a small tree and show the result.

    It is a copy of the miniature that comes with effpatch; no network is needed.
    """
    import shutil
    from tempfile import TemporaryDirectory

    from patcher import patching
    from patcher.checkout import VENDOR
    from patcher.report import diff as report
    from patcher.report import text

    choice = chosen(["documented"])
    with TemporaryDirectory(prefix="effpatch-demo-") as name:
        copy = Path(shutil.copytree(VENDOR / "miniature", Path(name) / "miniature"))
        tree = choice.open(copy)
        look, _ = patching.apply(choice, tree, PACKS)
        click.echo(report.whole(look.plan, colour=on_terminal()), nl=False)
        click.echo()
        after = choice.look(tree).plan
        text.status("the miniature, patched", after)
    if after.misfits or after.changed:
        raise Drift(after.misfits)
