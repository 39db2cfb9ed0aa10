"""Why a run failed, by what was printed and by the signal that ended a worker; with the cure."""

import re
import signal
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_COUNTERS = Path("/proc/vmstat")  # the kernel's; `oom_kill` is one of them
_LESS_MEMORY = "fewer workers, or a smaller --train_batch_size or image_size, take less"
# What is printed, the cause and the cure, with parts of the first put into the second. Of several,
# the first counts: what is further down often follows from it. These would come again.
_LASTING = (
    (
        "mpirun has detected an attempt to run as root",
        "mpirun does not run as root",
        "run as another user, or pass --allow-run-as-root",
    ),
    (
        "There are not enough slots available in the system",
        "mpirun has fewer slots than --np",
        "lower --np, or name hosts and their slots with --hosts",
    ),
    (
        "WorkersApart: .*OMPI_COMM_WORLD_SIZE",
        "Horovod was built without MPI, and does not find the workers of mpirun",
        "leave out --launcher mpirun, or make a stack with `effpatch stack create --mpi`",
    ),
    (
        "KeyError: 'every_n_iter'",
        "the tree lacks edits that evaluation needs",
        "run `effpatch apply UPSTREAM_DIR --pack supplement`",
    ),
    (
        "(?:No space left on device|Disk quota exceeded)",
        "the disk is full",
        "free some space, or name another --model_dir",
    ),
    (
        r"(?:OOM when allocating|std::bad_alloc|\bMemoryError\b|Cannot allocate memory)",
        "memory ran out",
        _LESS_MEMORY,
    ),
    (
        r"gloo.* connect \[(127\.[\d.]+)\].*: Connection refused",
        "a host gives {0} as its own address, and there no other host finds it",
        "in /etc/hosts of every host, name it with the address that the others use",
    ),
    (
        r"ssh: Could not resolve hostname (\S+): (?!Temporary)",
        "there is no host {0}",
        "correct --hosts or --hostfile, or name it in /etc/hosts",
    ),
    (
        r"(\S+): Permission denied \(",
        "{0} refuses the SSH key",
        "add your key to its authorized_keys, or correct --ssh-identity or --ssh-user",
    ),
    (
        r"^Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED",
        "SSH does not know the key that the host has now",
        "make sure that it is that host, then forget its old key with `ssh-keygen -R HOST`",
    ),
    (
        "NoValidAddressesFound: ",
        "the hosts have no network interface of one name by which they reach each other",
        "give it the same name on every host",
    ),
)
# A host was lost. The same run can go on without it, or once it is back.
_LOST = (
    (
        r"ssh: connect to host (\S+) port (?!22:)(\d+): (.+)",
        "host {0} cannot be reached over SSH at port {1} ({2})",
        "check that it is running, and that its name in --hosts and --ssh-port are correct",
    ),
    (
        r"ssh: connect to host (\S+) port \d+: (.+)",
        "host {0} cannot be reached over SSH ({1})",
        "check that it is running and that its name in --hosts is correct",
    ),
    (  # or no name server that answers
        r"ssh: Could not resolve hostname (\S+): Temporary",
        "there is no host {0}",
        "correct --hosts or --hostfile, or name it in /etc/hosts",
    ),
    (
        "Connection timed out during banner exchange",
        "the SSH server of a host does not answer",
        "look at that host",
    ),
    (
        r"Timeout, server (\S+) not responding",
        "host {0} is lost: it no longer answers over SSH",
        "look at that host and the network",
    ),
    (
        r"Remote daemon: \[.*\] on node (\S+)",
        "host {0} is lost: mpirun has lost its daemon there",
        "look at that host and the network",
    ),
    (
        "(?:ORTE|PRTE) was unable to reliably start one or more daemons",
        "mpirun could not start its daemon on a host",
        "look at that host and the network, and that it has the same Open MPI",
    ),
)
# What is printed as well where a worker was killed, which then counts.
_LATER = (
    (
        r"gloo.* Timed out waiting (\d+)000ms for",
        "a host is lost: a worker was not heard from for {0} s",
        "look at that host and the network",
    ),
    (
        r"gloo.* Connection (?:closed|reset) by peer",
        "a worker ended its connections",
        "read there what it printed last",
    ),
)
_FIRST = (*_LASTING, *_LOST)
_OF_EXIT = len(_FIRST)  # what comes before counts more than a signal, what comes behind less
_ROWS = [*enumerate(_FIRST), *enumerate(_LATER, _OF_EXIT + 1)]
_PATTERNS = [(order, re.compile(row[0]), *row[1:]) for order, row in _ROWS]
SSH_LOST = 255  # the exit code of SSH where what it runs is killed, or the connection is lost


class Cause(NamedTuple):
    """Why a run failed, and the cure; the first in order is meant of several.

    Attributes:
        order: Its place in the table.
    """

    order: int
    found: str
    cure: str

    @property
    def is_loss(self) -> bool:
        """Whether a worker, a host or the launcher was lost, so that the run may go on."""
        return self.order >= len(_LASTING)

    @property
    def is_consequence(self) -> bool:
        """Whether it often follows from an error of another worker."""
        return self.order > _OF_EXIT


def cause_in(line: str) -> Cause | None:
    """The cause that a line of a log gives."""
    for order, pattern, found, cure in _PATTERNS:
        if match := pattern.search(line):
            return Cause(order, found.format(*match.groups()), cure)
    return None


def oom_kills() -> int:
    """How many processes the kernel of this machine has ended as memory ran out; 0 if unknown."""
    with suppress(OSError, StopIteration, ValueError):
        lines = _COUNTERS.read_text("ascii").splitlines()
        return int(next(line for line in lines if line.startswith("oom_kill ")).split()[1])
    return 0


def cause_of_ssh(worker: str) -> Cause:
    """Why SSH ended with its own exit code, which is the least that can be said."""
    found = f"{worker} was killed, or the SSH connection to it was lost"
    return Cause(len(_ROWS) + 1, found, "look at its host and the network")


def cause_of_exit(worker: str, code: int, *, oom_killed: bool) -> Cause | None:
    """Why a worker ended with an exit code, where that tells of a signal."""
    number = -code if code < 0 else code - 128
    try:
        name = signal.Signals(number).name
    except ValueError:
        return None
    if number != signal.SIGKILL:
        cure = "the log has what it printed"
        return Cause(_OF_EXIT, f"{worker} was ended by {name}", cure)
    if oom_killed:
        found = f"memory ran out, and the kernel killed {worker}"
        return Cause(_OF_EXIT, found, _LESS_MEMORY)
    found = f"{worker} was killed (SIGKILL), by a user, a scheduler, or another host's kernel"
    return Cause(_OF_EXIT, found, f"where memory ran out, {_LESS_MEMORY}")
