"""What schemas are made of; `about` says what a member means."""

from collections.abc import Iterable, Mapping

Schema = dict[str, object]

_NULL: Schema = {"type": "null"}


def text(about: str = "") -> Schema:
    """A text."""
    return _said({"type": "string"}, about)


def number(about: str = "", minimum: int = 0) -> Schema:
    """A whole number."""
    return _said({"type": "integer", "minimum": minimum}, about)


def flag(about: str = "") -> Schema:
    """True or false."""
    return _said({"type": "boolean"}, about)


def one_of(values: Iterable[str], about: str = "") -> Schema:
    """One of some texts."""
    return _said({"enum": [*values]}, about)


def or_null(schema: Schema) -> Schema:
    """What a schema says, or null."""
    about = str(schema.get("description", ""))
    return _said({"anyOf": [{k: schema[k] for k in schema if k != "description"}, _NULL]}, about)


def list_of(items: Schema, about: str = "") -> Schema:
    """A list."""
    return _said({"type": "array", "items": items}, about)


def map_of(values: Schema, about: str = "") -> Schema:
    """An object with any names, and values of one kind."""
    return _said({"type": "object", "additionalProperties": values}, about)


def object_of(
    members: Mapping[str, Schema], about: str = "", optional: Iterable[str] = ()
) -> Schema:
    """An object with these members alone, all but the `optional` ones required."""
    return {
        **_said({"type": "object"}, about),
        "properties": dict(members),
        "required": [name for name in members if name not in {*optional}],
        "additionalProperties": False,
    }


def _said(schema: Schema, about: str) -> Schema:
    return {**schema, "description": about} if about else schema


def shared(name: str, about: str = "") -> Schema:
    """An object that several commands print, by its name in `shared`."""
    return _said({"$ref": f"#/$defs/{name}"}, about)
