"""A pack from its folder: `pack.toml`, and one TOML file per section. No code runs."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from patcher.errors import PackError, did_you_mean
from patcher.model import CheckSpec, Pack, Runtime, Section
from patcher.packs.accelerators import accelerator_file
from patcher.packs.checks import CHECKS
from patcher.packs.pins import pin_of, require_path
from patcher.packs.revisions import NAME, REVISES, lineage, section_tables
from patcher.packs.rules import attempts_of, load_section
from patcher.packs.sources import FILE, folder_of
from patcher.packs.tables import ANY, TABLE, TABLES, TEXT, TEXTS, Key, Table, read
from patcher.resources import VENDOR

DEFAULT = "documented"  # the pack whose rules are named without it
_MOST_RULES = 2_000
PACK = {
    "name": Key(TEXT, "", "The folder's name if left out.", NAME),
    "title": Key(),
    "revises": REVISES,
    "upstream": Key(ANY, about="A shipped upstream by name, or a pin."),
    "sections": Key(TEXTS, about="The section files in order, without `.toml`."),
    "check": Key(TABLES, []),
    "runtime": Key(TABLE, {}),
    "signatures": Key(TABLE, {}),
    "needed_with": Key(TABLE, {}),
    "document": Key(TEXT, "", "The document that the rules quote, a file in the pack's folder."),
    "accelerator": Key(TEXT, "", "A shipped accelerator by name, or a file in the pack's folder."),
}
# What a pack that revises another one may leave out: it is as there.
REVISION = {**PACK, "upstream": Key(ANY, ""), "sections": Key(TEXTS, [])}
_NONE = Pack("", ())  # what a pack revises that revises none
RUNTIME = {"folder": Key(), "packages": Key(TEXTS)}


def load_pack(place: str | Path) -> Pack:
    """The pack of a name that `known_packs` has, or the one in a folder.

    Raises:
        PackError: There is no such pack, or it cannot be loaded.
    """
    return load_folder(folder_of(place))


def load_folder(folder: Path) -> Pack:
    """The pack in a folder, which is read again where one of its files has changed.

    Raises:
        PackError: Something in it, or in the pack that it revises, is not as it should be.
    """
    folders = lineage(folder)
    return _loaded(folders, tuple(map(_state, folders)))


def _state(folder: Path) -> tuple[str, frozenset[tuple[str, int, int, int]]]:
    """What differs once a folder, or one of the files right in it, is another one."""
    found = set()
    with os.scandir(folder) as entries:
        for each in entries:
            with suppress(OSError):  # a link that leads nowhere
                seen = each.stat()
                found.add((each.name, seen.st_ino, seen.st_mtime_ns, seen.st_size))
    return os.path.abspath(folder), frozenset(found)


@lru_cache(maxsize=16)
def _loaded(folders: Sequence[Path], _: object) -> Pack:
    """The pack in the first of the folders of its `lineage`, as they are now."""
    folder, table = folders[0], read(folders[0] / FILE)
    base = load_folder(folders[1]) if folders[1:] else _NONE
    named = {"name": folder.resolve().name, **table.values}
    values = Table(table.place, named).read(PACK if base is _NONE else REVISION)
    inherits_pin = base.upstream and "upstream" not in table.values
    pin = base.upstream if inherits_pin else pin_of(table)
    runtime = _runtime(values["runtime"], folder) if "runtime" in table.values else base.runtime
    return Pack(
        name=values["name"],
        sections=_sections(values, table, folders, base, pin.root if pin else ""),
        title=values["title"],
        upstream=pin,
        checks=tuple(_revised_checks(base.checks, [*map(_check, values["check"])])),
        runtime=runtime,
        needed_with=values["needed_with"].read_all(Key()) or base.needed_with,
        document=_document(table, values["document"], folder),
        accelerator=_accelerator(table, values["accelerator"], folder) or base.accelerator,
        revises=() if base is _NONE else (base.name, *base.revises),
    )


def _sections(
    values: Mapping[str, Any], table: Table, folders: Sequence[Path], base: Pack, root: str
) -> tuple[Section, ...]:
    """The sections of the pack in the first of some folders, which each revise the next."""
    prefix = "" if values["name"] == DEFAULT else f"{values['name']}/"
    signatures = {
        **next((each.signatures for each in base.sections), {}),
        **values["signatures"].read_all(Key(TEXTS)),
    }
    tables = section_tables(folders)
    sections = [load_section(each, name, prefix, root, signatures) for name, each in tables.items()]
    if (rules := sum(len(each.rules) for each in sections)) > _MOST_RULES:
        raise table.error("sections", f"{rules:,} rules in all", f"at most {_MOST_RULES:,}")
    attempts = {name: quote for each in sections for name, quote in attempts_of(each)}
    return tuple(replace(each, attempts=attempts) for each in sections)


def _revised_checks(base: Sequence[CheckSpec], own: Sequence[CheckSpec]) -> Iterator[CheckSpec]:
    """The checks of a revision: one of its own takes the place of the base's of that label."""
    new = {each.label: each for each in own}
    for each in base:
        yield new.pop(each.label, each)
    yield from (each for each in own if each.label in new)


def _document(table: Table, name: str, folder: Path) -> Path | None:
    if not name:
        return None
    require_path(table, "document", name, "the pack's folder")
    if not (folder / name).is_file():
        raise table.error("document", f"no file {name}", "one in the pack's folder")
    return folder / name


def _accelerator(table: Table, name: str, folder: Path) -> Path | None:
    return accelerator_file(table, name, folder) if name else None


def check_keys(check: str) -> Mapping[str, Key]:
    """What the table of a check may hold."""
    return {"check": Key(), "label": Key(TEXT, check), **CHECKS[check]}


def _check(table: Table) -> CheckSpec:
    check = table.get("check", Key())
    if check not in CHECKS:
        hint = did_you_mean(check, CHECKS, "remove it")
        raise table.error("check", f"no check `{check}`", f"one of {', '.join(CHECKS)}", hint)
    values = table.read(check_keys(check))
    options = {name: values[name] for name in CHECKS[check] if name in table.values}
    return CheckSpec(check, values["label"], options)


def _runtime(table: Table, folder: Path) -> Runtime:
    """The runtime that a pack names: a folder in the pack, else a shipped one."""
    name, packages = table.read(RUNTIME).values()
    if name != ".":  # the pack's folder itself
        require_path(table, "folder", name, "the pack's folder")
    if not packages:
        raise table.error("packages", "none", "at least one")
    for package in packages:
        require_path(table, "packages", package, "that folder")
    for place in (folder / name, VENDOR / name):
        if all((place / package).is_dir() for package in packages):
            return Runtime(place, packages)
    inside = " and ".join(f"{package}/" for package in packages)
    raise table.error("folder", f"no folder {name} with {inside} in it", "one in the pack")


def require_one_name(packs: Sequence[Pack]) -> None:
    """Check that no two packs share a name, by which their rules are known.

    Raises:
        PackError: Two do.
    """
    names = [pack.name for pack in packs]
    for name in names:
        if names.count(name) > 1:
            raise PackError(name, "two packs of this name", "one of each name", "rename one")
