"""`train`: runs the program that the edits are for."""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path

import click

from patcher.cli.arguments import stack_option, upstream_argument
from patcher.cli.packs import pin_of, select
from patcher.cli.trees import opened

_HOST = r"\w[\w.-]*:[1-9]\d*"


def _hosts(_: click.Context, __: click.Parameter, hosts: str) -> str:
    # As Horovod reads them; a name that begins with a dash would be an option of its.
    if hosts and not re.fullmatch(rf"{_HOST}(,{_HOST})*", hosts):
        raise click.BadParameter(f"{hosts!r} is not like a:8,b:8")
    return hosts


@click.command()
@upstream_argument
@click.argument("arguments", metavar="[-- ARGS]", nargs=-1, type=click.UNPROCESSED)
@stack_option
@click.option(
    "--np", type=click.IntRange(min=1), metavar="N", help="How many workers.  [default: 1]"
)
@click.option(
    "--hosts", default="", metavar="A:8,B:8", callback=_hosts, help="Where, and how many on each."
)
@click.option(
    "--device",
    type=click.Choice(["hpu", "cpu", "auto"]),
    default="auto",
    show_default=True,
    envvar="EFFPATCH_DEVICE",
    help="What to train on; auto takes HPUs where there are any.",
)
@click.option(
    "--launcher",
    type=click.Choice(["horovodrun", "mpirun"]),
    default="horovodrun",
    show_default=True,
    help="What starts several workers.",
)
@click.option("--sample-data", is_flag=True, help="Write some pictures and train on them.")
@click.option("--raw", is_flag=True, help="Show the program's own log.")
def train(
    upstream_dir: Path,
    arguments: tuple[str, ...],
    stack: Path | None,
    np: int | None,
    hosts: str,
    device: str,
    launcher: str,
    sample_data: bool,
    raw: bool,
) -> None:
    """Run the patched main.py with ARGS.

    Checkpoints, event files, log and loss curve go to --model_dir among ARGS, or to a new folder
    in runs/. With --sample-data, all ARGS may be left out.
    """
    from patcher.report import training as report
    from patcher.training import session
    from patcher.training.interpreter import interpreter
    from patcher.training.launch import Launch

    slots = sum(int(host.rpartition(":")[2]) for host in hosts.split(",") if host)
    if hosts and np and np > slots:
        raise click.BadParameter(f"{np} workers, but --hosts has slots for {slots}")
    choice = select(["documented"])
    tree, choice = opened(choice, upstream_dir)
    session.require_ported(tree.place, choice.inspect(tree))
    python = interpreter(stack)
    newer, _ = select(["tensorflow_2_15"]).settled(tree)
    session.require_current(tree.place, python, newer.inspect(tree))
    launch = Launch(
        tree.target(pin_of(choice.packs).program),
        python,
        arguments,
        np or slots or 1,
        hosts,
        launcher,
        device,
    )
    folder = Path("runs", f"{datetime.now():%Y-%m-%d-%H%M%S}-{os.getpid()}")
    ready = session.prepare(launch, folder, sample_data=sample_data)
    report.train(ready, raw=raw)
    report.places(ready)
