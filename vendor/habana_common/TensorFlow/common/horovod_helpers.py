"""Horovod for a process that may be one worker of many, or alone.

Every module binds `hvd` once, when it imports it. So what it is follows from how the process was
launched: one of several workers gets Horovod's own module, loaded here and now, or an error if it
is missing; a process by itself gets a stand-in that needs no Horovod, and turns to it if asked to.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from TensorFlow.common.library_loader import load_habana_module

# What tells the number of workers, the closest launcher first: Horovod, Open MPI, MVAPICH2, the
# other MPIs, and srun.
_SIZES = (
    "HOROVOD_SIZE",
    "OMPI_COMM_WORLD_SIZE",
    "MV2_COMM_WORLD_SIZE",
    "PMI_SIZE",
    "SLURM_STEP_NUM_TASKS",
)
_ALONE = {"size": 1, "rank": 0, "local_size": 1, "local_rank": 0, "is_initialized": False}


class HorovodMissing(ImportError):
    """Horovod is needed and not installed."""

    def __init__(self, needed: str) -> None:
        super().__init__(
            f"{needed}, and Horovod is not installed for {sys.executable}; install it there with "
            "HOROVOD_WITH_TENSORFLOW=1 pip install --no-build-isolation horovod==0.28.1"
        )


class WorkersApart(RuntimeError):
    """The workers that were launched together do not find each other."""

    def __init__(self, found: int) -> None:
        super().__init__(
            f"this is one of {_workers} workers ({_variable}), and Horovod finds {found}, so each "
            "would train for itself; launch them with horovodrun --gloo, or install Horovod with "
            "HOROVOD_WITH_MPI=1"
        )


def horovod_enabled() -> bool:
    """Whether this process is one of several workers, initialised or not."""
    return _workers > 1 or (_initialised and _horovod("").size() > 1)


def hvd_init() -> None:
    """Initialise Horovod; a process that nothing launched becomes its only worker.

    Raises:
        HorovodMissing: There is none.
        WorkersApart: It cannot talk to the other workers, as a build without MPI under `mpirun`.
    """
    global _initialised
    module = _horovod("hvd_init() starts Horovod")
    module.init()
    if module.size() < _workers:
        raise WorkersApart(module.size())
    _initialised = True


def _horovod(needed: str) -> ModuleType:
    """Horovod's module; on an HPU it wants Habana's to be loaded first."""
    load_habana_module()
    try:
        return import_module("horovod.tensorflow")
    except ModuleNotFoundError as error:
        if error.name not in ("horovod", "horovod.tensorflow"):
            raise
        raise HorovodMissing(needed) from None


class _Alone:
    """`hvd` in a process by itself: the one worker, until `hvd_init()` has asked Horovod.

    All else is Horovod's, which is loaded for it.

    Raises:
        HorovodMissing: Something else was asked for, and there is no Horovod.
    """

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # how Python looks at any object
            raise AttributeError(name)
        if name in _ALONE and not _initialised:
            return lambda: _ALONE[name]
        return getattr(_horovod(f"hvd.{name} is Horovod's"), name)


def _launched() -> tuple[str, int]:
    """The variable that tells the number of workers, and that number; 1 where none does."""
    name = next((name for name in _SIZES if os.environ.get(name)), "")
    return name, int(os.environ[name]) if name else 1


_initialised = False
_variable, _workers = _launched()
hvd: Any = (
    _horovod(f"this is one of {_workers} workers ({_variable})") if _workers > 1 else _Alone()
)
