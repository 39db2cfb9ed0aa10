"""What the Horovod of an environment was built with."""

from pathlib import Path


def has_mpi(stack: Path) -> bool:
    """Whether it works over MPI: its library is linked with one."""
    (library,) = stack.glob("lib/python*/site-packages/horovod/tensorflow/mpi_lib*.so")
    return b"libmpi" in library.read_bytes()
