"""How the program that trains is started: its command and its environment."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from patcher.training.interpreter import Interpreter
from patcher.tree.runtime import FOLDER

# What workers started by mpirun get of the environment, which horovodrun passes on whole.
_PASSED_ON = ("PATH", "PYTHONPATH", "PYTHONUNBUFFERED", "EFFPATCH_DEVICE")


@dataclass(frozen=True, slots=True)
class Launch:
    """One run of a program, by one worker or many.

    Attributes:
        program: The file to run.
        python: What runs it.
        arguments: The program's own.
        workers: How many take part.
        hosts: Where, as `host:slots,host:slots`; "" for this machine.
        launcher: What starts several: `horovodrun` or `mpirun`.
        device: What to train on: `hpu`, `cpu` or `auto`.
    """

    program: Path
    python: Interpreter
    arguments: tuple[str, ...]
    workers: int = 1
    hosts: str = ""
    launcher: str = "horovodrun"
    device: str = "auto"

    @property
    def command(self) -> list[str]:
        """What to run.

        Raises:
            NoLauncher: The launcher is not there.
        """
        alone = [str(self.python.path), str(self.program), *self.arguments]
        if not self.is_shared:
            return alone
        hosts = ["-H", self.hosts] if self.hosts else []
        start = [self.python.launcher(self.launcher), "-np", str(self.workers), *hosts]
        if self.launcher == "mpirun":
            start += ["--tag-output", "-bind-to", "none", "-map-by", "slot"]
            start += [word for name in _PASSED_ON for word in ("-x", name)]
        return start + alone

    @property
    def is_shared(self) -> bool:
        """Whether it takes a launcher."""
        return self.workers > 1 or bool(self.hosts)

    @property
    def is_local(self) -> bool:
        """Whether all workers run on this machine."""
        names = {host.rpartition(":")[0] for host in self.hosts.split(",") if host}
        return names <= {"localhost", "127.0.0.1", socket.gethostname()}

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables to run it with; our runtime comes behind any other `TensorFlow.common`."""
        path = [*filter(None, [os.environ.get("PYTHONPATH")]), str(FOLDER)]
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(path),
            "PYTHONUNBUFFERED": "1",
            "EFFPATCH_DEVICE": self.device,
        }

    def check(self) -> None:
        """See that it can be started.

        Raises:
            PatchError: A module or the launcher is missing.
        """
        self.python.require(["tensorflow", "tensorflow_estimator"])
        if self.is_shared:
            self.python.require(["horovod"])
            self.python.launcher(self.launcher)
