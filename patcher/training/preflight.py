"""What every host of a run has for it, asked of all at the same time before anything starts."""

import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkstemp

from patcher.errors import HostError, StackError, WriteError, reason
from patcher.training import fitness, processes
from patcher.training.fitness import Facts, Fault, Wanted
from patcher.training.hosts import Host, is_here, slots
from patcher.training.remote import Conversation, on_each, start
from patcher.training.ssh import Ssh

_HERE = "localhost"  # this machine, where the user names no host
_NAMED = ("tensorflow", "tensorflow-cpu", "horovod", "habana-tensorflow")  # in a summary


@dataclass(slots=True)
class Inspection:
    """What was found on a host.

    Attributes:
        host: It has no slots where it only launches the others.
        facts: What it tells of itself; nothing where it does not answer.
        said: What was printed instead.
        address: The one by which others reach it; "" where it is alone.
        interface: The network interface that has the address.
    """

    host: Host
    facts: Facts = field(default_factory=dict)
    said: str = ""
    address: str = ""
    interface: str = ""
    faults: list[Fault] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """What it has, in words."""
        versions = self.facts["packages"]
        known = [f"{name} {versions[name]}" for name in _NAMED if name in versions]
        link = f"{self.address} by {self.interface}" if self.interface else ""
        clock = f"clock {self.facts['ahead']:+.1f} s" if self.address else ""
        return ", ".join(filter(None, (f"Python {self.facts['python']}", *known, link, clock)))


@dataclass(frozen=True, slots=True)
class Report:
    """What was found on all hosts of a run.

    Attributes:
        interface: The network interface by which they reach each other, if it has one name.
    """

    inspections: Sequence[Inspection]
    interface: str

    @property
    def fit(self) -> tuple[Host, ...]:
        """The hosts that can be used."""
        return tuple(each.host for each in self.inspections if not each.faults and each.host.slots)

    def require(self, least: int | None) -> tuple[Host, ...]:
        """The hosts that can be used, which have to be enough for some workers; None for all hosts.

        Raises:
            HostError: They are not; with the fault of the first that cannot be used.
        """
        unfit = [each for each in self.inspections if each.faults]
        too_few = least is None or slots(self.fit) < least
        if unfit and (too_few or any(not each.host.slots for each in unfit)):
            fault, more = unfit[0].faults[0], sum(len(each.faults) for each in unfit) - 1
            cure = fault.cure + (f"; the table shows {more} more" if more else "")
            raise HostError(unfit[0].host.name, fault.found, fault.wanted, cure)
        return self.fit


def inspect(places: Sequence[Host], python: Path, ssh: Ssh, wanted: Wanted) -> Report:
    """What each of some hosts has for a run, and what it lacks of what this machine has.

    Nothing is changed, but for a file that is in the folder of the results meanwhile.
    """
    rows = [*map(Inspection, places or [Host(_HERE, wanted.workers)])]
    if not any(is_here(row.host.name) for row in rows):
        rows.insert(0, Inspection(Host(_HERE, 0)))  # launches, and does not work

    def begin(row: Inspection) -> Conversation:
        return Conversation(start(python, row.host.name, ssh, "host"))

    with processes.signals(), _shown(wanted.results) as file:
        talks = list[Conversation]()
        try:
            talks.extend(map(begin, rows))  # keeps those before one that fails
            pairs = [*zip(rows, talks, strict=True)]
            on_each(pairs, lambda pair: _ask(*pair, wanted, file), _give_up)
            interface = _check(rows, python, wanted)
            if len(rows) > 1:
                _connect(rows, talks)
        finally:
            for talk in talks:
                talk.end()
    return Report(rows, interface)


@contextmanager
def _shown(results: Path | None) -> Iterator[str]:
    """A file in a folder, or above one that does not exist yet, for other hosts to look for."""
    if not results:
        yield ""
        return
    folder = next(each for each in (results, *results.parents) if each.is_dir())
    try:
        descriptor, name = mkstemp(prefix=".effpatch-", dir=folder)
    except OSError as error:
        advice = "make it writable, or name another --model_dir"
        found = f"cannot be written ({reason(error)})"
        raise WriteError(str(folder), found, next_step=advice) from None
    os.close(descriptor)
    try:
        yield name
    finally:
        os.unlink(name)


def _ask(row: Inspection, talk: Conversation, wanted: Wanted, file: str) -> None:
    """Get the facts of a host, where it tells them."""
    folders, patterns = [*map(str, wanted.folders)], [*wanted.patterns]
    answer = talk.ask({"folders": folders, "patterns": patterns, "file": file})
    if answer:
        row.facts = {**answer, "ahead": answer["time"] - time.time()}
    else:
        row.said = talk.end()


def _check(rows: Sequence[Inspection], python: Path, wanted: Wanted) -> str:
    """Add the faults of each host; gives the network interface of all, where it has one name."""
    answering = [row for row in rows if row.facts]
    here = next((row.facts for row in answering if is_here(row.host.name)), None)
    if here is None:
        fault = fitness.silence(next(row.said for row in rows if is_here(row.host.name)), python)
        raise StackError(str(python), fault.found, fault.wanted, fault.cure)
    known = [row.facts["data"] for row in answering if row.host.slots]
    data = [next((has for has in each if has[0]), each[0]) for each in zip(*known, strict=True)]
    for row in rows:
        if not row.facts:
            row.faults.append(fitness.silence(row.said, python))
        elif row.host.slots:
            row.faults += fitness.faults(row.facts, here, data, wanted)
    if len(rows) == 1:
        return wanted.interface
    for row in answering:
        if row.host.slots and wanted.over_gloo:
            row.faults += fitness.own_name(row.facts)
        row.address = fitness.address_of(row.facts, row.host.name, wanted.interface)
        row.interface = fitness.interface_of(row.facts, row.address)
    _tell_apart(answering)
    return _interface(answering, wanted)


def _tell_apart(rows: Sequence[Inspection]) -> None:
    """Add a fault to a host that is the machine of one before, under another name."""
    known: dict[tuple[str, str], str] = {}
    for row in rows:
        if row.host.slots and row.address:
            first = known.setdefault((row.facts["name"], row.address), row.host.name)
            if first != row.host.name:
                row.faults.append(fitness.same_machine(first))


def _interface(rows: Sequence[Inspection], wanted: Wanted) -> str:
    """The network interface by which hosts reach each other; adds a fault to those without it."""
    names = Counter(row.interface for row in rows if row.interface)
    common = wanted.interface or max(names, key=names.__getitem__, default="")
    for row in rows:
        if not common or row.facts["addresses"].get(common):
            continue
        if wanted.interface or wanted.over_gloo:
            row.faults.append(fitness.no_interface(row.facts, common))
        else:
            return ""  # Open MPI finds those of each host
    return common


def _connect(rows: Sequence[Inspection], talks: Sequence[Conversation]) -> None:
    """Have each host that answers connect to all others; adds a fault where it cannot."""
    places = {
        row.host.name: (row.address, row.facts["port"])
        for row in rows
        if row.address and row.facts["port"]
    }

    def connect(pair: tuple[Inspection, Conversation]) -> None:
        row, talk = pair
        if row.facts and row.facts["port"]:
            others = {name: place for name, place in places.items() if name != row.host.name}
            for name, why in (talk.ask(others) or {}).items():
                row.faults.append(fitness.no_way(name, *places[name], why))

    on_each([*zip(rows, talks, strict=True)], connect, _give_up)


def _give_up(pair: tuple[Inspection, Conversation]) -> None:
    pair[1].give_up()
