"""How other hosts are reached, by effpatch and by the launcher that it starts."""

import shlex
from dataclasses import dataclass
from pathlib import Path

from patcher.errors import StackError
from patcher.training.isolation import find_program

# Nobody answers a question, a key that is new is kept, and one that has changed is refused; a host
# that is not heard from is given up after 25 s: Gloo, which waits for 30, does not name it.
_OPTIONS = (
    *("BatchMode=yes", "ConnectTimeout=10", "StrictHostKeyChecking=accept-new"),
    *("ServerAliveInterval=5", "ServerAliveCountMax=4"),
)


@dataclass(frozen=True, slots=True)
class Ssh:
    """The ways to reach hosts that differ from those in the user's own configuration.

    Attributes:
        port: The one of sshd; None for the usual one.
        identity: The file of the key; None for the usual ones.
        user: The name on the hosts; "" for the usual one.
    """

    port: int | None = None
    identity: Path | None = None
    user: str = ""

    def command(self, *words: str) -> list[str]:
        """What runs `words`, which are a host and a command, by SSH.

        Raises:
            StackError: There is no program for that.
        """
        program = find_program("ssh")
        if program is None:
            advice = "install it (Debian: apt install openssh-client)"
            raise StackError("PATH", "no ssh", "one to reach other hosts", advice)
        options = [word for option in _OPTIONS for word in ("-o", option)]
        options += ["-p", str(self.port)] if self.port else []
        options += ["-i", str(self.identity.absolute())] if self.identity else []
        options += ["-l", self.user] if self.user else []
        return [program, *options, *words]

    def write_program(self, folder: Path) -> None:
        """Write a program `ssh` into a folder, for launchers, which have no such options."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "ssh"
        file.write_text(f'#!/bin/sh\nexec {shlex.join(self.command())} "$@"\n', "utf-8")
        file.chmod(0o755)
