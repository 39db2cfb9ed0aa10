"""How many rules and files the packs have, and how the commands say so."""

from tests.rule_check import DOCUMENTED, PACKS

RULES, FILES = len(list(DOCUMENTED.entries())), len(DOCUMENTED.sections)
MADE = f"made {RULES} edits in {FILES} files"

EVERY_FILE = {section.path for pack in PACKS.values() for section in pack.sections}
EVERY_RULE = sum(len(list(pack.entries())) for pack in PACKS.values())
