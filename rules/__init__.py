"""The packs of rules, by name."""

from collections.abc import Mapping

from patcher.model import Pack
from rules.documented import DOCUMENTED
from rules.supplement import SUPPLEMENT
from rules.tensorflow_2_15 import TENSORFLOW_2_15

PACKS: Mapping[str, Pack] = {pack.name: pack for pack in (DOCUMENTED, SUPPLEMENT, TENSORFLOW_2_15)}
