"""Stands in for an HPU, and for nothing else, in a Python that has Habana's own library.

While it loads, that library asks the kernel for the type of the first device, by opening one file,
which is answered here. It then wants a device for every session, and has one that needs no hardware
and computes nothing; its bindings call it null hardware. Here it is told to take that one, and not
to compare versions with the vendor's runtime, which is not to be had.

TF_STAND_IN says how far this goes. With `type`, only the file is answered. With `null`, there is
null hardware as well. With `cpu`, or without it, a variable of the library also has every operation
placed on the CPU, so that values are computed.

It becomes the `sitecustomize.py` of an environment.
"""

import builtins
import io
import os
import sys
from typing import Any

_FILE = "/sys/class/accel/accel0/device/device_type"
_HOW = os.environ.get("TF_STAND_IN", "cpu")
_open = builtins.open


def _answer(file: Any, *arguments: Any, **options: Any) -> Any:
    if file != _FILE:
        return _open(file, *arguments, **options)
    if _HOW in ("null", "cpu"):
        sys.modules["habana_frameworks.tensorflow.habana_device"].enable_null_hw()
    if _HOW == "cpu":
        os.environ["TF_PLACE_ON_CPU"] = ",".join(_operations())
    return io.StringIO("GAUDI\n")


def _operations() -> list[str]:
    from tensorflow.core.framework.op_def_pb2 import OpList
    from tensorflow.python.client import pywrap_tf_session as session

    known = OpList.FromString(session.TF_GetBuffer(session.TF_GetAllOpList()))
    return [each.name for each in known.op]


os.environ["TF_SKIP_SYNAPSE_VERSION_CHECK"] = "1"
builtins.open = _answer
