"""Prints, as JSON, what a Python has for training: `probe.py GROUP WORD...`.

A group is what is probed in one process: `python`; `tensorflow`, with Horovod; or `habana`. Each of
its parts is in a line, with its version and, where it cannot be used, the problem. A later line
holds in place of an earlier one, so that something is known where a library ends the process. The
words are, for `python`, the modules that the upstream imports besides; for `habana`, why no program
can use a device of this machine, or "". It runs on the Python of a stack, 3.8 and newer, isolated.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import sys
from collections.abc import Callable, Sequence
from glob import glob
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

RUNTIME = "libSynapse.so"  # of the vendor's software, which the library loads by itself


def main(group: str, *words: str) -> None:
    """Print what there is; what libraries print goes to standard error."""
    output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def tell(**parts: dict[str, Any]) -> None:
        print(json.dumps(parts), file=output, flush=True)

    if group == "python":
        python = {"version": platform.python_version(), "problem": None}
        tell(python=python, imports=_imports(words))
    elif group == "tensorflow":
        tell(tensorflow=_part(_tensorflow))
        tell(estimators=_part(_estimators))
        tell(devices=_part(_devices))
        tell(horovod=_part(_horovod))  # the last, as it is loaded in forks of this
    else:
        tell(habana=_part(lambda: _habana(words[0], lambda part: tell(habana=part))))


def _part(inspect: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return {"version": None, "problem": None, **inspect()}
    except ModuleNotFoundError as error:
        return {"version": None, "problem": f"no module {error.name}"}
    # What libraries raise that do not fit each other; anything else is a fault of this program.
    except (AttributeError, ImportError, OSError, RuntimeError, TypeError, ValueError) as error:
        return {"version": None, "problem": _reason(error)}


def _reason(error: Exception) -> str:
    text = str(error).strip().split("\n")[0]
    return f"{type(error).__name__}: {text}"


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
    frameworks = [name for name in util.EXTENSIONS if _libraries(folder, name)]
    built = {"gloo": util.gloo_built, "mpi": util.mpi_built}
    controllers = [name for name, is_built in built.items() if is_built()]
    problem = None if "tensorflow" in frameworks else "built without TensorFlow"
    return {
        "version": horovod.__version__,
        "problem": problem
        if problem or controllers
        else _fault(_libraries(folder, "tensorflow")[0]),
        "frameworks": frameworks,
        "controllers": controllers,
    }


def _libraries(folder: str, framework: str) -> list[str]:
    return glob(os.path.join(folder, framework, "mpi_lib*"))


def _fault(library: str) -> str:
    """Why no process can use a library; it is loaded here."""
    try:
        ctypes.CDLL(library)
    except OSError as error:
        return str(error)
    return "it works over nothing"


def _habana(lacking: str, tell: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """What the vendor's library is.

    Before each step that may end the process, `tell` is given what holds if it does.
    """
    package = find_spec("habana_frameworks.tensorflow")
    if not package or not package.origin:
        return {"problem": "no module habana_frameworks.tensorflow"}
    made_for = _made_for(os.path.dirname(package.origin))
    known = {"version": _version("habana-tensorflow"), "problem": None, "tensorflow": made_for}
    try:
        tensorflow = import_module("tensorflow")
        found = tensorflow.__version__
        if made_for and not found.startswith(tuple(made_for)):
            return {**known, "problem": f"made for TensorFlow {', '.join(made_for)}, found {found}"}
        tell({**known, "problem": lacking or "it ends the process that loads it"})
        import_module("habana_frameworks.tensorflow").load_habana_module()
        ends = f"it ends the process that asks for devices{_runtime()}"
        tell({**known, "problem": lacking or ends})
        seen = tensorflow.config.list_physical_devices("HPU")
    except ModuleNotFoundError as error:
        return {**known, "problem": f"no module {error.name}"}
    except Exception as error:  # the library raises no narrower one
        return {**known, "problem": lacking or _reason(error)}
    return {**known, "problem": None if seen else (lacking or "it sees no HPU")}


def _made_for(folder: str) -> list[str]:
    """The versions of TensorFlow that the library is made for: it has a folder for each."""
    folders = glob(os.path.join(folder, "tf[0-9]*"))
    return sorted(os.path.basename(each)[2:].replace("_", ".") for each in folders)


def _runtime() -> str:
    try:
        ctypes.CDLL(RUNTIME)
    except OSError:
        return f": no {RUNTIME}, which the vendor's software brings"
    return ""


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _imports(modules: Sequence[str]) -> dict[str, Any]:
    missing = [name for name in modules if not find_spec(name)]
    return {"version": None, "problem": f"no module {', '.join(missing)}" if missing else None}


def _devices() -> dict[str, Any]:
    devices = import_module("tensorflow").config.list_physical_devices()
    return {"seen": [device.name.replace("/physical_device:", "") for device in devices]}


if __name__ == "__main__":
    main(*sys.argv[1:])
