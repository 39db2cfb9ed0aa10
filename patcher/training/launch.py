"""How a training program is started: its command and its environment."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from patcher.errors import StackError
from patcher.training.interpreter import find_launcher, installed

# The variables that mpirun is told to pass on to workers; horovodrun passes on all.
_PASSED_ON = ("PATH", "PYTHONPATH", "PYTHONUNBUFFERED", "EFFPATCH_DEVICE")


@dataclass(frozen=True, slots=True)
class Launch:
    """One run of a program, by one worker or several.

    Attributes:
        hosts: Where, as `host:slots,host:slots`; "" for this machine.
        launcher: What starts several, one of LAUNCHERS.
        device: What to train on, one of DEVICES.
        runtime: A folder for the end of PYTHONPATH, with modules that the program imports.
    """

    program: Path
    python: Path
    arguments: tuple[str, ...] = ()
    workers: int = 1
    hosts: str = ""
    launcher: str = "horovodrun"
    device: str = "auto"
    runtime: Path | None = None

    @property
    def command(self) -> list[str]:
        """What to run.

        Raises:
            StackError: The launcher is missing.
        """
        alone = [str(self.python), str(self.program), *self.arguments]
        if not self._needs_launcher:
            return alone
        hosts = ["-H", self.hosts] if self.hosts else []
        start = [find_launcher(self.python, self.launcher), "-np", str(self.workers), *hosts]
        if self.launcher == "mpirun":
            start += ["--tag-output", "-bind-to", "none", "-map-by", "slot"]
            start += [word for name in _PASSED_ON for word in ("-x", name)]
        return start + alone

    @property
    def _needs_launcher(self) -> bool:
        return self.workers > 1 or bool(self.hosts)

    @property
    def is_local(self) -> bool:
        """Whether all workers run on this machine."""
        names = {host.rpartition(":")[0] for host in self.hosts.split(",") if host}
        return names <= {"localhost", "127.0.0.1", socket.gethostname()}

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables to run it with."""
        path = filter(None, (os.environ.get("PYTHONPATH"), str(self.runtime or "")))
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(path),
            "PYTHONUNBUFFERED": "1",
            "EFFPATCH_DEVICE": self.device,
        }

    def check(self) -> None:
        """Check that it can be started.

        Raises:
            StackError: A module or the launcher is missing.
        """
        horovod = ["horovod"] if self._needs_launcher else []
        found = installed(self.python, "tensorflow", "tensorflow_estimator", *horovod)
        if found.missing:
            missing = f"no module {' and no '.join(found.missing)}"
            wanted = "TensorFlow up to 2.15, which has estimators, and Horovod for several workers"
            advice = "name another environment with --stack or EFFPATCH_STACK, or make one with "
            advice += "`effpatch stack create`"
            raise StackError(str(self.python), missing, wanted, advice)
        if self._needs_launcher:
            find_launcher(self.python, self.launcher)
