"""To be deleted: the checks of `documented` until its `pack.toml` declares them."""

from __future__ import annotations

from dataclasses import replace

from patcher.model import CheckSpec, Pack

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
    """A pack with the checks that its `pack.toml` will declare."""
    if pack.name == "documented" and not pack.checks:
        return replace(pack, checks=_CHECKS)
    return pack
