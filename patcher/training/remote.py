"""Runs the scripts in `scripts/` on the hosts of a training, by SSH where that is another one."""

import json
import shlex
import signal
import subprocess
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Any, TypeVar

from patcher.training import hosts
from patcher.training.isolation import python_command
from patcher.training.ssh import Ssh
from patcher.training.stack import SCRIPTS
from patcher.training.variables import passed_on

_H = TypeVar("_H")
_T = TypeVar("_T")
_AT_ONCE = 64  # hosts contacted in parallel
_PATIENCE = 60  # seconds for all that a script does
AGENT = "SSH_AUTH_SOCK"  # by which SSH finds the user's keys


def start(python: Path, host: str, ssh: Ssh, script: str, *words: str) -> subprocess.Popen[str]:
    """A script in `scripts/`, named without its suffix, as a process on a host; pipes lead to it.

    It is sent there as a word, and run by the Python of the stack, which is in the same place.
    """
    source = (SCRIPTS / f"{script}.py").read_text("utf-8")
    command = python_command(python.absolute(), "-c", source, *words)
    return subprocess.Popen(
        command if hosts.is_here(host) else ssh.command(host, shlex.join(command)),
        env=passed_on([AGENT]),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,  # Ctrl-C is for this process, which ends others
    )


def on_each(
    places: Sequence[_H], do: Callable[[_H], _T], give_up: Callable[[_H], None] | None = None
) -> list[_T]:
    """What a function returns for each of some hosts, called for all in parallel.

    If that is interrupted, `give_up` is called for each host, to end what the function waits for.
    """
    with ThreadPoolExecutor(min(len(places), _AT_ONCE) or 1) as pool:
        try:
            return list(pool.map(do, places))
        except BaseException:
            if give_up:
                for each in places:
                    give_up(each)
            raise


class Conversation:
    """A script on a host that answers each line of JSON by one."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._late = Timer(_PATIENCE, process.kill)
        self._late.start()
        self._ended, self._errors = False, ""

    def ask(self, message: object) -> Any:
        """The answer to a message; None where there is none, as the script has ended.

        What a shell of the host prints before it is passed over.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(OSError):
            self._process.stdin.write(f"{json.dumps(message)}\n")
            self._process.stdin.flush()
            answer = next((line for line in self._process.stdout if line.startswith("{")), "")
            with suppress(ValueError):
                return json.loads(answer)
        return None

    def give_up(self) -> None:
        """Wait for no answer any more."""
        self._process.kill()

    def end(self) -> str:
        """Let the script end; what it, SSH or a shell printed as an error."""
        if not self._ended:
            _, self._errors = self._process.communicate()
            self._late.cancel()
            self._ended = True
            if self._process.returncode == -signal.SIGKILL:
                self._errors += f"\nno answer within {_PATIENCE} s"
        return self._errors.strip()


@dataclass(slots=True)
class Elsewhere:
    """What a run has started on hosts that are not this machine.

    Attributes:
        first: The host of the first worker, if it is one of them.
        unreached: Those that could not be reached to end what runs there.
    """

    python: Path
    names: Sequence[str]
    ssh: Ssh
    first: str | None
    unreached: list[str] = field(default_factory=list)

    def ask_first(self, mark: str, worker: Sequence[str]) -> int:
        """Request the first worker to end; gives how many processes that are there."""
        return self._counted(self.first, "ask", mark, *worker) or 0 if self.first else 0

    def end(self, mark: str) -> None:
        """End every process that has a mark."""
        ended = on_each(self.names, lambda name: self._counted(name, "end", mark))
        self.unreached += [
            name for name, count in zip(self.names, ended, strict=True) if count is None
        ]

    def _counted(self, name: str, *words: str) -> int | None:
        process = start(self.python, name, self.ssh, "marked", *words)
        late = Timer(_PATIENCE, process.kill)
        late.start()
        output, _ = process.communicate()
        late.cancel()
        *_, last = ["", *output.split()]
        return int(last) if last.isdigit() else None


def elsewhere(python: Path, found: Iterable[hosts.Host], ssh: Ssh) -> Elsewhere | None:
    """What runs on those of some hosts that are not this machine; None where all are."""
    listed = [*found]
    names = hosts.others(listed)
    first = listed[0].name if listed and listed[0].name in names else None
    return Elsewhere(python, names, ssh, first) if names else None
