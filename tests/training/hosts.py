"""Hosts made of namespaces: each has its own address, name, hosts file, processes and sshd.

They share files, users and the clock with this machine, from which all their processes can be seen.
A host can lose its link, lose its power, and come back.
"""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from patcher.training.scripts.marked import MARK

_PROGRAMS = ("ip", "nsenter", "ssh", "ssh-keygen", "sshd", "unshare")
_NETWORK = "10.213.7"  # of the hosts alone: nothing leads there or away
_HOME = Path(pwd.getpwuid(os.getuid()).pw_dir)  # what SSH takes, whatever HOME says
_SBIN = "/usr/sbin:/sbin"
# What a host is: its name, its hosts file, and the keys in place of the user's, until sshd ends.
# What the user's shell does when it starts is left out: a host without power may leave its locks.
# All processes of the host end with it, as it is their first one.
_START = """
hostname {name}
mount --bind {folder}/hosts-{name} /etc/hosts
mount --bind {folder}/ssh {home}/.ssh
[ ! -e {home}/.bashrc ] || mount --bind /dev/null {home}/.bashrc
{more}
exec {sshd} -D -e -f /dev/null {options} -h {folder}/host_key -o PidFile=none -o UsePAM=no \
    -o PermitRootLogin=yes -o StrictModes=no -o MaxStartups=100 \
    -o AuthorizedKeysFile={folder}/ssh/id_ed25519.pub
"""


@dataclass(slots=True)
class Host:
    """One host: what others call it, its namespace, and what it is started with.

    Attributes:
        start: The shell script that makes it what it is, and ends with sshd.
        keeper: The process that keeps it, while it has power.
    """

    name: str
    namespace: str
    folder: Path
    start: str
    keeper: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def boot(self) -> None:
        """Give it power, and a link."""
        for link in ("lo", "eth0"):
            _ip("-n", self.namespace, "link", "set", link, "up")
        inside = ("unshare", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc")
        words = ("netns", "exec", self.namespace, *inside, "sh", "-ec", self.start)
        with (self.folder / f"sshd-{self.name}.log").open("ab") as log:
            self.keeper = subprocess.Popen(["ip", *words], stdout=log, stderr=log)

    def marked(self, *words: str) -> list[psutil.Process]:
        """The processes on it that a run has started, or those whose command has some words."""
        found = []
        for process in map(psutil.Process, map(int, _ip("netns", "pids", self.namespace).split())):
            with suppress(psutil.Error):
                command = process.cmdline()
                if MARK in process.environ() and all(any(w in c for c in command) for w in words):
                    found.append(process)
        return found

    @property
    def first(self) -> int:
        """The process with which all others of the host end, as this machine counts them."""
        assert self.keeper
        deadline = time.monotonic() + 10
        while not (children := psutil.Process(self.keeper.pid).children()):
            assert time.monotonic() < deadline, self.name
            time.sleep(0.02)
        return children[0].pid

    def command(self, *words: str | Path) -> list[str]:
        """What runs a command there."""
        inside = ("--mount", "--uts", "--net", "--pid", f"--wd={os.getcwd()}")
        return ["nsenter", f"--target={self.first}", *inside, *map(str, words)]

    def run(self, *words: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command there, with some variables as well."""
        return subprocess.run(
            self.command(*words),
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            timeout=300,
        )

    def begin(self, *words: str | Path) -> subprocess.Popen[str]:
        """Start a command there; what it prints is to be read."""
        return subprocess.Popen(
            self.command(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def ip(self, *words: str) -> None:
        """Set up its network."""
        _ip("-n", self.namespace, *words)

    def cut(self) -> None:
        """Cut its link: the others hear nothing more from it, and it nothing from them."""
        self.ip("link", "set", "eth0", "down")

    def power_off(self) -> None:
        """End all that runs on it at once; the others hear nothing of that."""
        self.cut()
        self.stop()

    def stop(self) -> None:
        """End all that runs on it."""
        if self.keeper:
            if self.keeper.poll() is None:
                os.kill(self.first, signal.SIGKILL)
            self.keeper.kill()
            self.keeper.wait()
            self.keeper = None


@contextmanager
def hosts(
    folder: Path,
    names: Sequence[str],
    own: Mapping[str, str] = {},
    more: Mapping[str, str] = {},
    options: Mapping[str, str] = {},
) -> Iterator[list[Host]]:
    """Some hosts that reach each other; their files go to a folder.

    Args:
        folder: An empty one.
        names: What they are called.
        own: The address that the hosts file of one gives for its own name, where it is another.
        more: What else a shell does on one before sshd starts; FOLDER stands for the folder.
        options: More words for the sshd of one.
    """
    _require()
    key = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f")
    (folder / "ssh").mkdir(mode=0o700)
    for file in ("ssh/id_ed25519", "host_key"):
        subprocess.run([*key, folder / file], check=True)
    (_HOME / ".ssh").mkdir(mode=0o700, exist_ok=True)
    Path("/run/sshd").mkdir(exist_ok=True)
    switch, made = f"effpatch-{os.getpid()}", list[Host]()
    _ip("netns", "add", switch)
    try:
        _ip("-n", switch, "link", "add", "switch", "up", "type", "bridge")
        addresses = {name: f"{_NETWORK}.{at}" for at, name in enumerate(names, 1)}
        sshd = shutil.which("sshd", path=_SBIN)
        for name in names:
            known = {"localhost": "127.0.0.1", **addresses, name: own.get(name, addresses[name])}
            lines = (f"{address} {each}\n" for each, address in known.items())
            (folder / f"hosts-{name}").write_text("".join(lines))
            words, first = options.get(name, ""), more.get(name, "").replace("FOLDER", str(folder))
            folders = {"folder": folder, "home": _HOME}
            start = _START.format(name=name, sshd=sshd, more=first, options=words, **folders)
            host = Host(name, f"{switch}-{name}", folder, start)
            made.append(host)
            _connect(host, addresses[name], switch)
            host.boot()
        _wait_for(made)
        yield made
    finally:
        for host in made:
            host.stop()
        left = [each for each in _ip("netns", "list").split() if each.startswith(switch)]
        for namespace in left:
            _ip("netns", "delete", namespace)


def _require() -> None:
    path = os.pathsep.join((os.environ["PATH"], _SBIN))
    missing = [name for name in _PROGRAMS if not shutil.which(name, path=path)]
    if os.getuid() or missing:
        pytest.skip(f"hosts are made by root, with {', '.join(missing or _PROGRAMS)}")
    if subprocess.run(["unshare", "--net", "--mount", "--uts", "--pid", "-f", "true"]).returncode:
        pytest.skip("this machine allows no namespaces")


def _connect(host: Host, address: str, switch: str) -> None:
    """Make the namespace of a host, with a link to a switch."""
    name, namespace = host.name, host.namespace
    _ip("netns", "add", namespace)
    _ip("-n", switch, "link", "add", name, "type", "veth", "peer", "eth0", "netns", namespace)
    _ip("-n", switch, "link", "set", name, "master", "switch", "up")
    host.ip("address", "add", f"{address}/24", "dev", "eth0")


def _wait_for(made: Sequence[Host]) -> None:
    """Wait until the sshd of each host listens."""
    deadline = time.monotonic() + 20
    for host in made:
        log = host.folder / f"sshd-{host.name}.log"
        while "Server listening" not in log.read_text():
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)


def _ip(*words: str) -> str:
    done = subprocess.run(["ip", *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
