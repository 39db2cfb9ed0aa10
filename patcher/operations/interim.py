"""To be deleted: pin, runtime and checks for packs that do not state them yet."""

from __future__ import annotations

from dataclasses import replace

from patcher.model import CheckSpec, Pack, Pin, Runtime
from patcher.resources import VENDOR

PROGRAM = "efficientdet/main.py"
_CHECKS = (
    CheckSpec("settings", "flags and params", {"params": "params"}),
    CheckSpec(
        "optional_module",
        "residue",
        {
            "title": "Horovod",
            "module": "horovod.tensorflow",
            "names": ("hvd",),
            "enabled": "horovod_enabled",
            "counts": ("size", "local_size", "cross_size"),
        },
    ),
    CheckSpec(
        "equal_forms",
        "upsampling",
        {
            "file": "efficientdet/efficientdet_arch.py",
            "function": "nearest_upsampling",
            "array_rank": 4,
            "module": "tensorflow.compat.v1",
            "alias": "tf",
        },
    ),
    CheckSpec("tensor_rank", "graph", {"max_rank": 5}),
)


def completed(pack: Pack) -> Pack:
    """A pack, with what its TOML will state."""
    if pack.upstream is None and pack.name in ("documented", "supplement", "tensorflow_2_15"):
        pin = Pin("automl", "", "", "efficientdet", PROGRAM)
        pack = replace(pack, upstream=pin)
    if pack.runtime is None and pack.name in ("documented", "supplement"):
        pack = replace(pack, runtime=Runtime(VENDOR / "habana_common", "TensorFlow"))
    if pack.name == "documented" and not pack.checks:
        pack = replace(pack, checks=_CHECKS)
    return pack
