"""A drafted pack as the files of a folder; what is unresolved stands in comments there."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import Array
from tomlkit.items import Item as TomlItem

from patcher.drafting.draft import Draft, DraftPack, DraftSection, Mark
from patcher.errors import WriteError, reason
from patcher.model import Need, Pin, Rule
from patcher.packs.sources import FILE

_QUOTES = ("before", "after", "instead_of")
_UNPLACED = """\
# No file of the upstream was found for these edits. To complete them, state its `path`, rename this
# file to {name}.toml, and list "{name}" in the `sections` of {pack}. Only Python can be edited: if
# another file is meant, remove this one, and the items from the pack's copy of the document.
"""
WIDE = 72  # characters from which a text goes over several lines


def write(drafted: DraftPack, folder: Path) -> None:
    """Make the folder of a pack.

    Raises:
        WriteError: It is there already, or cannot be written.
    """
    require_new(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files(drafted).items():
            (folder / name).write_text(text, "utf-8")
        if drafted.document:
            shutil.copyfile(drafted.document, folder / _document_name(drafted.document))
    except OSError as error:
        step = "name another folder"
        raise WriteError(str(folder), f"cannot be written ({reason(error)})", "", step) from None


def require_new(folder: Path) -> None:
    """Check that a folder is not there yet, or empty.

    Raises:
        WriteError: It is not.
    """
    try:
        occupied = folder.is_symlink() or (folder.exists() and any(folder.iterdir()))
    except OSError:
        occupied = True
    if occupied:
        step = "name another folder, or remove this one"
        raise WriteError(str(folder), "is there already", "a new folder", step)


def files(drafted: DraftPack) -> dict[str, str]:
    """The text of each file of a pack, by its name.

    A section without a path is no TOML file, as no pack could be loaded with it.
    """
    texts = {FILE: _pack(drafted, drafted.names())}
    for name, section in zip(drafted.names(), drafted.sections, strict=True):
        if section.path:
            texts[f"{name}.toml"] = _section(section)
        else:
            note = _UNPLACED.format(name=name, pack=FILE)
            texts[f"{name}.toml.unplaced"] = f"{note}{_section(section)}"
    return texts


def laid_out(quote: str) -> str:
    """A quote as it reads best in a file: one line that is not long without a line end."""
    line = quote.strip("\n")
    return line if "\n" not in line and len(line) <= WIDE else f"{quote.rstrip()}\n"


def rule_table(rule: Rule) -> dict[str, Any]:
    """A rule as a section file has it: its keys, without those that are at their defaults."""
    edit = {each.name: getattr(rule.edit, each.name) for each in fields(rule.edit)}
    stated = {"undocumented": True} if rule.stated == "" else {"instead_of": rule.stated or ""}
    table = {
        "item": rule.item,
        "title": rule.title,
        "kind": rule.edit.kind,
        **edit,
        "why": rule.why,
        "whose": "" if rule.whose == "ours" else rule.whose,
        "deviation": rule.deviation,
        "before": rule.before,
        "after": rule.after,
        **stated,
        "needs": [_need(each) for each in rule.needs],
        "ignores": [*rule.ignores],
    }
    required = ("item", "title", "why")
    return {name: value for name, value in table.items() if value or name in required}


def _need(need: Need) -> dict[str, Any]:
    pairs = need._asdict().items()
    return {name: [*value] if isinstance(value, tuple) else value for name, value in pairs if value}


def as_toml(table: Mapping[str, Any]) -> str:
    """A table as TOML, texts of several lines and code as they read best."""
    made = tomlkit.table()
    for name, value in table.items():
        made.append(name, _value(name, value))
    return made.as_string()


def _value(name: str, value: Any) -> TomlItem:
    if name == "needs":
        return _rows(value)
    if name == "ignores":
        return _codes(value)
    if "\n" in str(value) and "\r" not in str(value):  # which needs an escape
        return _lines(f"{value}\n" if name in _QUOTES and not value.endswith("\n") else value)
    plain: TomlItem = tomlkit.item(value)
    return plain


def _lines(text: str) -> TomlItem:
    """A text of several lines, the first of them below the quotes."""
    made = tomlkit.string(f" {text}", multiline=True)  # or it may lose an empty first line
    return tomlkit.value(f'"""\n{made.as_string()[4:]}')


def _codes(codes: Iterable[str]) -> Array:
    """Pieces of code in a list, each as a quote stands in its key."""
    made = tomlkit.array()
    for each in codes:
        made.append(_value("before", each))
    return made.multiline(True)


def _rows(tables: Iterable[Mapping[str, Any]]) -> Array:
    """Tables in a list, a line each."""
    rows = tomlkit.array()
    for each in tables:
        row = tomlkit.inline_table()
        row.update(each)
        rows.append(row)
    return rows.multiline(True)


def _pack(drafted: DraftPack, names: tuple[str, ...]) -> str:
    table: dict[str, Any] = {"name": drafted.name, "title": drafted.title}
    table["sections"] = [
        name for name, section in zip(names, drafted.sections, strict=True) if section.path
    ]
    if drafted.document:
        table["document"] = _document_name(drafted.document)
    document = tomlkit.parse(as_toml(table))
    document["sections"].multiline(True)
    return f"{document.as_string()}\n{_pin(drafted.upstream)}"


def _document_name(document: Path) -> str:
    """What a document is called in the folder of its pack, where no other file is called so."""
    return document.name if document.suffix not in (".toml", ".unplaced") else f"{document.name}.md"


def _pin(pin: Pin) -> str:
    named = {
        "repository": pin.repository,
        "commit": pin.commit,
        "root": pin.root,
        "program": pin.program,
        "omit": [*pin.omit],
    }
    rows = [f"[upstream]\n{as_toml({k: v for k, v in named.items() if v})}"]
    if pin.sha256:
        rows.append(f"[upstream.sha256]\n{as_toml(pin.sha256)}")
    return "\n".join(rows)


def _section(section: DraftSection) -> str:
    named = {"heading": section.heading, "path": section.path}
    head = as_toml({name: value for name, value in named.items() if value})
    return "\n".join([head, *map(_rule, section.drafts)])


def _rule(draft: Draft) -> str:
    table = rule_table(draft.rule)
    if draft.mark is Mark.UNRESOLVED:
        first = {name: table.pop(name) for name in ("item", "title")}
        table = {**first, "kind": "", "within": "", **table}
    text = f"[[rule]]\n{as_toml(table)}"
    note = "".join(f"# {line}\n" for line in _notes(draft))
    if draft.mark is Mark.UNRESOLVED:
        text = "".join(f"# {line}".rstrip() + "\n" for line in text.splitlines())
    return note + text


def _notes(draft: Draft) -> Iterator[str]:
    where = f"line {draft.line} of the document: " if draft.line else ""
    yield f"{where}{draft.mark}"
    yield from f"{draft.found}\n{draft.waits}".strip().splitlines()
