"""The schemas for editors say what the loader checks."""

import json
import sys
from pathlib import Path

import jsonschema
import pytest

from patcher.edits.kinds import KINDS
from patcher.packs import pins, rules
from patcher.packs.loading import FILE, PACK_KEYS
from patcher.packs.schema import FOLDER, schemas
from patcher.resources import RULES

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILES = sorted(RULES.glob("*/*.toml"))
PACK, SECTION = (json.loads(schemas()[f"{name}.schema.json"]) for name in ("pack", "section"))


@pytest.mark.parametrize("name", schemas())
def test_shipped_schemas_are_fresh(name: str) -> None:
    shipped = (FOLDER / name).read_text("utf-8")
    assert shipped == schemas()[name], "run `python -m patcher.packs.schema`"


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_shipped_packs_are_valid(file: Path) -> None:
    schema = PACK if file.name == FILE else SECTION
    jsonschema.validate(tomllib.loads(file.read_text("utf-8")), schema)


def test_schemas_know_the_keys_of_the_loader() -> None:
    assert set(PACK["properties"]) == set(PACK_KEYS)
    assert set(PACK["properties"]["upstream"]["oneOf"][1]["properties"]) == set(pins.KEYS)
    assert set(SECTION["properties"]) == set(rules.SECTION_KEYS)
    for rule in SECTION["properties"]["rule"]["items"]["oneOf"]:
        kind = KINDS[rule["properties"]["kind"]["const"]]
        taken = {*rules.RULE_KEYS, *kind.keys()}
        assert set(rule["properties"]) in (taken, taken - {"after"})
