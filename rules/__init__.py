"""The packs of rules, by name."""

from collections.abc import Mapping

from patcher.model import Pack
from rules.documented import DOCUMENTED

PACKS: Mapping[str, Pack] = {pack.name: pack for pack in (DOCUMENTED,)}
