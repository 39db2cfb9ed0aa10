"""Loading the library that lets TensorFlow see HPUs."""

from __future__ import annotations

import os
import warnings
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

_VARIABLE = "EFFPATCH_DEVICE"


class HabanaMissing(ImportError):
    """An HPU was asked for, and its library is not installed."""

    def __init__(self) -> None:
        super().__init__(
            f"{_VARIABLE}=hpu, and habana_frameworks.tensorflow is not installed; install "
            f"habana-tensorflow, or set {_VARIABLE}=cpu"
        )


@lru_cache(maxsize=None)
def load_habana_module() -> None:
    """Let TensorFlow see the HPUs of this machine; once is enough.

    The environment variable EFFPATCH_DEVICE says what to do: `hpu` wants Habana's library,
    `cpu` leaves it alone, `auto`, the default, loads it where it is and else warns. A library
    that is there and cannot be loaded is always an error, and its own.

    Raises:
        HabanaMissing: The device is `hpu`, and the library is not installed.
        ValueError: EFFPATCH_DEVICE has another value.
    """
    device = os.environ.get(_VARIABLE, "auto")
    if device not in ("auto", "cpu", "hpu"):
        raise ValueError(f"{_VARIABLE} is {device!r}; set it to hpu, cpu or auto")
    if device == "cpu":
        return
    if _is_installed():
        import_module("habana_frameworks.tensorflow").load_habana_module()
    elif device == "hpu":
        raise HabanaMissing
    else:
        warnings.warn(
            "NO HPU: habana_frameworks.tensorflow is not installed, so TensorFlow goes on without; "
            f"set {_VARIABLE}=hpu to make this an error, or {_VARIABLE}=cpu to say no more",
            RuntimeWarning,
            stacklevel=2,
        )


def _is_installed() -> bool:
    # Of a package in a package, Python can only be asked where the outer one is. A folder without
    # `__init__.py` has no origin: it may be the one beside this runtime.
    found = find_spec("habana_frameworks") and find_spec("habana_frameworks.tensorflow")
    return bool(found and found.origin)
