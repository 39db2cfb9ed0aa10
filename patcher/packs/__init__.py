"""Packs: where they come from, and loading them."""

from __future__ import annotations

from pathlib import Path

from patcher.errors import PackError
from patcher.model import Pack
from rules import PACKS

DEFAULT = "documented"  # whose rules are named without their pack


def load_pack(place: str | Path) -> Pack:
    """The pack of a name, or in a folder.

    Raises:
        PackError: There is none, or it cannot be loaded.
    """
    if str(place) not in PACKS:
        raise PackError(str(place), "no pack of this name", next_step="`effpatch rules` lists them")
    return PACKS[str(place)]


def known_packs() -> tuple[str, ...]:
    """The names that `load_pack` takes: the shipped packs first, then the installed ones."""
    return tuple(PACKS)
