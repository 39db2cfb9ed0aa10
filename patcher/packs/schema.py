"""JSON schemas of `pack.toml` and of section files, for editors; made of what the loader checks.

`python -m patcher.packs.schema` writes them again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from patcher.edits.kinds import KINDS, Kind, Quotes
from patcher.packs.checks import CHECKS, RANGE, STRINGS

FOLDER = Path(__file__).with_name("schemas")
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: dict[str, object] = {"type": "string"}
_TEXTS: dict[str, object] = {"type": "array", "items": _TEXT}
_NUMBER: dict[str, object] = {"type": "integer"}
_RANGE: dict[str, object] = {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}
# What the options of checks are, by their types.
_OPTIONS = {str: _TEXT, int: _NUMBER, STRINGS: _TEXTS, RANGE: _RANGE}
_RULE = {
    "item": {"type": "integer", "description": "The document's number under the heading."},
    "title": {**_TEXT, "description": "The edit in a few words, as the subject of a commit."},
    "why": {**_TEXT, "description": "What the edit does for the user."},
    "before": {**_TEXT, "description": "The quote of the code before; left out where it is added."},
    "after": {**_TEXT, "description": "The quote of the code after; left out where it is removed."},
    "deviation": {**_TEXT, "description": "Where the document errs or is silent: what was chosen."},
}


def schemas() -> dict[str, str]:
    """The text of each schema, by the name of its file."""
    made = {"section.schema.json": _section(), "pack.schema.json": _pack()}
    return {name: json.dumps(schema, indent=2) + "\n" for name, schema in made.items()}


def _object(properties: Mapping[str, object], *required: str, **more: object) -> dict[str, object]:
    closed = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**closed, **({"required": list(required)} if required else {}), **more}


def _section() -> dict[str, object]:
    rules = {"type": "array", "items": {"oneOf": [_rule(kind) for kind in KINDS.values()]}}
    properties = {
        "heading": {**_TEXT, "description": "The document's heading; the file's name if left out."},
        "path": {**_TEXT, "description": "The file, below the checkout's root."},
        "rule": rules,
    }
    return {"$schema": _DRAFT, "title": "A section of a pack", **_object(properties, "path")}


def _rule(kind: type[Kind]) -> dict[str, object]:
    keys = {
        name: {**_TEXT, "description": each.metadata["description"]}
        for name, each in kind.keys().items()
    }
    own = {"kind": {"const": kind.kind, "description": kind.__doc__}}
    needed = [name for name, each in kind.keys().items() if not isinstance(each.default, str)]
    quotes: dict[Quotes, list[str]] = {Quotes.BOTH: ["before", "after"], Quotes.BEFORE: ["before"]}
    known = {name: value for name, value in _RULE.items() if _takes(kind, name)}
    more = {"anyOf": [{"required": ["before"]}, {"required": ["after"]}]}
    required = ("kind", "item", "title", "why", *needed, *quotes.get(kind.quotes, []))
    extra = more if kind.quotes is Quotes.EITHER else {}
    return _object({**known, **own, **keys}, *required, **extra)


def _takes(kind: type[Kind], key: str) -> bool:
    return key != "after" or kind.quotes is not Quotes.BEFORE


def _pack() -> dict[str, object]:
    pin = {
        "name": _TEXT,
        "repository": _TEXT,
        "commit": {**_TEXT, "pattern": "^[0-9a-f]{40}$"},
        "date": {},
        "root": {**_TEXT, "description": "The folder that imports start from."},
        "program": {**_TEXT, "description": "The file that the upstream is run by."},
        "omit": {**_TEXTS, "description": "Patterns of files that a checkout leaves out."},
        "sha256": {
            "type": "object",
            "additionalProperties": {**_TEXT, "pattern": "^[0-9a-f]{64}$"},
        },
    }
    properties = {
        "name": {**_TEXT, "description": "The folder's name if left out."},
        "title": _TEXT,
        "upstream": {
            "description": "A shipped upstream by name, or a pin.",
            "oneOf": [_TEXT, _object(pin, "repository", "commit")],
        },
        "sections": {**_TEXTS, "description": "The section files in order, without `.toml`."},
        "check": {"type": "array", "items": {"oneOf": [_check(name) for name in CHECKS]}},
        "runtime": _object({"folder": _TEXT, "package": _TEXT}, "folder", "package"),
        "signatures": {"type": "object", "additionalProperties": _TEXTS},
        "needed_with": {"type": "object", "additionalProperties": _TEXT},
    }
    required = ("title", "upstream", "sections")
    return {"$schema": _DRAFT, "title": "A pack of rules", **_object(properties, *required)}


def _check(name: str) -> dict[str, object]:
    options = CHECKS[name]
    known = {key: _OPTIONS[option.type] for key, option in options.items()}
    needed = (key for key, option in options.items() if option.required)
    own = {"check": {"const": name}, "label": _TEXT}
    return _object({**own, **known}, "check", *needed)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in schemas().items():
        (FOLDER / name).write_text(text, "utf-8")
