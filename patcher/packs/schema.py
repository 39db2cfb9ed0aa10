"""JSON schemas of the files of packs and of repositories; made of what the loader reads by.

`python -m patcher.packs.schema` writes them again.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from patcher.edits.kinds import KINDS, Kind, Quotes
from patcher.packs import accelerators, configuration, loading, pins, revisions, rules
from patcher.packs.checks import CHECKS
from patcher.packs.tables import TEXT, TEXTS, Key

FOLDER = Path(__file__).with_name("schemas")
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, str]:
    """The text of each schema, by the name of its file."""
    every = {"items": {"oneOf": [*map(_rule, KINDS.values())]}}
    section = _table(rules.SECTION, rule=every)
    revised = _table(revisions.REVISED, rule={"items": _revised_rule()})
    return {
        "section.schema.json": _text("A section of a pack", section),
        "revision.schema.json": _text("A section of a pack that revises another", revised),
        "pack.schema.json": _text("A pack of rules", _pack()),
        "accelerator.schema.json": _text("The software of an accelerator", _accelerator()),
        "effpatch.schema.json": _text("Defaults of a repository", _table(configuration.KEYS)),
    }


def _text(title: str, schema: Mapping[str, object]) -> str:
    return json.dumps({"$schema": _DRAFT, "title": title, **schema}, indent=2) + "\n"


def _table(keys: Mapping[str, Key], **more: Mapping[str, object]) -> dict[str, object]:
    """A table with some keys; of some of these, more is known than the loader's declaration."""
    return {
        "type": "object",
        "properties": {name: {**_key(key), **more.get(name, {})} for name, key in keys.items()},
        "additionalProperties": False,
        "required": [name for name, key in keys.items() if key.default is None],
    }


def _pack() -> dict[str, object]:
    """A pack, which needs less where it revises another."""
    revision, pack = (_table(keys, **_parts()) for keys in (loading.REVISION, loading.PACK))
    revises = {"required": ["revises"]}
    return {**revision, "if": {"not": revises}, "then": {"required": pack["required"]}}


def _key(key: Key) -> dict[str, object]:
    pattern = {"pattern": f"^{key.pattern[0]}$"} if key.pattern[0] else {}
    about = {"description": key.about} if key.about else {}
    return {**key.type.schema, **about, **pattern}


def _parts() -> dict[str, Mapping[str, object]]:
    """The tables in `pack.toml`."""
    digests = {"additionalProperties": _key(pins.DIGEST)}
    checks = [_table(loading.check_keys(name), check={"const": name}) for name in CHECKS]
    return {
        "upstream": {"oneOf": [TEXT.schema, _table(pins.KEYS, sha256=digests)]},
        "check": {"items": {"oneOf": checks}},
        "runtime": _table(loading.RUNTIME),
        "signatures": {"additionalProperties": TEXTS.schema},
        "needed_with": {"additionalProperties": TEXT.schema},
    }


def _revised_rule() -> dict[str, object]:
    """A rule of a revision, of any kind: but for its item, its base may have all of it."""
    keys = dict[str, Key]()
    for kind in KINDS.values():
        keys = {**keys, **{n: key for n, key in rules.rule_keys(kind).items() if n not in keys}}
    named = {"enum": [*KINDS]}
    made = _table(keys, kind=named, needs={"items": _table(rules.NEED)})
    return {**made, "required": ["item"]}


def _accelerator() -> dict[str, object]:
    parts = {
        "release": accelerators.RELEASE,
        "preset": accelerators.PRESET,
        "document": accelerators.DOCUMENT,
        "limit": accelerators.LIMIT,
    }
    tables = {name: {"items": _table(keys)} for name, keys in parts.items()}
    return _table(accelerators.ACCELERATOR, fork=_table(accelerators.FORK), **tables)


def _rule(kind: type[Kind]) -> dict[str, object]:
    named = {"const": kind.kind, "description": kind.__doc__}
    made = _table(rules.rule_keys(kind), kind=named, needs={"items": _table(rules.NEED)})
    if kind.quotes is Quotes.EITHER:
        made["anyOf"] = [{"required": ["before"]}, {"required": ["after", *kind.needed_to_add]}]
    return made


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in schemas().items():
        (FOLDER / name).write_text(text, "utf-8")
