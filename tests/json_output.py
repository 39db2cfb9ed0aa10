"""What commands print with `--json`, held against its schema."""

import json
from collections.abc import Sequence
from functools import cache

import jsonschema

from patcher.report.schemas import SCHEMAS, schemas

_NAMES = {"diff": "review"}


@cache
def _validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(schemas()[f"{name}.schema.json"]))


def check(words: Sequence[str], output: str) -> None:
    """Check each line that a command printed; `words` are those it was called with."""
    command = next((word for word in words if _NAMES.get(word, word) in SCHEMAS), "")
    name = "against" if "--against" in words else _NAMES.get(command, command)
    for line in output.splitlines():
        found = json.loads(line)
        wrong = [error.message for error in _validator(name).iter_errors(found)]
        assert not wrong, wrong
