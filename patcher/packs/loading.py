"""A pack from its folder: `pack.toml`, and one TOML file per section. No code runs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from patcher.errors import PackError, did_you_mean
from patcher.model import CheckSpec, Pack, Runtime
from patcher.packs.checks import CHECKS
from patcher.packs.pins import pin_of, require_path
from patcher.packs.rules import attempts_of, load_section
from patcher.packs.tables import ANY, TABLE, TABLES, TEXT, TEXTS, Key, Table, read
from patcher.resources import VENDOR

DEFAULT = "documented"  # the pack whose rules are named without it
FILE = "pack.toml"
_MOST_SECTIONS, _MOST_RULES = 200, 2_000
_LARGEST = 4_000_000  # bytes of its sections
_NAME = (r"\w[\w.-]*", "letters, digits, `_`, `-` and `.`")
PACK = {
    "name": Key(TEXT, "", "The folder's name if left out.", _NAME),
    "title": Key(),
    "upstream": Key(ANY, about="A shipped upstream by name, or a pin."),
    "sections": Key(TEXTS, about="The section files in order, without `.toml`."),
    "check": Key(TABLES, []),
    "runtime": Key(TABLE, {}),
    "signatures": Key(TABLE, {}),
    "needed_with": Key(TABLE, {}),
    "document": Key(TEXT, "", "The document that the rules quote, a file in the pack's folder."),
}
RUNTIME = {"folder": Key(), "package": Key()}


@lru_cache(maxsize=16)
def load_folder(folder: Path) -> Pack:
    """The pack in a folder.

    Raises:
        PackError: Something in it is not as it should be.
    """
    table = read(folder / FILE)
    values = Table(table.place, {"name": folder.resolve().name, **table.values}).read(PACK)
    prefix = "" if values["name"] == DEFAULT else f"{values['name']}/"
    signatures = values["signatures"].read_all(Key(TEXTS))
    _check_sections(table, values["sections"], folder)
    pin = pin_of(table)
    sections = [
        load_section(folder / f"{name}.toml", prefix, pin.root, signatures)
        for name in values["sections"]
    ]
    if (rules := sum(len(each.rules) for each in sections)) > _MOST_RULES:
        raise table.error("sections", f"{rules:,} rules in all", f"at most {_MOST_RULES:,}")
    attempts = {name: quote for each in sections for name, quote in attempts_of(each)}
    return Pack(
        name=values["name"],
        sections=tuple(replace(each, attempts=attempts) for each in sections),
        title=values["title"],
        upstream=pin,
        checks=tuple(map(_check, values["check"])),
        runtime=_runtime(values["runtime"], folder) if "runtime" in table.values else None,
        needed_with=values["needed_with"].read_all(Key()),
        document=_document(table, values["document"], folder),
    )


def _document(table: Table, name: str, folder: Path) -> Path | None:
    if not name:
        return None
    require_path(table, "document", name, "the pack's folder")
    if not (folder / name).is_file():
        raise table.error("document", f"no file {name}", "one in the pack's folder")
    return folder / name


def _check_sections(table: Table, names: Sequence[str], folder: Path) -> None:
    """Check that the sections are the files of the folder, each once."""
    if len(names) > _MOST_SECTIONS:
        found, wanted = f"{len(names):,} sections", f"at most {_MOST_SECTIONS}"
        raise table.error("sections", found, wanted)
    files = {file.stem for file in folder.glob("*.toml")} - {Path(FILE).stem}
    times = Counter(names)
    for name in names:
        if name not in files:
            raise table.error("sections", f"no file {name}.toml", "one for each section")
        if times[name] > 1:
            raise table.error("sections", f"`{name}` is listed twice", "each once")
    size = sum((folder / f"{name}.toml").stat().st_size for name in names)
    if size > _LARGEST:
        raise table.error("sections", f"{size:,} bytes in all", f"at most {_LARGEST:,}")
    for stray in sorted(files.difference(names)):
        raise table.error("sections", f"lacks `{stray}`, whose file is there", "all of them")


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
    name, package = table.read(RUNTIME).values()
    if name != ".":  # the pack's folder itself
        require_path(table, "folder", name, "the pack's folder")
    require_path(table, "package", package, "that folder")
    for place in (folder / name, VENDOR / name):
        if (place / package).is_dir():
            return Runtime(place, package)
    raise table.error("folder", f"no folder {name} with {package}/ in it", "one in the pack")


def require_one_name(packs: Sequence[Pack]) -> None:
    """Check that no two packs share a name, by which their rules are known.

    Raises:
        PackError: Two do.
    """
    names = [pack.name for pack in packs]
    for name in names:
        if names.count(name) > 1:
            raise PackError(name, "two packs of this name", "one of each name", "rename one")
