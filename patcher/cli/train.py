"""`train`: runs the program that the edits are for."""

from __future__ import annotations

import os
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from patcher.cli.arguments import (
    pack_option,
    pass_env_option,
    root_option,
    select,
    stack_option,
    upstream_argument,
)
from patcher.cli.defaults import place_of, require_named_stack
from patcher.cli.launching import launch_options
from patcher.cli.manual import Example, command
from patcher.cli.trees import name_unknown_packs, opened, require_fit, require_needed
from patcher.report.streams import say
from patcher.report.verbosity import inform, is_quiet
from patcher.training import DEVICES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from patcher.model import Pack
    from patcher.training.launchers import Launch
    from patcher.training.restarts import Restarts
    from patcher.training.session import Session
    from patcher.tree.files import Tree


@command(
    Example(
        "effpatch train vendor/automl --sample-data",
        "Train on a few generated pictures.",
    ),
    Example("effpatch train vendor/automl --sample-data --np 2", "Train with two workers."),
    Example("effpatch train vendor/automl --sample-data --dry-run", "Show what would be run."),
    Example(
        "effpatch train vendor/automl --sample-data --hosts a:8,b:8 --check",
        "Check the hosts; start nothing.",
    ),
    Example(
        "effpatch train vendor/automl --sample-data --hosts a:8,b:8",
        "Train on two hosts, with eight workers on each.",
    ),
    otherwise="A flag of the program belongs after `--`.",
)
@upstream_argument
@click.argument("arguments", metavar="[-- ARGS]", nargs=-1, type=click.UNPROCESSED)
@pack_option()
@root_option
@stack_option
@launch_options
@click.option(
    "--device",
    type=click.Choice(DEVICES),
    default="auto",
    show_default=True,
    envvar="EFFPATCH_DEVICE",
    help="Device to train on; auto requires an accelerator if its library is installed, and "
    "otherwise uses CPUs.",
)
@pass_env_option
@click.option("--sample-data", is_flag=True, help="Generate a few pictures, and train on them.")
@click.option(
    "--no-presets",
    is_flag=True,
    help="Do not set the environment variables for the vendor's release.",
)
@click.option("--raw", is_flag=True, help="Show the program's own log.")
@click.option("--dry-run", is_flag=True, help="Check and show what would be run; change nothing.")
@click.option(
    "--check", is_flag=True, help="Check all hosts and show what they have; start nothing."
)
def train(
    upstream_dir: Path,
    arguments: tuple[str, ...],
    packs: tuple[str, ...],
    root: str | None,
    stack: Path | None,
    launch: Launch,
    max_restarts: int,
    min_np: int | None,
    device: str,
    pass_env: tuple[str, ...],
    sample_data: bool,
    no_presets: bool,
    raw: bool,
    dry_run: bool,
    check: bool,
) -> None:
    """Run the training program of a patched tree with ARGS.

    Checkpoints, event files, the log and the loss curve go to the --model_dir in ARGS, or to a new
    folder in runs/. With --sample-data, you can omit ARGS.
    """
    if dry_run and check:
        raise click.UsageError("--dry-run and --check cannot be used together")
    if dry_run or check:
        require_named_stack("--dry-run" if dry_run else "--check")
    elif place := place_of("stack"):
        inform(f"{place}: the stack is {stack}", error=True)
    from patcher.training.limits import limits_for
    from patcher.training.preparation import planned
    from patcher.training.presets import presets_for
    from patcher.training.readiness import program_of, runtime_of
    from patcher.training.releases import accelerator_of
    from patcher.training.restarts import Restarts
    from patcher.training.session import Session
    from patcher.training.stack import find_python, installed

    python = find_python(stack)
    packages = installed(python).packages
    tree, loaded = _ported(upstream_dir, packs, root, packages)
    program = tree.target(program_of(loaded))
    runtime = runtime_of(loaded) or runtime_of(_others(upstream_dir, root, loaded))
    folder = Path("runs", f"{datetime.now():%Y-%m-%d-%H%M%S}-{os.getpid()}")
    accelerator = accelerator_of(loaded)
    number = {"workers": launch.workers, "hosts": len(launch.hosts)}
    presets = presets_for(accelerator, packages, device, **number)
    session = Session(
        *(program, python, folder, arguments, launch, device, runtime, pass_env),
        presets=() if no_presets else presets,
        limits=limits_for(accelerator, packages, device),
    )
    ready = planned(session, sample_data=sample_data, options=_options())
    restarts = Restarts(max_restarts, min_np)
    if dry_run:
        _show(ready, upstream_dir, root, loaded, packages)
    elif check:
        _check(ready, restarts, sample_data=sample_data)
    else:
        _run(ready, restarts, sample_data=sample_data, raw=raw)


