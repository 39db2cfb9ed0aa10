"""Tells, as JSON, what a Python has for training; run by that Python, 3.8 or newer.

Each part has its version and, where it cannot be used, the problem.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from glob import glob
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

# What else the upstream imports.
_MODULES = ("PIL", "absl", "cv2", "matplotlib", "pycocotools", "six", "yaml")


def main() -> None:
    """Print what there is; what libraries print goes to standard error."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    sys.path.pop(0)  # this file's own folder is not for import
    found = {
        "python": {"version": platform.python_version(), "problem": None},
        "tensorflow": _part(_tensorflow),
        "estimators": _part(_estimators),
        "horovod": _part(_horovod),
        "habana": _part(_habana),
        "imports": _part(_imports),
        "devices": _part(_devices),
    }
    json.dump(found, answers)


def _part(look: Any) -> dict[str, Any]:
    try:
        return {"version": None, "problem": None, **look()}
    except ModuleNotFoundError as error:
        return {"version": None, "problem": f"no module {error.name}"}
    # What libraries raise that do not fit each other; nothing else is to be taken for that.
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
    built = import_module("horovod.common.util")
    # Its own `extension_available` says yes to PyTorch where that is not even installed.
    (folder,) = horovod.__path__
    frameworks = [n for n in built.EXTENSIONS if glob(os.path.join(folder, n, "mpi_lib*"))]
    controllers = {"gloo": built.gloo_built, "mpi": built.mpi_built}
    return {
        "version": horovod.__version__,
        "problem": None if "tensorflow" in frameworks else "built without TensorFlow",
        "frameworks": frameworks,
        "controllers": [name for name, there in controllers.items() if there()],
    }


def _habana() -> dict[str, Any]:
    import_module("habana_frameworks.tensorflow").load_habana_module()
    try:
        return {"version": version("habana-tensorflow")}
    except PackageNotFoundError:
        return {"version": None}


def _imports() -> dict[str, Any]:
    missing = [name for name in _MODULES if not find_spec(name)]
    return {"problem": f"no module {', '.join(missing)}" if missing else None}


def _devices() -> dict[str, Any]:
    devices = import_module("tensorflow").config.list_physical_devices()
    return {"seen": [device.name.replace("/physical_device:", "") for device in devices]}


if __name__ == "__main__":
    main()
