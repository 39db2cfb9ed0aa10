"""The schemas for editors say what the loader checks."""

import json
import sys
from contextlib import nullcontext
from pathlib import Path

import jsonschema
import pytest

from patcher.edits.kinds import KINDS
from patcher.errors import PackError
from patcher.packs import pins, rules
from patcher.packs.loading import FILE, PACK_KEYS, load_folder
from patcher.packs.schema import FOLDER, schemas
from patcher.resources import RULES

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Values = dict[str, object]
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


RANK = {"check": "tensor_rank", "max_rank": 5}


@pytest.mark.parametrize(
    ("check", "valid"),
    [
        pytest.param(RANK, True, id="a check"),
        pytest.param({**RANK, "label": "ranks"}, True, id="a check with a label"),
        pytest.param({"check": "none"}, False, id="no such check"),
        pytest.param({"check": "tensor_rank"}, False, id="an option too few"),
        pytest.param({**RANK, "rank": 1}, False, id="an option too many"),
        pytest.param({**RANK, "max_rank": "5"}, False, id="an option of another type"),
    ],
)
def test_schema_and_loader_agree_on_checks(check: Values, valid: bool, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(
        'title = "t"\nupstream = "automl"\nsections = []\n[[check]]\n'
        + "".join(f"{key} = {json.dumps(value)}\n" for key, value in check.items())
    )
    values = tomllib.loads((tmp_path / FILE).read_text("utf-8"))
    assert jsonschema.Draft202012Validator(PACK).is_valid(values) == valid
    with nullcontext() if valid else pytest.raises(PackError):
        load_folder(tmp_path)
