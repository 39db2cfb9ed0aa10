"""Packs that no name leads to, as others would write them."""

from dataclasses import replace

from patcher.model import Pack
from patcher.packs import load_pack


def foreign(name: str = "mine") -> Pack:
    """The rules of the pack `supplement`, in a pack that is not known by name."""
    pack = load_pack("supplement")
    sections = tuple(replace(section, prefix=f"{name}/") for section in pack.sections)
    return replace(pack, name=name, sections=sections)
