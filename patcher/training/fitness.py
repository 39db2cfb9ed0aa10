"""Whether a host can be used for a run, by what it tells of itself."""

import ipaddress
import re
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from patcher.training.causes import cause_in

Facts = Mapping[str, Any]  # what `scripts/host.py` prints of a host
_APART = 60  # seconds that clocks may differ
_SAME_STACK = "make the same stack there with `effpatch stack create`, or share its folder"
# What bash, zsh and dash say.
_ABSENT = re.compile("no such file|not found", re.IGNORECASE)
_SHOWN = 3  # of things that differ


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a host cannot be used: what was found, what was expected, and the cure."""

    found: str
    wanted: str
    cure: str

    def __str__(self) -> str:
        said = ", expected ".join(filter(None, (self.found, self.wanted)))
        return f"{said}; {self.cure}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run needs on each of its hosts.

    Attributes:
        workers: How many there are on all of them.
        folders: Of the modules that it runs, each with how a host gets them.
        patterns: Of its data files, each with the name of the flag that has it.
        least: How many files a flag has to name, where one is not enough.
        results: Where its results go, if all hosts have to see them; else None.
        interface: The network interface that the user names; "" for none.
        over_gloo: Whether workers find each other over Gloo.
    """

    workers: int
    folders: Mapping[Path, str]
    patterns: Mapping[str, str]
    least: Mapping[str, int] = field(default_factory=dict)
    results: Path | None = None
    interface: str = ""
    over_gloo: bool = True


def silence(said: str, python: Path) -> Fault:
    """Why a host told nothing of itself, by what SSH, its shell or a Python there said."""
    lines = said.splitlines()
    if cause := next(filter(None, map(cause_in, lines)), None):
        return Fault(cause.found, "", cause.cure)
    if shell := next((line for line in lines if str(python) in line), ""):
        absent = _ABSENT.search(shell)
        found = f"no {python} there" if absent else f"it cannot run its stack ({shell.strip()})"
        return Fault(found, "the same stack", _SAME_STACK)
    if any("No module named 'psutil'" in line for line in lines):
        return Fault("no Horovod in its stack", "the same stack", _SAME_STACK)
    last = lines[-1].strip() if lines else "it did not answer in time"
    return Fault(f"nothing can be run there ({last})", "", "run a command there by ssh, to see why")


def faults(facts: Facts, ours: Facts, data: Sequence[Any], wanted: Wanted) -> Iterator[Fault]:
    """Why a host cannot be used, but for its network; what it should have is what this one has.

    Args:
        facts: Of the host.
        ours: Of this machine.
        data: What the first host that has any file for a pattern has, for each of them.
        wanted: What the run needs.
    """
    yield from _stack(facts, ours)
    yield from _modules(facts, ours, wanted.folders)
    for (pattern, flag), theirs, first in zip(
        wanted.patterns.items(), facts["data"], data, strict=True
    ):
        yield from _data(flag, pattern, theirs, first, wanted.least.get(flag, 1))
    if wanted.results and not facts["sees"]:
        found = f"does not see what is in {wanted.results}"
        cure = "name a --model_dir in a folder that all hosts share"
        yield Fault(found, "the same folder on every host", cure)
    if facts["no_port"]:
        found = f"no free port ({facts['no_port']})"
        yield Fault(found, "one for each worker", "end what takes them, or widen the range")
    if abs(facts["ahead"]) > _APART:
        way = "ahead" if facts["ahead"] > 0 else "behind"
        found = f"its clock is {abs(facts['ahead']):.0f} s {way}"
        yield Fault(found, f"at most {_APART} s", "set it, or have it set by NTP")


def _stack(facts: Facts, ours: Facts) -> Iterator[Fault]:
    theirs, here = ({"Python": each["python"], **each["packages"]} for each in (facts, ours))
    differing = sorted(
        (name for name in theirs.keys() | here.keys() if theirs.get(name) != here.get(name)),
        key=lambda name: (name not in ("Python", "horovod"), "tensorflow" not in name, name),
    )
    if differing:
        found = [f"{name} {theirs[name]}" if name in theirs else f"no {name}" for name in differing]
        wanted = [f"{name} {here[name]}" if name in here else f"no {name}" for name in differing]
        yield Fault(_some(found), f"{_some(wanted)} as here", _SAME_STACK)


