"""Whether mpirun can start the workers of a run on this machine, said before anything starts."""

import os
from collections.abc import Mapping
from mmap import ACCESS_READ, mmap
from pathlib import Path

from patcher.errors import StackError
from patcher.training import MPIRUN
from patcher.training.launchers import Launch
from patcher.training.stack import origins

# By which Open MPI 4 and 5 let root run it; both of a pair are needed.
_FOR_ROOT = (
    ("OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"),
    ("PRTE_ALLOW_RUN_AS_ROOT", "PRTE_ALLOW_RUN_AS_ROOT_CONFIRM"),
)
_LINKED = b"libmpi"  # in the name of a library that it needs, of any MPI
_OTHER = "leave out --launcher mpirun"


def require(python: Path, launch: Launch, variables: Mapping[str, str]) -> None:
    """Check that mpirun may run and that Horovod finds its workers; other launchers always may.

    Args:
        python: That of the stack.
        launch: How the workers are started.
        variables: Those that mpirun is run with.

    Raises:
        StackError: It may not, or Horovod was built without MPI.
    """
    if launch.program != MPIRUN or not launch.is_needed:
        return
    if os.geteuid() == 0 and not launch.as_root and not _lets_root(variables):
        advice = f"run as another user, pass --allow-run-as-root, or {_OTHER}"
        raise StackError(MPIRUN, "does not run as root", next_step=advice)
    if _lacks_mpi(python):
        advice = f"{_OTHER}, or make a stack with `effpatch stack create --mpi`"
        raise StackError(str(python), "its Horovod was built without MPI", "one with", advice)


def _lets_root(variables: Mapping[str, str]) -> bool:
    return any(all(variables.get(name) == "1" for name in pair) for pair in _FOR_ROOT)


def _lacks_mpi(python: Path) -> bool:
    """Whether Horovod is known to be built without MPI: no library of it needs one of MPI."""
    found = origins(python, [], ["horovod.tensorflow"])["horovod.tensorflow"]
    libraries = [*Path(found).parent.glob("mpi_lib*.so")] if found else []
    return bool(libraries) and not any(map(_is_linked, libraries))


def _is_linked(library: Path) -> bool:
    """Whether a library needs one of MPI; so it may where it cannot be read, or is empty."""
    try:
        with library.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
            return content.find(_LINKED) >= 0
    except (OSError, ValueError):
        return True
