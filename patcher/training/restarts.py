"""A run that goes on from its last checkpoint where a worker, a host or the launcher is lost.

The launcher has something of the kind, `horovodrun --min-np`, for programs that keep their state in
an object of Horovod's, which it moves to the workers that are left. An estimator has none: it takes
everything from its checkpoint when it starts. So all workers are started again.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from patcher.errors import HostError, LostError, StackError, StoppedError
from patcher.training import hosts, processes, program
from patcher.training.preflight import Report
from patcher.training.session import Session

_FIRST, _LONGEST = 5, 300  # seconds before a restart; without a new checkpoint, they double


@dataclass(frozen=True, slots=True)
class Restarts:
    """When a run is started again.

    Attributes:
        most: How often, at most.
        least: With how many workers, at least; None for all of them, on all hosts.
    """

    most: int = 0
    least: int | None = None

    @property
    def may_move(self) -> bool:
        """Whether the first worker, which saves checkpoints, may come to be on another host."""
        return self.least is not None


@dataclass(slots=True)
class Job:
    """A session that is run to its end, in one part or, with restarts, in several.

    Attributes:
        session: One that is planned.
        find: Looks at all hosts of the session.
    """

    session: Session
    restarts: Restarts
    find: Callable[[], Report]
    _part: Session | None = None

    def look(self) -> Report | None:
        """What is found on its hosts; None where they all are this machine."""
        return self.find() if hosts.others(self.session.launch.hosts) else None

    def place(self, found: Report | None) -> None:
        """Decide where the next part runs: on those of its hosts that can be used.

        Raises:
            HostError: They are not enough.
            StackError: It is not known at which step fewer workers would have to end.
        """
        if self.restarts.may_move and self.session.progress.total is None:
            unknown = "it is not known at which step training ends, for --min-np"
            advice = "pass --num_epochs, --num_examples_per_epoch and --train_batch_size in ARGS"
            raise StackError("ARGS", unknown, next_step=advice)
        self._part = self.session
        if found:
            usable = found.require(self.restarts.least)
            workers = min(self.session.launch.workers, hosts.slots(usable))
            self._part = _on_hosts(self.session, usable, workers, found.interface)

    def run(self, on_line: Callable[[str], None], tell: Callable[[str], None]) -> None:
        """Run it to its end, again from its last checkpoint where something of it is lost.

        Each line that is printed goes to `on_line`, and what to say of a restart to `tell`.

        Raises:
            PatchError: It failed, was stopped, or was lost more often than it may be.
        """
        pause, saved = _FIRST, self.session.last_checkpoint
        while True:
            try:
                if not self._part:
                    self._place_again(tell)
                assert self._part
                self._part.run(on_line)
                return
            except LostError as error:
                progress = self.session.progress
                if progress.restarts == self.restarts.most:
                    raise
                before, saved = saved, self.session.last_checkpoint
                pause = _FIRST if before != saved else pause
                self._announce(error.found, pause, saved, tell)
            progress.start_again(progress.total, progress.places)
            self._part = None
            with _stoppable(self.session):
                time.sleep(pause)
            pause = min(2 * pause, _LONGEST)

    def _announce(self, why: str, pause: int, saved: str, tell: Callable[[str], None]) -> None:
        number = f"restart {self.session.progress.restarts + 1} of {self.restarts.most}"
        source = f"from {saved}" if saved else "from the beginning, as nothing was saved"
        said = f"{why}; {number} in {pause} s, {source}"
        processes.append(self.session.log, f"effpatch: {said}")
        tell(f"{self.session.folder}: {said}")

    def _place_again(self, tell: Callable[[str], None]) -> None:
        try:
            with _stoppable(self.session):
                found = self.look()
            self.place(found)
        except HostError as error:
            why = f"training cannot start again: {error.place}: {error.found}"
            advice = f"{error.next_step}{self.session.continuation}"
            raise LostError(str(self.session.log), why, error.wanted, advice) from None
        for each in found.inspections if found else ():
            for fault in each.faults[:1]:
                tell(f"{each.host.name}: left out: {fault}")


def _on_hosts(
    session: Session, usable: tuple[hosts.Host, ...], workers: int, interface: str
) -> Session:
    """A session with some workers on some of its hosts, which ends at the same step."""
    before, arguments = session.launch.workers, session.arguments
    if workers != before:
        arguments = program.for_workers(session.program, arguments, before, workers)
    launch = replace(session.launch, hosts=usable, workers=workers, interface=interface)
    session.progress.places = launch.places
    session.progress.total = program.last_step(session.program, arguments, workers)
    return replace(session, launch=launch, arguments=arguments)


@contextmanager
def _stoppable(session: Session) -> Iterator[None]:
    """Have Ctrl-C and a request to end be the end of a session of which nothing runs."""
    try:
        with processes.signals():
            yield
    except KeyboardInterrupt:
        found = "training was interrupted before it was started again"
        raise StoppedError(str(session.log), found, next_step=session.advice) from None
