"""The options that say how workers are started, where, and how often again."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from patcher.report.verbosity import inform
from patcher.training import LAUNCHERS, MPIRUN

if TYPE_CHECKING:
    from patcher.training.launchers import Launch

BINDINGS = (  # what Open MPI 4 and 5 know, each perhaps with `:` and more words
    *("none", "hwthread", "core", "l1cache", "l2cache", "l3cache", "numa", "socket", "package"),
    *("board", "cpu-list"),
)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OPTIONS = (
    click.option(
        "--np", type=click.IntRange(1), metavar="N", help="Number of workers.  [default: 1]"
    ),
    click.option(
        "--hosts",
        metavar="A:8,B:8",
        multiple=True,
        help="Hosts, with the number of workers on each. Repeatable.",
    ),
    click.option(
        "--hostfile",
        type=_FILE,
        help="File with a line for each host, as in `a slots=8`.",
    ),
    click.option(
        "--launcher",
        type=click.Choice(LAUNCHERS),
        default=LAUNCHERS[0],
        show_default=True,
        help="Program that starts several workers, over Gloo or over MPI.",
    ),
    click.option(
        "--launcher-args",
        metavar="WORDS",
        default="",
        help="Additional arguments for the launcher.",
    ),
    click.option(
        "--network-interface",
        metavar="NAME",
        default="",
        help="Interface that hosts use to reach each other.  [default: the interface that has "
        "the hosts' addresses]",
    ),
    click.option(
        "--ssh-port", type=click.IntRange(1, 65535), metavar="N", help="Port of the SSH server."
    ),
    click.option("--ssh-identity", type=_FILE, help="Private key file for SSH."),
    click.option("--ssh-user", metavar="NAME", default="", help="User name on the hosts."),
    click.option(
        "--bind-to", metavar="WHAT", help="What mpirun binds each worker to.  [default: none]"
    ),
    click.option("--allow-run-as-root", is_flag=True, help="Let mpirun run as root."),
    click.option(
        "--max-restarts",
        type=click.IntRange(0),
        default=0,
        metavar="N",
        help="Restart from the last checkpoint, up to N times, if a worker, a host or the "
        "launcher is lost.",
    ),
    click.option(
        "--min-np",
        type=click.IntRange(1),
        metavar="M",
        help="Start or continue with at least M workers, on the hosts that can be used.  "
        "[default: all]",
    ),
)


def launch_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command these options; it is passed the `launch`, `max_restarts` and `min_np`."""

    @wraps(command)
    def with_launch(
        np: int | None,
        hosts: tuple[str, ...],
        hostfile: Path | None,
        min_np: int | None,
        **rest: Any,
    ) -> None:
        names = (
            *("launcher", "launcher_args", "network_interface", "ssh_port", "ssh_identity"),
            *("ssh_user", "bind_to", "allow_run_as_root"),
        )
        given = {name: rest.pop(name) for name in names}
        launch = _launch(np, ",".join(hosts), hostfile, **given)
        for name in ("min_np", "network_interface", "ssh_port", "ssh_identity", "ssh_user"):
            if not launch.hosts and {"min_np": min_np, **given}[name]:
                option = f"--{name.replace('_', '-')}"
                raise click.UsageError(f"{option} requires --hosts or --hostfile")
        if min_np and min_np > launch.workers:
            raise click.UsageError(f"--min-np {min_np}, but there are {launch.workers} workers")
        command(launch=launch, min_np=min_np, **rest)

    for option in reversed(_OPTIONS):
        with_launch = option(with_launch)
    return with_launch


def _launch(
    np: int | None,
    listed: str,
    hostfile: Path | None,
    *,
    launcher: str,
    launcher_args: str,
    network_interface: str,
    ssh_port: int | None,
    ssh_identity: Path | None,
    ssh_user: str,
    bind_to: str | None,
    allow_run_as_root: bool,
) -> Launch:
    from patcher.training import hosts
    from patcher.training.launchers import Launch
    from patcher.training.ssh import Ssh

    if listed and hostfile:
        raise click.UsageError(
            "--hosts and --hostfile are two ways to name hosts: pass one of them"
        )
    if launcher != MPIRUN and (bind_to or allow_run_as_root):
        name = "--bind-to" if bind_to else "--allow-run-as-root"
        raise click.UsageError(f"{name} requires --launcher {MPIRUN}")
    if bind_to and bind_to.partition(":")[0] not in BINDINGS:
        wrong = f"{bind_to!r} is not one of: {', '.join(BINDINGS)}"
        raise click.BadParameter(wrong, param_hint="'--bind-to'")
    places = hosts.parse(listed) if listed else hosts.read(hostfile) if hostfile else ()
    slots = hosts.slots(places)
    if places and np and np > slots:
        place = "--hosts" if listed else hostfile
        raise click.UsageError(f"{np} workers, but {place} has slots for {slots}")
    if launcher == MPIRUN and not (places or (np or 1) > 1):
        inform(f"one worker on this machine is started without {MPIRUN}", error=True)
    ssh = Ssh(ssh_port, ssh_identity, ssh_user)
    words = tuple(_words(launcher_args))
    return Launch(
        np or slots or 1,
        *(places, launcher, network_interface, ssh, words, allow_run_as_root),
        binding=bind_to or "none",
    )


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        found = f"{text!r} ({str(error).lower()})"
        raise click.BadParameter(found, param_hint="'--launcher-args'") from None
