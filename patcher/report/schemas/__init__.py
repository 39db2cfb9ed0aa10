"""JSON schemas of what commands print with `--json`, for readers of it and for the reference.

`python -m patcher.report.schemas` writes the files again.
"""

import json
from pathlib import Path

from patcher.report.schemas.commands import SCHEMAS
from patcher.report.schemas.pieces import Schema
from patcher.report.schemas.shared import SHARED

__all__ = ["FOLDER", "SCHEMAS", "SHARED", "schemas"]

FOLDER = Path(__file__).parent
_TITLES = {
    "review": "What `effpatch diff --json` and `effpatch review --format json` print",
    "against": "What `effpatch verify --against DIR --json` prints",
    "stack": "What `effpatch stack check --json` prints",
}


def schemas() -> dict[str, str]:
    """The text of each schema, by the name of its file."""
    return {f"{name}.schema.json": _file(name, schema) for name, schema in SCHEMAS.items()}


def _file(name: str, schema: Schema) -> str:
    made: Schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": _TITLES.get(name, f"What `effpatch {name} --json` prints"),
        **schema,
    }
    needed = _shared_in(schema)
    if needed:
        made["$defs"] = {each: SHARED[each] for each in SHARED if each in needed}
    return json.dumps(made, indent=2) + "\n"


def _shared_in(schema: Schema) -> set[str]:
    """The names of what a schema refers to, also by way of others."""
    text = json.dumps(schema)
    found = {name for name in SHARED if f'"#/$defs/{name}"' in text}
    return found.union(*(_shared_in(SHARED[name]) for name in found))
