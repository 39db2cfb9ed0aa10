"""A pack from its folder: `pack.toml`, and one TOML file per section. No code runs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from patcher.errors import PackError, did_you_mean
from patcher.model import CheckSpec, Pack, Runtime, Section
from patcher.packs.checks import CHECKS, RANGE, STRINGS
from patcher.packs.pins import pin_of
from patcher.packs.rules import load_section
from patcher.packs.tables import Table, read
from patcher.resources import VENDOR

DEFAULT = "documented"  # the pack whose rules are named without it
FILE = "pack.toml"
PACK_KEYS = (
    "name",
    "title",
    "upstream",
    "sections",
    "check",
    "runtime",
    "signatures",
    "needed_with",
)


@lru_cache(maxsize=16)
def load_folder(folder: Path) -> Pack:
    """The pack in a folder.

    Raises:
        PackError: Something in it is not as it should be.
    """
    table = read(folder / FILE)
    table.require_known(PACK_KEYS)
    name = table.get("name", str, folder.resolve().name)
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise table.error("name", f"found {name!r}", "letters, digits, `_`, `-` and `.`")
    return Pack(
        name=name,
        sections=_sections(table, folder, "" if name == DEFAULT else f"{name}/"),
        title=table.get("title", str),
        upstream=pin_of(table),
        checks=tuple(_check(each) for each in table.tables("check")),
        runtime=_runtime(table, folder) if "runtime" in table.values else None,
        needed_with=_versions(table.table("needed_with", {})),
    )


def _sections(table: Table, folder: Path, prefix: str) -> tuple[Section, ...]:
    names = table.strings("sections")
    files = {file.stem for file in folder.glob("*.toml")} - {Path(FILE).stem}
    for name in names:
        if name not in files:
            raise table.error("sections", f"no file {name}.toml", "one for each section")
        if names.count(name) > 1:
            raise table.error("sections", f"`{name}` is listed twice", "each once")
    for stray in sorted(files - set(names)):
        raise table.error("sections", f"lacks `{stray}`, whose file is there", "all of them")
    signatures = _signatures(table.table("signatures", {}))
    return tuple(load_section(folder / f"{name}.toml", prefix, signatures) for name in names)


def _check(table: Table) -> CheckSpec:
    check = table.get("check", str)
    if check not in CHECKS:
        hint = did_you_mean(check, CHECKS, "remove it")
        raise table.error("check", f"no check `{check}`", f"one of {', '.join(CHECKS)}", hint)
    known = CHECKS[check]
    table.require_known(("check", "label", *known))
    needed = [name for name in known if known[name].required or name in table.values]
    options = {name: _option(table, name, known[name].type) for name in needed}
    return CheckSpec(check, table.get("label", str, check), options)


def _option(table: Table, name: str, kind: object) -> object:
    """An option as the check takes it, lists as tuples."""
    if kind == STRINGS:
        return table.strings(name)
    if kind != RANGE:
        return table.get(name, int if kind is int else str)
    values = table.get(name, list)
    if [type(each) for each in values] != [int, int] or values[0] > values[1]:
        wanted = "the smallest number and the largest, in a list"
        raise table.error(name, f"found {values!r}", wanted)
    return tuple(values)


def _runtime(table: Table, folder: Path) -> Runtime:
    """The runtime that a pack names: a folder in the pack, else a shipped one."""
    runtime = table.table("runtime")
    runtime.require_known(("folder", "package"))
    name, package = runtime.get("folder", str), runtime.get("package", str)
    for place in (folder / name, VENDOR / name):
        if (place / package).is_dir():
            return Runtime(place, package)
    raise runtime.error("folder", f"no folder {name} with {package}/ in it", "one in the pack")


def _signatures(table: Table) -> dict[str, tuple[str, ...]]:
    return {name: table.strings(name) for name in table.values}


def _versions(table: Table) -> dict[str, str]:
    return {name: table.get(name, str) for name in table.values}


def require_one_name(packs: Sequence[Pack]) -> None:
    """Check that no two packs share a name, by which their rules are known.

    Raises:
        PackError: Two do.
    """
    names = [pack.name for pack in packs]
    for name in names:
        if names.count(name) > 1:
            raise PackError(name, "two packs of this name", "one of each name", "rename one")
