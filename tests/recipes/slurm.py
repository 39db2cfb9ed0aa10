"""A Slurm of some hosts, which are namespaces: Debian's daemons, with nothing that needs systemd.

They share files, users and the clock with this machine, as the nodes of a cluster share a file
system. One munged answers for all.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.training.hosts import Host, hosts

_DAEMONS = ("munged", "slurmctld", "slurmd")
_CLIENTS = ("sbatch", "scancel", "scontrol", "sinfo", "srun")
_PATH = os.pathsep.join((os.environ["PATH"], "/usr/sbin", "/sbin"))
# No cgroups and no accounts: those are the machine's. Jobs in `urgent` take the nodes of others.
_CONFIGURATION = """\
ClusterName=effpatch
SlurmctldHost={first}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/linear
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SlurmdTimeout=20
KillWait=30
SlurmctldPidFile={folder}/slurmctld.pid
SlurmctldLogFile={folder}/slurmctld.log
StateSaveLocation={folder}/state
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmdLogFile={folder}/slurmd-%n.log
SlurmdSpoolDir={folder}/spool-%n
TmpFS={folder}/tmp-%n
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
SlurmctldParameters=preempt_send_user_signal
NodeName={nodes} CPUs={slots} State=UNKNOWN
PartitionName=all Nodes={nodes} Default=YES PriorityTier=1 GraceTime=60 State=UP
PartitionName=urgent Nodes={nodes} PriorityTier=2 State=UP
"""
_MUNGED = """
{munged} --force --key-file={folder}/munge/key --socket={folder}/munge.socket \
    --log-file={folder}/munge/log --pid-file={folder}/munge/pid --seed-file={folder}/munge/seed
"""


@dataclass(frozen=True, slots=True)
class Slurm:
    """Some nodes, the first of which has the controller as well."""

    nodes: Sequence[Host]
    configuration: Path

    def run(self, *words: str | Path) -> str:
        """What a client of Slurm prints; it has to succeed."""
        done = self.nodes[0].run(*words, SLURM_CONF=str(self.configuration))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def submit(self, script: Path, *options: str, arguments: Sequence[str] = ()) -> str:
        """Submit a script with arguments; gives the number of the job."""
        return self.run("sbatch", "--parsable", *options, script, *arguments).strip()

    def state(self, job: str) -> dict[str, str]:
        """All that Slurm says of a job."""
        words = self.run("scontrol", "--oneliner", "show", "job", job).split()
        return {name: text for name, _, text in (word.partition("=") for word in words)}

    def wait_for_nodes(self) -> None:
        """Wait until all nodes take jobs."""
        deadline = time.monotonic() + 30
        while set(self.run("sinfo", "--noheader", "--format=%t").split()) != {"idle"}:
            assert time.monotonic() < deadline
            time.sleep(0.2)

    def wait(self, job: str, until: Callable[[dict[str, str]], bool], seconds: float) -> None:
        """Wait until a job is as a condition says."""
        deadline = time.monotonic() + seconds
        while not until(found := self.state(job)):
            assert time.monotonic() < deadline, found
            time.sleep(0.5)


@contextmanager
def slurm(folder: Path, names: Sequence[str], slots: int = 1) -> Iterator[Slurm]:
    """A Slurm of some hosts, with so many slots each; its files go to a folder."""
    _require()
    made = {"folder": folder, "first": names[0], "nodes": ",".join(names), "slots": slots}
    for name in ("munge", "state"):
        (folder / name).mkdir(mode=0o700)
    for name in names:
        (folder / f"spool-{name}").mkdir()
        (folder / f"tmp-{name}").mkdir()
    (folder / "munge/key").write_bytes(os.urandom(1024))
    (folder / "munge/key").chmod(0o600)
    configuration = folder / "slurm.conf"
    configuration.write_text(_CONFIGURATION.format_map(made))
    (folder / "cgroup.conf").write_text("CgroupPlugin=cgroup/v1\n")
    found = {name: shutil.which(name, path=_PATH) for name in _DAEMONS}
    start = {name: f"{found['slurmd']} -f {configuration} -N {name} || sleep 5\n" for name in names}
    controller = f"{found['slurmctld']} -f {configuration}\n"
    start[names[0]] = _MUNGED.format(munged=found["munged"], **made) + controller + start[names[0]]
    with hosts(folder, names, more=start) as nodes:
        made_of = Slurm(nodes, configuration)
        made_of.wait_for_nodes()
        yield made_of


def _require() -> None:
    missing = [name for name in (*_DAEMONS, *_CLIENTS) if not shutil.which(name, path=_PATH)]
    if missing:
        pytest.skip(f"there is no {', no '.join(missing)}: install slurm-wlm and munge")
