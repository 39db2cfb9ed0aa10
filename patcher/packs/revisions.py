"""A pack that revises another: what its files leave out is as the files of the other have it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from patcher.errors import PackError
from patcher.packs.rules import RULE, SECTION
from patcher.packs.sources import FILE, folder_of
from patcher.packs.tables import NUMBERS, TEXT, TEXTS, Key, Table, read

NAME = (r"\w[\w.-]*", "letters, digits, `_`, `-` and `.`")
REVISES = Key(TEXT, "", "The pack of which this one is a revision, by name.", NAME)
REVISED = {
    "heading": SECTION["heading"],
    "path": SECTION["path"]._replace(default=""),
    "items": Key(NUMBERS, [], "The base's items in their new order, 0 for a new one; or as there."),
    "rule": SECTION["rule"],
}
_MOST_BASES, _MOST_SECTIONS = 10, 200
_LARGEST = 4_000_000  # bytes of the sections of a folder


def lineage(folder: Path) -> tuple[Path, ...]:
    """The folder of a pack, that of the pack that it revises, and so on.

    Raises:
        PackError: One is not known, or revises itself in the end.
    """
    folders = [folder]
    while name := (table := read(folders[-1] / FILE)).get("revises", REVISES):
        try:
            base = folder_of(name, folders[-1].parent)
        except PackError as error:
            raise table.error(
                "revises", f"no pack `{name}`", error.wanted, error.next_step
            ) from None
        if base.resolve() in [each.resolve() for each in folders]:
            raise table.error("revises", f"`{name}`, which revises this pack", "a pack of its own")
        if len(folders) > _MOST_BASES:
            found, wanted = f"more than {_MOST_BASES} packs in a row", "fewer"
            raise table.error("revises", found, wanted)
        folders.append(base)
    return tuple(folders)


def section_tables(folders: Sequence[Path]) -> dict[str, Table]:
    """The table of each section of a pack, by name, with all that its bases say and it does not.

    Args:
        folders: The pack's `lineage`.

    Raises:
        PackError: One cannot be read, or does not go with what it revises.
    """
    folder, *bases = folders
    base = section_tables(bases) if bases else {}
    table = read(folder / FILE)
    names = table.get("sections", Key(TEXTS, [*base] if bases else None))
    _check_sections(table, names, folder, base)
    return {name: _section(folder / f"{name}.toml", base.get(name)) for name in names}


def _section(file: Path, base: Table | None) -> Table:
    if base is None:
        return read(file)
    return _revised(read(file), base) if file.is_file() else base


def _revised(own: Table, base: Table) -> Table:
    """The section that one of a revision and that of its base make together."""
    values = own.read(REVISED)
    rules = _renumbered(own, values["items"], base.values["rule"])
    items = [rule.get("item", RULE["item"]) for rule in values["rule"]]
    for item, rule in zip(items, values["rule"], strict=True):
        if items.count(item) > 1:
            raise own.error("item", f"two rules of item {item}", "one of each item")
        every = {**rules.get(item, {}), **rule.values}
        rules[item] = {key: value for key, value in every.items() if value != ""}
    for item, rule in rules.items():
        if not rule:
            raise own.error("items", f"0 for item {item}, which has no rule", "one of that item")
    stated = {key: values[key] for key in ("heading", "path") if values[key]}
    return Table(own.place, {**base.values, **stated, "rule": [*rules.values()]})


def _renumbered(
    own: Table, items: Sequence[int], rules: Sequence[Mapping[str, object]]
) -> dict[object, Mapping[str, object]]:
    """The rules of the base by the items that they have here; an empty one for a new item."""
    known = {rule["item"]: rule for rule in rules}
    for item in items:
        if item and item not in known:
            wanted = f"one of {', '.join(map(str, known))}, or 0"
            raise own.error("items", f"no item {item} in the base", wanted)
        if item and items.count(item) > 1:
            raise own.error("items", f"{item} is listed twice", "each once")
    if not items:
        return dict(known)
    numbered = enumerate(items, 1)
    return {number: {**known[item], "item": number} if item else {} for number, item in numbered}


def _check_sections(
    table: Table, names: Sequence[str], folder: Path, base: Collection[str]
) -> None:
    """Check that the sections are the files of the folder and those of its base, each once."""
    if len(names) > _MOST_SECTIONS:
        found, wanted = f"{len(names):,} sections", f"at most {_MOST_SECTIONS}"
        raise table.error("sections", found, wanted)
    files = {file.stem for file in folder.glob("*.toml")} - {Path(FILE).stem}
    times = Counter(names)
    for name in names:
        if name not in files and name not in base:
            more = " that the base lacks" if base else ""
            raise table.error("sections", f"no file {name}.toml", f"one for each section{more}")
        if times[name] > 1:
            raise table.error("sections", f"`{name}` is listed twice", "each once")
    size = sum((folder / f"{name}.toml").stat().st_size for name in files.intersection(names))
    if size > _LARGEST:
        raise table.error("sections", f"{size:,} bytes in all", f"at most {_LARGEST:,}")
    for stray in sorted(files.difference(names)):
        raise table.error(
            "sections", f"lacks `{stray}` although {stray}.toml exists", "every section file"
        )
