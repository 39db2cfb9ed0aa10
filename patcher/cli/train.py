"""`train`: runs the program that the edits are for."""

from __future__ import annotations

import os
import re
from datetime import datetime
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
from patcher.cli.trees import opened, require_fit
from patcher.training import DEVICES, LAUNCHERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from patcher.model import Pack
    from patcher.training.session import Session
    from patcher.tree.files import Tree

# As the launcher reads it; a name that begins with a dash would be an option.
_HOST = r"\w[\w.-]*:[1-9]\d*"


@click.command()
@upstream_argument
@click.argument("arguments", metavar="[-- ARGS]", nargs=-1, type=click.UNPROCESSED)
@pack_option()
@root_option
@stack_option
@click.option("--np", type=click.IntRange(1), metavar="N", help="Number of workers.  [default: 1]")
@click.option("--hosts", metavar="A:8,B:8", default="", help="Hosts, with the workers on each.")
@click.option(
    "--device",
    type=click.Choice(DEVICES),
    default="auto",
    show_default=True,
    envvar="EFFPATCH_DEVICE",
    help="Device to train on; auto uses an accelerator if its library is there.",
)
@click.option(
    "--launcher",
    type=click.Choice(LAUNCHERS),
    default=LAUNCHERS[0],
    show_default=True,
    help="Program that starts several workers.",
)
@pass_env_option
@click.option("--sample-data", is_flag=True, help="Write a few pictures and train on them.")
@click.option(
    "--no-presets", is_flag=True, help="Do not set the variables that the vendor's release wants."
)
@click.option("--raw", is_flag=True, help="Show the program's own log.")
@click.option("--dry-run", is_flag=True, help="Check and show what would be run; change nothing.")
def train(
    upstream_dir: Path,
    arguments: tuple[str, ...],
    packs: tuple[str, ...],
    root: str | None,
    stack: Path | None,
    np: int | None,
    hosts: str,
    device: str,
    launcher: str,
    pass_env: tuple[str, ...],
    sample_data: bool,
    no_presets: bool,
    raw: bool,
    dry_run: bool,
) -> None:
    """Run the training program of a patched tree with ARGS.

    Checkpoints, event files, the log and the loss curve go to the --model_dir in ARGS, or to a new
    folder in runs/. With --sample-data, ARGS may be left out.
    """
    from patcher.training.limits import limits_for
    from patcher.training.presets import presets_for
    from patcher.training.readiness import program_of, runtime_of
    from patcher.training.releases import accelerator_of
    from patcher.training.session import Session
    from patcher.training.stack import find_python, installed

    python, workers = find_python(stack), _workers(np, hosts)
    packages = installed(python).packages
    tree, loaded = _ported(upstream_dir, packs, root, packages)
    program, runtime = tree.target(program_of(loaded)), runtime_of(loaded)
    folder = Path("runs", f"{datetime.now():%Y-%m-%d-%H%M%S}-{os.getpid()}")
    accelerator = accelerator_of(loaded)
    presets = presets_for(accelerator, packages, device, workers=workers, hosts=hosts)
    session = Session(
        *(program, python, folder, arguments, workers, hosts, launcher, device, runtime, pass_env),
        presets=() if no_presets else presets,
        limits=limits_for(accelerator, packages, device),
    )
    if dry_run:
        _show(session.planned(sample_data=sample_data), upstream_dir, root, loaded, packages)
    else:
        _run(session.prepared(sample_data=sample_data), raw=raw)


def _run(session: Session, *, raw: bool) -> None:
    from patcher.report import training as report

    try:
        report.train(session, raw=raw)
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


def _workers(number: int | None, hosts: str) -> int:
    if hosts and not re.fullmatch(rf"{_HOST}(,{_HOST})*", hosts):
        raise click.BadParameter(f"{hosts!r} is not like a:8,b:8", param_hint="'--hosts'")
    slots = sum(int(host.rpartition(":")[2]) for host in hosts.split(",") if host)
    if hosts and number and number > slots:
        raise click.BadParameter(f"{number} workers, but --hosts has slots for {slots}")
    return number or slots or 1


def _ported(
    upstream_dir: Path, names: tuple[str, ...], root: str | None, packages: Mapping[str, str]
) -> tuple[Tree, tuple[Pack, ...]]:
    """The tree and its packs, once it has every edit of theirs and all that packages need."""
    from patcher.packs import known_packs, load_pack
    from patcher.training.readiness import needed_packs, require_edits

    tree, selection = opened(select(names), upstream_dir, root)
    plan = selection.inspect(tree).plan
    require_fit(plan)
    names = names or tuple(pack.name for pack in selection.packs)
    require_edits(tree.place, names, plan)
    needed = needed_packs(selection.packs, map(load_pack, known_packs()), packages)
    for name, running in needed.items():
        _, newer = opened(select([name]), upstream_dir, root)
        require_edits(tree.place, (*names, name), newer.inspect(tree).plan, running)
    return tree, selection.packs
