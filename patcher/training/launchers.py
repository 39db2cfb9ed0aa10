"""How several workers are started: by horovodrun or mpirun, on this machine or other hosts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from patcher.errors import StackError
from patcher.training import HOROVODRUN, MPIRUN, hosts
from patcher.training.hosts import Host
from patcher.training.isolation import find_program, launcher_command
from patcher.training.scripts.marked import MARK
from patcher.training.ssh import Ssh
from patcher.training.variables import for_other_hosts

# For mpirun, unless the user sets them: transfers go over TCP, as by Horovod's own call of it; all
# daemons are started from this machine; and a host that is not heard from is given up after 25 s,
# not 480. What Open MPI 5 calls PRTE is given by its names there, which 4 passes over.
_KEEPALIVE = {"time": "10", "intvl": "5", "probes": "3"}
_KEEPALIVES = (
    "OMPI_MCA_oob_tcp_keepalive",
    "PRTE_MCA_oob_tcp_keepalive",
    "PRTE_MCA_prte_keepalive",
)
_PARAMETERS = {
    "OMPI_MCA_pml": "ob1",
    "OMPI_MCA_btl": "^openib",
    "OMPI_MCA_plm_rsh_no_tree_spawn": "1",
    "PRTE_MCA_plm_ssh_no_tree_spawn": "1",
    **{f"{name}_{part}": value for name in _KEEPALIVES for part, value in _KEEPALIVE.items()},
}
_INTERFACES = (
    *("OMPI_MCA_btl_tcp_if_include", "OMPI_MCA_oob_tcp_if_include"),
    "PRTE_MCA_prte_if_include",
)


@dataclass(frozen=True, slots=True)
class Launch:
    """How the workers of a run are started.

    Attributes:
        hosts: Where they run; none for this machine.
        program: The launcher, one of LAUNCHERS.
        interface: The network interface by which hosts reach each other; "" for any.
        words: More words for the launcher, which come after its others.
        as_root: Whether mpirun may run as root.
        binding: What mpirun binds each worker to.
    """

    workers: int = 1
    hosts: tuple[Host, ...] = ()
    program: str = HOROVODRUN
    interface: str = ""
    ssh: Ssh = field(default_factory=Ssh)
    words: tuple[str, ...] = ()
    as_root: bool = False
    binding: str = "none"

    @property
    def is_needed(self) -> bool:
        """Whether it takes a launcher, and not just the program."""
        return self.workers > 1 or bool(self.hosts)

    @property
    def variables(self) -> dict[str, str]:
        """What the launcher is to be given by its environment, where the user gives no other."""
        if self.program != MPIRUN or not self.is_needed:
            return {}
        return _PARAMETERS | dict.fromkeys(_INTERFACES if self.interface else (), self.interface)

    @property
    def places(self) -> str:
        """How many workers there are, and on how many hosts, in words; "" without a launcher."""
        if not self.is_needed:
            return ""
        workers = f"{self.workers} worker{'s' * (self.workers > 1)}"
        return f"{workers} on {len(self.hosts)} hosts" if len(self.hosts) > 1 else workers

    def command(
        self, python: Path, variables: Mapping[str, str], passed_on: Sequence[str]
    ) -> list[str]:
        """What starts the workers, but for the command of each.

        Args:
            python: That of the stack, which has launchers beside it.
            variables: Those to run with.
            passed_on: What the user wants to have passed on besides those on the list.

        Raises:
            StackError: The launcher is missing.
        """
        start = find_program(self.program, python.parent)
        if start is None:
            found = f"neither in {python.parent} nor on PATH"
            advice = "install it, or choose another with --launcher"
            raise StackError(self.program, found, "a launcher for several workers", advice)
        if self.program == MPIRUN:
            options = self._for_mpirun(for_other_hosts(variables, passed_on))
        else:
            options = self._for_horovodrun()
        number = ["-np", str(self.workers)]
        where = ["-H", hosts.written(self.hosts)] if self.hosts else []
        return [*launcher_command(python, start), *number, *where, *options, *self.words]

    def _for_horovodrun(self) -> list[str]:
        """Over Gloo, which it would not choose with a Horovod that is built with MPI as well.

        Where the hosts that are left are this machine, it finds no interface by its name.
        """
        is_alone = self.hosts and not hosts.others(self.hosts)
        if is_alone or not self.interface:
            return ["--gloo"]
        return ["--gloo", "--network-interfaces", self.interface]

    def _for_mpirun(self, names: Sequence[str]) -> list[str]:
        options = ["--allow-run-as-root"] if self.as_root else []
        options += ["--tag-output", "--bind-to", self.binding, "--map-by", "slot"]
        return options + [word for name in (*names, MARK) for word in ("-x", name)]
