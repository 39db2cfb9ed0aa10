"""Until packs are data: what their pin and runtime will say. To be deleted with its importers."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from patcher import packs
from patcher.model import Pack, Pin, Runtime
from patcher.resources import VENDOR

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = VENDOR / "habana_common"


def read_pin() -> Pin:
    """The pin in `vendor/upstream.toml`."""
    values: dict[str, Any] = tomllib.loads((VENDOR / "upstream.toml").read_text("utf-8"))
    return Pin(
        name="automl",
        repository=values["repository"],
        commit=values["commit"],
        root="efficientdet",
        program="efficientdet/main.py",
        omit=("*.ipynb", "*.png"),
        sha256=values["sha256"],
    )


def load_pack(place: str | Path) -> Pack:
    """The pack as `patcher.packs.load_pack` will give it."""
    pack = packs.load_pack(place)
    needs_runtime = pack.name in ("documented", "supplement")
    runtime = Runtime(FOLDER, "TensorFlow") if needs_runtime else None
    return replace(pack, upstream=read_pin(), runtime=runtime)