def _modules(facts: Facts, ours: Facts, folders: Mapping[Path, str]) -> Iterator[Fault]:
    pairs = zip(folders.items(), facts["modules"], ours["modules"], strict=True)
    for (folder, cure), theirs, here in pairs:
        names = sorted(theirs.keys() | here.keys())
        differing = [name for name in names if theirs.get(name) != here.get(name)]
        if differing and not theirs:
            yield Fault(f"no {folder} there", "the same modules as here", cure)
        elif differing:
            found = (
                f"{_some(differing)} in {folder} {'differs' if len(differing) == 1 else 'differ'}"
            )
            yield Fault(found, "the same modules as here", cure)


def _data(
    flag: str, pattern: str, theirs: Sequence[Any], first: Sequence[Any], least: int
) -> Iterator[Fault]:
    cure = "copy the data there, or share its folder"
    number, _, unreadable = theirs
    if not number:
        yield Fault(f"no file for --{flag}={pattern}", "the data on every host", cure)
    elif unreadable:
        found = f"cannot read {unreadable}, for --{flag}"
        yield Fault(found, "", "correct the link or the permissions of the file there")
    elif number < least:
        found = f"{number} file{'s' * (number > 1)} for --{flag}, and {least} workers"
        yield Fault(found, "at least one for each", "split the data into more, or lower --np")
    elif theirs != [*first]:
        found = f"{number} where the first host has {first[0]}"
        if number == first[0]:
            found = "of other sizes or names than on the first host"
        yield Fault(f"files for --{flag} are {found}", "the same data on every host", cure)


def own_name(facts: Facts) -> Iterator[Fault]:
    """Why other hosts cannot find a host by what it takes for its own address."""
    name, own = facts["name"], facts["own"]
    cure = f"in its /etc/hosts, give {name} the address that the other hosts use"
    wanted = "an address at which the other hosts can reach it"
    if not own:
        yield Fault(f"its own name `{name}` has no address", wanted, cure)
    elif ipaddress.ip_address(own).is_loopback:
        yield Fault(f"its own name `{name}` resolves to {own}", wanted, cure)
    elif not interface_of(facts, own):
        yield Fault(f"its own name `{name}` resolves to {own}, which is not its", wanted, cure)


def interface_of(facts: Facts, address: str) -> str:
    """The network interface of a host that has an address; "" for none."""
    links = facts["addresses"].items()
    return next((name for name, addresses in links if address in addresses), "")


def address_of(facts: Facts, name: str, interface: str) -> str:
    """The address of a host by which others reach it; "" where it has none that is known.

    That is the one of the network interface that the user names, else what the host takes for its
    own, which Gloo offers, else what its name means here.
    """
    candidates = [*facts["addresses"].get(interface, []), facts["own"]]
    with suppress(OSError):
        candidates.append(socket.gethostbyname(name))
    candidates += [each for link in facts["addresses"].values() for each in link]
    return next((each for each in candidates if _is_usable(facts, each)), "")


def _is_usable(facts: Facts, address: str) -> bool:
    own = bool(address) and interface_of(facts, address)
    return bool(own) and not ipaddress.ip_address(address).is_loopback


def no_interface(facts: Facts, name: str) -> Fault:
    """A host has no network interface of a name, or none with an address."""
    usable = [
        link for link, each in facts["addresses"].items() if any(_is_usable(facts, a) for a in each)
    ]
    found = f"no network interface {name} with an address; it has {_some(usable) or 'none'}"
    cure = "give it that name, or choose another with --network-interface"
    return Fault(found, "one of the same name on every host", cure)


def same_machine(name: str) -> Fault:
    """A host is one that is named already, where launchers count the workers of each."""
    cure = "name it once, with the slots of both"
    return Fault(f"is the same machine as {name}", "each host once", cure)


def no_way(name: str, address: str, port: int, why: str) -> Fault:
    """A host cannot connect to another."""
    cure = "let the hosts connect to each other on all ports from 1024 on, by firewall and route"
    return Fault(f"cannot connect to {name} at {address}:{port} ({why})", "", cure)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if names[_SHOWN:] else ""
    return f"{', '.join(names[:_SHOWN])}{more}"
