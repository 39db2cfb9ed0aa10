"""Hosts made of network namespaces: each has its own address, name, hosts file and sshd.

They share files, processes and users with this machine. A host's link can be cut, and all that runs
on it be killed.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

_PROGRAMS = ("ip", "nsenter", "ssh", "ssh-keygen", "sshd", "unshare")
_NETWORK = "10.213.7"  # of the hosts alone: nothing leads there or away
_SBIN = "/usr/sbin:/sbin"
# What a host is: its name, its hosts file, and the keys in place of the user's, until sshd ends.
_START = """
hostname {name}
mount --bind {folder}/hosts-{name} /etc/hosts
mount --bind {folder}/ssh ~/.ssh
exec {sshd} -D -e -f /dev/null -h {folder}/host_key -o PidFile=none -o UsePAM=no \
    -o PermitRootLogin=yes -o StrictModes=no -o AuthorizedKeysFile={folder}/ssh/id_ed25519.pub
"""


@dataclass(frozen=True, slots=True)
class Host:
    """One host: what others call it, the namespace, and the process that keeps it."""

    name: str
    namespace: str
    keeper: subprocess.Popen[bytes]

    def command(self, *words: str | Path) -> list[str]:
        """What runs a command there."""
        inside = ("--mount", "--uts", "--net", f"--wd={os.getcwd()}")
        return ["nsenter", f"--target={self.keeper.pid}", *inside, *map(str, words)]

    def run(self, *words: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command there, with some variables as well."""
        return subprocess.run(
            self.command(*words),
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            timeout=300,
        )

    def cut(self) -> None:
        """Cut its link."""
        _ip("-n", self.namespace, "link", "set", "eth0", "down")

    def kill(self) -> None:
        """Kill all that runs on it, but for what keeps it."""
        for pid in map(int, _ip("netns", "pids", self.namespace).split()):
            if pid != self.keeper.pid:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


@contextmanager
def hosts(folder: Path, names: Sequence[str], own: Mapping[str, str] = {}) -> Iterator[list[Host]]:
    """Some hosts that reach each other; their files go to a folder.

    Args:
        folder: An empty one.
        names: What they are called.
        own: The address that the hosts file of one gives for its own name, where it is another.
    """
    _require()
    key = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f")
    (folder / "ssh").mkdir(mode=0o700)
    for file in ("ssh/id_ed25519", "host_key"):
        subprocess.run([*key, folder / file], check=True)
    Path("~/.ssh").expanduser().mkdir(mode=0o700, exist_ok=True)
    Path("/run/sshd").mkdir(exist_ok=True)
    switch, made = f"effpatch-{os.getpid()}", list[Host]()
    _ip("netns", "add", switch)
    try:
        _ip("-n", switch, "link", "add", "switch", "up", "type", "bridge")
        addresses = {name: f"{_NETWORK}.{at}" for at, name in enumerate(names, 1)}
        for name in names:
            known = {"localhost": "127.0.0.1", **addresses, name: own.get(name, addresses[name])}
            lines = (f"{address} {each}\n" for each, address in known.items())
            (folder / f"hosts-{name}").write_text("".join(lines))
            made.append(_host(folder, name, addresses[name], switch))
        _wait_for(made)
        yield made
    finally:
        for host in made:
            host.kill()
            host.keeper.kill()
            host.keeper.wait()
            _ip("netns", "delete", host.namespace)
        _ip("netns", "delete", switch)


def _require() -> None:
    path = os.pathsep.join((os.environ["PATH"], _SBIN))
    missing = [name for name in _PROGRAMS if not shutil.which(name, path=path)]
    if os.getuid() or missing:
        pytest.skip(f"hosts are made by root, with {', '.join(missing or _PROGRAMS)}")
    if subprocess.run(["unshare", "--net", "--mount", "--uts", "true"]).returncode:
        pytest.skip("this machine allows no namespaces")


def _host(folder: Path, name: str, address: str, switch: str) -> Host:
    namespace = f"{switch}-{name}"
    _ip("netns", "add", namespace)
    _ip("-n", switch, "link", "add", name, "type", "veth", "peer", "eth0", "netns", namespace)
    _ip("-n", switch, "link", "set", name, "master", "switch", "up")
    _ip("-n", namespace, "address", "add", f"{address}/24", "dev", "eth0")
    for link in ("lo", "eth0"):
        _ip("-n", namespace, "link", "set", link, "up")
    sshd = shutil.which("sshd", path=_SBIN)
    start = _START.format(name=name, folder=folder, sshd=sshd)
    words = ("netns", "exec", namespace, "unshare", "--mount", "--uts", "sh", "-ec", start)
    with (folder / f"sshd-{name}.log").open("wb") as log:
        keeper = subprocess.Popen(["ip", *words], stdout=log, stderr=log)
    return Host(name, namespace, keeper)


def _wait_for(made: Sequence[Host]) -> None:
    deadline = time.monotonic() + 20
    options = ("-o", "StrictHostKeyChecking=no", "-o", "ConnectTimeout=1", "-o", "BatchMode=yes")
    for host in made:
        while made[0].run("ssh", *options, host.name, "true").returncode:
            assert time.monotonic() < deadline, host.name
            time.sleep(0.2)


def _ip(*words: str) -> str:
    done = subprocess.run(["ip", *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