def _options() -> list[str]:
    """The names of the command's options, without their dashes."""
    parameters = click.get_current_context().command.params
    return [name.lstrip("-") for each in parameters for name in each.opts if name[:2] == "--"]


def _check(session: Session, restarts: Restarts, *, sample_data: bool) -> None:
    from patcher.report.hosts import table
    from patcher.training.preparation import look

    found = look(session, sample_data=sample_data, may_move=restarts.may_move)
    table(found)
    found.require(restarts.least)


def _run(session: Session, restarts: Restarts, *, sample_data: bool, raw: bool) -> None:
    from patcher.report import training as report
    from patcher.report.hosts import table
    from patcher.training.preparation import look, provide
    from patcher.training.restarts import Job

    find = partial(look, session, sample_data=sample_data, may_move=restarts.may_move)
    job = Job(session, restarts, find)
    if (found := job.look()) and not is_quiet():
        table(found)
    job.place(found)
    provide(session, sample_data=sample_data)
    try:
        report.train(session, job.run, raw=raw)
    finally:
        report.places(session)


def _show(
    session: Session,
    upstream_dir: Path,
    root: str | None,
    packs: Sequence[Pack],
    packages: Mapping[str, str],
) -> None:
    from patcher.operations.applied import complete_packs
    from patcher.report.dry_run import show
    from patcher.training.releases import accelerator_of, release_of

    release = release_of(accelerator_of(packs), packages)
    show(session, complete_packs(upstream_dir, root, packs), release)


def _ported(
    upstream_dir: Path, names: tuple[str, ...], root: str | None, packages: Mapping[str, str]
) -> tuple[Tree, tuple[Pack, ...]]:
    """The tree and its packs, once it has every edit of theirs and all that packages need."""
    from patcher.training.readiness import require_edits

    names = names or _revision(upstream_dir)
    tree, selection = opened(select(names), upstream_dir, root)
    plan = selection.inspect(tree).plan
    if plan.unresolved:
        name_unknown_packs(tree, upstream_dir, selection.packs)
    require_fit(plan, "apply --skip")
    names = names or tuple(pack.name for pack in selection.packs)
    require_edits(tree.place, names, plan)
    require_needed(tree, upstream_dir, root, selection.packs, packages)
    return tree, selection.packs


def _others(upstream_dir: Path, root: str | None, packs: Sequence[Pack]) -> list[Pack]:
    """The further packs of which a tree has every edit."""
    from patcher.operations.applied import complete_packs
    from patcher.packs import load_pack

    names = {pack.name for pack in packs}
    found = complete_packs(upstream_dir, root, packs)
    return [load_pack(name) for name in found if name not in names]


def _revision(upstream_dir: Path) -> tuple[str, ...]:
    """The revision of the default pack that was applied to a tree in its place."""
    from patcher.operations.applied import applied_packs
    from patcher.packs import DEFAULT, load_pack

    known = applied_packs(upstream_dir, partial(say, error=True)).known
    return tuple(name for name in known if DEFAULT in load_pack(name).revises)
