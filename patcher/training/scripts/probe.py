"""Prints, as JSON, what a Python has for training: `probe.py MODULE...`.

Each part has its version and, where it cannot be used, the problem. MODULE is what the upstream
imports besides TensorFlow and Horovod. It runs on the Python of a stack, 3.8 and newer, isolated.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from glob import glob
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any


def main() -> None:
    """Print what there is; what libraries print goes to standard error."""
    output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    found = {
        "python": {"version": platform.python_version(), "problem": None},
        "tensorflow": _part(_tensorflow),
        "estimators": _part(_estimators),
        "horovod": _part(_horovod),
        "habana": _part(_habana),
        "imports": _part(_imports),
        "devices": _part(_devices),
    }
    json.dump(found, output)


def _part(inspect: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return {"version": None, "problem": None, **inspect()}
    except ModuleNotFoundError as error:
        return {"version": None, "problem": f"no module {error.name}"}
    # What libraries raise that do not fit each other; anything else is a fault of this program.
    except (AttributeError, ImportError, OSError, RuntimeError, TypeError, ValueError) as error:
        reason = str(error).strip().split("\n")[0]
        return {"version": None, "problem": f"{type(error).__name__}: {reason}"}


def _tensorflow() -> dict[str, Any]:
    return {"version": import_module("tensorflow").__version__}


def _estimators() -> dict[str, Any]:
    tensorflow = import_module("tensorflow")
    if not hasattr(tensorflow.compat.v1, "estimator"):
        return {"problem": f"TensorFlow {tensorflow.__version__} has none"}
    return {"version": version("tensorflow-estimator")}


def _horovod() -> dict[str, Any]:
    horovod = import_module("horovod")
    util = import_module("horovod.common.util")
    # Horovod's `extension_available` is true for PyTorch even where that is not installed.
    (folder,) = horovod.__path__
    frameworks = [n for n in util.EXTENSIONS if glob(os.path.join(folder, n, "mpi_lib*"))]
    controllers = {"gloo": util.gloo_built, "mpi": util.mpi_built}
    return {
        "version": horovod.__version__,
        "problem": None if "tensorflow" in frameworks else "built without TensorFlow",
        "frameworks": frameworks,
        "controllers": [name for name, built in controllers.items() if built()],
    }


def _habana() -> dict[str, Any]:
    if not find_spec("habana_frameworks"):
        return {"problem": "no module habana_frameworks"}
    # In a process of its own, which the library ends by a signal where there is no device.
    load = "import habana_frameworks.tensorflow as module; module.load_habana_module()"
    done = subprocess.run([sys.executable, "-I", "-c", load], stderr=subprocess.PIPE, text=True)
    if done.returncode:
        lines = [line for line in done.stderr.split("\n") if line.strip()] or ["no output"]
        return {"problem": f"ended with {done.returncode} ({lines[-1].strip()})"}
    try:
        return {"version": version("habana-tensorflow")}
    except PackageNotFoundError:
        return {"version": None}


def _imports() -> dict[str, Any]:
    missing = [name for name in sys.argv[1:] if not find_spec(name)]
    return {"problem": f"no module {', '.join(missing)}" if missing else None}


def _devices() -> dict[str, Any]:
    devices = import_module("tensorflow").config.list_physical_devices()
    return {"seen": [device.name.replace("/physical_device:", "") for device in devices]}


if __name__ == "__main__":
    main()
