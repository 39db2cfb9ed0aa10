"""What stacks are made with, and what the Horovod of one was built with."""

import sys
from pathlib import Path

import pytest

makes_stacks = pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="a stack is made with Python 3.9 to 3.11"
)


def has_mpi(stack: Path) -> bool:
    """Whether it works over MPI: its library is linked with one."""
    (library,) = stack.glob("lib/python*/site-packages/horovod/tensorflow/mpi_lib*.so")
    return b"libmpi" in library.read_bytes()
