"""The schemas of what `--json` prints; whatever a test prints with it is held against them."""

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from patcher.report.schemas import FOLDER, SCHEMAS, SHARED, schemas
from tests import json_output
from tests.commands import run


@pytest.mark.parametrize("name", schemas())
def test_shipped_schemas_are_fresh(name: str) -> None:
    shipped = (FOLDER / name).read_text("utf-8")
    assert shipped == schemas()[name], "run `python -m patcher.report.schemas`"
    jsonschema.Draft202012Validator.check_schema(json.loads(shipped))


def test_there_is_no_schema_of_something_else() -> None:
    assert {file.name for file in FOLDER.glob("*.json")} == {*schemas()}


def test_every_shared_object_is_printed_by_a_command() -> None:
    texts = schemas().values()
    assert all(any(f'"#/$defs/{name}"' in text for text in texts) for name in SHARED)


@pytest.mark.parametrize(
    "words",
    [["status"], ["diff"], ["apply"], ["apply", "--dry-run"], ["verify"]],
    ids=" ".join,
)
def test_each_line_is_one_object(miniature: Path, words: list[str]) -> None:
    """That it is as the schema says, `run` checks."""
    if words == ["verify"]:
        run("apply", miniature)
    assert json.loads(run(*words, miniature, "--json").stdout)["effpatch"]


def test_against_another_port(miniature: Path, tmp_path: Path) -> None:
    shutil.copytree(miniature, tmp_path / "port")
    run("apply", tmp_path / "port", "--skip", "hooks-6")
    run("apply", miniature)
    found = json.loads(run("verify", miniature, "--against", tmp_path / "port", "--json").stdout)
    assert found["missing"] == ["hooks-6"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_member_that_no_schema_has_is_found(name: str) -> None:
    words = ["verify", "--against"] if name == "against" else [name]
    with pytest.raises(AssertionError, match="'more' was unexpected"):
        json_output.check(words, '{"more": 1}')


def test_a_member_that_is_left_out_is_found() -> None:
    with pytest.raises(AssertionError, match="'rules' is a required property"):
        json_output.check(["status"], '{"effpatch": "1"}')
