"""The hosts that workers run on, as the user names them and as launchers take them."""

import re
import socket
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import psutil

from patcher.errors import SelectionError, reason

_LARGEST = 1_000_000  # characters of a file of hosts
_NAME = r"\w[\w.-]*"  # one that begins with a dash would be an option of a launcher
_LISTED = re.compile(rf"({_NAME}):([1-9]\d*)")
# `host`, `host slots=8 max_slots=8` as horovodrun and Open MPI have it, or `host:8` as MPICH does.
_KEYS = r"max[_-]slots|slots[_-]max|user(?:name)?|port|ifname|binding|boards|\w+_per_\w+"
_OTHER = rf"(?:\s+(?:{_KEYS})=\w+)*"
_LINE = re.compile(rf"({_NAME})(?::([1-9]\d*)|{_OTHER}\s+slots=([1-9]\d*)|){_OTHER}")


class Host(NamedTuple):
    """A host, and how many workers it is for."""

    name: str
    slots: int


def parse(text: str) -> tuple[Host, ...]:
    """The hosts of a list such as `a:8,b:8`.

    Raises:
        SelectionError: It is not of that form, or names a host twice.
    """
    hosts = []
    for each in text.split(","):
        found = _LISTED.fullmatch(each.strip())
        if not found:
            wanted = "a host and its number of workers, as in a:8,b:8"
            raise SelectionError("--hosts", f"{each.strip()!r}", wanted)
        hosts.append(Host(found[1], int(found[2])))
    return _each_once("--hosts", hosts)


def read(file: Path) -> tuple[Host, ...]:
    """The hosts of a file with a line for each, such as `a slots=8`; comments begin with `#`.

    Raises:
        SelectionError: It cannot be read, has another line or no host, or names a host twice.
    """
    try:
        with file.open(encoding="utf-8-sig") as text:  # which may be a pipe
            lines = text.read(_LARGEST).splitlines()
    except OSError as error:
        raise SelectionError(str(file), f"cannot be read ({reason(error)})") from None
    except ValueError:
        raise SelectionError(str(file), "is not text in UTF-8", "a line for each host") from None
    hosts = []
    for number, line in enumerate(lines, 1):
        if words := line.partition("#")[0].strip():
            found = _LINE.fullmatch(words)
            if not found:
                wanted = "a host and its slots, as in `a slots=8`"
                raise SelectionError(f"{file}:{number}", repr(words), wanted)
            hosts.append(Host(found[1], int(found[2] or found[3] or 1)))
    if not hosts:
        raise SelectionError(str(file), "no host in it", "a line for each, as in `a slots=8`")
    return _each_once(str(file), hosts)


def written(hosts: Iterable[Host]) -> str:
    """Hosts as launchers take them: `a:8,b:8`."""
    return ",".join(f"{host.name}:{host.slots}" for host in hosts)


def slots(hosts: Iterable[Host]) -> int:
    """How many workers some hosts are for."""
    return sum(host.slots for host in hosts)


def others(hosts: Iterable[Host]) -> list[str]:
    """The names of those hosts that are not this machine."""
    return [host.name for host in hosts if not is_here(host.name)]


@cache
def is_here(name: str) -> bool:
    """Whether a name is that of this machine, by its addresses, as launchers decide it."""
    if name in ("localhost", socket.gethostname()):
        return True
    try:
        address = socket.gethostbyname(name)
    except OSError:
        return False
    links = psutil.net_if_addrs().values()
    return address in {each.address for link in links for each in link}


def _each_once(place: str, hosts: Sequence[Host]) -> tuple[Host, ...]:
    (name, times), *_ = Counter(host.name for host in hosts).most_common(1)
    if times > 1:
        raise SelectionError(place, f"names {name} {times} times", "each host once")
    return tuple(hosts)
