"""Packs: TOML to `Pack`, the schema of these files, and where packs come from."""

from patcher.packs.loading import DEFAULT, load_folder, load_pack, require_one_name
from patcher.packs.sources import is_known, known_packs, related, shipped_packs

__all__ = [
    "DEFAULT",
    "is_known",
    "known_packs",
    "load_folder",
    "load_pack",
    "related",
    "require_one_name",
    "shipped_packs",
]
