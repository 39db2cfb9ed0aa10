"""The schemas for editors say what the loader checks."""

import json
import sys
from contextlib import nullcontext
from pathlib import Path

import jsonschema
import pytest

from patcher.edits.kinds import KINDS, Quotes
from patcher.errors import PackError
from patcher.packs.loading import load_folder
from patcher.packs.rules import load_section
from patcher.packs.schema import FOLDER, schemas
from patcher.packs.sources import FILE
from patcher.packs.tables import read
from patcher.resources import RULES, VENDOR

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Values = dict[str, object]
FILES = sorted(RULES.glob("*/*.toml"))
SCHEMAS = {name: json.loads(text) for name, text in schemas().items()}
DEVICES = sorted((VENDOR / "accelerators").glob("*.toml"))
PACK, SECTION, DEVICE = (
    SCHEMAS[f"{name}.schema.json"] for name in ("pack", "section", "accelerator")
)


@pytest.mark.parametrize("name", schemas())
def test_shipped_schemas_are_fresh(name: str) -> None:
    shipped = (FOLDER / name).read_text("utf-8")
    assert shipped == schemas()[name], "run `python -m patcher.packs.schema`"


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_shipped_packs_are_valid(file: Path) -> None:
    """By the schema that editors find in the first line."""
    text = file.read_text("utf-8")
    name = text.partition("\n")[0].rpartition("/")[2]
    assert (name == "pack.schema.json") == (file.name == FILE)
    jsonschema.validate(tomllib.loads(text), SCHEMAS[name])


@pytest.mark.parametrize("file", DEVICES, ids=lambda file: file.stem)
def test_shipped_accelerators_are_valid(file: Path) -> None:
    values = tomllib.loads(file.read_text("utf-8"))
    jsonschema.validate(values, DEVICE)
    values["preset"][0]["when"] = "often"
    assert not jsonschema.Draft202012Validator(DEVICE).is_valid(values)


def test_rules_may_hold_what_their_kind_takes() -> None:
    for rule in SECTION["properties"]["rule"]["items"]["oneOf"]:
        kind = KINDS[rule["properties"]["kind"]["const"]]
        assert rule["properties"].keys() >= kind.keys().keys()
        assert ("after" in rule["properties"]) == (kind.quotes is not Quotes.BEFORE)


RULE = {"item": 1, "title": "t", "why": "w"}
QUOTES = {"before": "a()", "after": "b()"}


@pytest.mark.parametrize(
    ("rule", "valid"),
    [
        pytest.param({"kind": "statement", **QUOTES}, True, id="both quotes"),
        pytest.param({"kind": "statement", "after": "b()"}, True, id="either quote"),
        pytest.param({"kind": "statement"}, False, id="no quote"),
        pytest.param({"kind": "if_test", "before": "if a:"}, False, id="one quote of two"),
        pytest.param({"kind": "comment_block", "before": "# a"}, True, id="one quote"),
        pytest.param({"kind": "comment_block", "before": "# a", "after": "# b"}, False, id="two"),
        pytest.param({"kind": "fragment", "before": "a=1,"}, True, id="part of a line"),
        pytest.param({"kind": "fragment", "after": "a=1,"}, False, id="no place"),
        pytest.param({"kind": "fragment", "after": "a=1", "follows": "f("}, True, id="with one"),
        pytest.param({"kind": "none", **QUOTES}, False, id="no such kind"),
        pytest.param({"kind": "statement", "call": "f", **QUOTES}, False, id="another's key"),
        pytest.param({"kind": "call_argument", "before": "a=1", "after": "a=2"}, False, id="none"),
        pytest.param({"kind": "statement", "item": "1", **QUOTES}, False, id="another type"),
    ],
)
def test_schema_and_loader_agree_on_rules(rule: Values, valid: bool, tmp_path: Path) -> None:
    file = tmp_path / "app.toml"
    lines = (f"{key} = {json.dumps(value)}\n" for key, value in {**RULE, **rule}.items())
    file.write_text('path = "app.py"\n[[rule]]\n' + "".join(lines))
    values = tomllib.loads(file.read_text("utf-8"))
    assert jsonschema.Draft202012Validator(SECTION).is_valid(values) == valid
    with nullcontext() if valid else pytest.raises(PackError):
        load_section(read(file), "app", "", "", {})


RANK = {"check": "tensor_rank", "max_rank": 5}


@pytest.mark.parametrize(
    ("check", "valid"),
    [
        pytest.param(RANK, True, id="a check"),
        pytest.param({**RANK, "label": "ranks"}, True, id="a check with a label"),
        pytest.param({"check": "legacy_variables"}, True, id="a check that takes no options"),
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
