"""The tables of what `--json` prints, from its schemas."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from docs.generate.markdown import code, prose, table
from patcher.report.schemas import SCHEMAS, SHARED

Schema = Mapping[str, Any]


def parts() -> dict[str, Callable[[], str]]:
    """The table of each schema, and of what several of them share."""
    return {
        **{f"json: {name}": partial(_table, schema) for name, schema in SCHEMAS.items()},
        "json: apply more": apply_more,
        "json: shared": shared,
    }


def apply_more() -> str:
    """What `apply` prints besides what `status` prints."""
    apply: Schema = SCHEMAS["apply"]
    status: Schema = SCHEMAS["status"]
    own = apply["properties"].keys() - status["properties"]
    more = {name: member for name, member in apply["properties"].items() if name in own}
    return _table({"properties": more, "required": [*more]})


def shared() -> str:
    """A table for each kind of object that several commands print."""
    objects: Mapping[str, Schema] = SHARED
    return "\n\n".join(
        f"#### {name}\n\n{prose(schema.get('description', ''))}\n\n{_table(schema)}"
        for name, schema in objects.items()
    )


def _table(schema: Schema) -> str:
    return table(["member", "type", "value"], _rows(schema))


def _rows(schema: Schema, prefix: str = "") -> Iterator[list[str]]:
    """A row for each member of an object, and behind it those of the objects in it."""
    for name, member in schema["properties"].items():
        place = f"{prefix}{name}"
        left_out = "" if name in schema["required"] else ", or left out"
        yield [code(place), _type(member) + left_out, prose(member.get("description", ""))]
        for inner, mark in _inner(member):
            if not _is_plain(inner):
                yield from _rows(inner, f"{place}{mark}.")


def _inner(schema: Schema) -> Iterator[tuple[Schema, str]]:
    """The objects in a member whose members are stated there, and how one says so in its place."""
    if "anyOf" in schema:
        for each in schema["anyOf"]:
            yield from _inner(each)
    elif schema.get("type") == "array":
        yield from ((inner, f"[]{mark}") for inner, mark in _inner(schema["items"]))
    elif "properties" in schema:
        yield schema, ""


def _is_plain(schema: Schema) -> bool:
    """Whether the names of an object's members say it all."""
    return not any("description" in member for member in schema["properties"].values())


def _type(schema: Schema) -> str:
    """A type in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name})"
    if "anyOf" in schema:
        return " or ".join(map(_type, schema["anyOf"]))
    if "enum" in schema:
        return ", ".join(code(each) for each in schema["enum"])
    if schema["type"] == "array":
        return f"list of {_type(schema['items'])}"
    if schema["type"] == "object" and "properties" not in schema:
        return f"object with values of type {_type(schema['additionalProperties'])}"
    if schema["type"] == "object" and _is_plain(schema):
        return f"object: {', '.join(map(code, schema['properties']))}"
    return str({"null": "`null`"}.get(schema["type"], schema["type"]))
