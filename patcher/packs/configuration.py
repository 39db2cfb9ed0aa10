"""The configuration file of a repository: the packs, rules and stack that its users mean.

It is `effpatch.toml`, or the table `tool.effpatch` of `pyproject.toml`. Nothing in it is run.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from patcher import reading
from patcher.errors import PackError, SelectionError, did_you_mean, reason
from patcher.packs.sources import is_known, is_path, known_packs
from patcher.packs.tables import LARGEST, TEXT, TEXTS, Key, Table, parse

FILE, PROJECT = "effpatch.toml", "pyproject.toml"
KEYS = {
    "packs": Key(TEXTS, [], "The packs to use: names, or folders relative to this file."),
    "skip": Key(TEXTS, [], "Rules to leave out: ids, or patterns such as `main-*`."),
    "stack": Key(TEXT, "", "The environment to train in, a folder relative to this file."),
}


class Configuration(NamedTuple):
    """What a configuration file says.

    Attributes:
        place: The file, and what in it, for sentences.
        folder: The folder that it is in.
        packs: Names and folders, as `load_pack` takes them.
        skip: Ids of rules, and patterns.
        stack: A folder; None where it names none.
    """

    place: str
    folder: Path
    packs: tuple[str, ...]
    skip: tuple[str, ...]
    stack: Path | None


def find(start: Path, notify: Callable[[str], object] = lambda _: None) -> Configuration | None:
    """The configuration for a folder: that of the nearest one upwards which has a file of it.

    The search ends at the root of a git repository and at the user's home. A file of another user
    is passed over, and `notify` told, unless the folder `start` is that user's as well.

    Raises:
        SelectionError: The file cannot be read, or something in it is not as it should be.
    """
    home = Path(os.path.realpath(os.path.expanduser("~")))
    for folder in (start, *start.parents):
        for name in (FILE, PROJECT):
            file = folder / name
            place = name if folder == start else str(file)
            try:
                table = _table(file, place) if os.path.lexists(file) else None
                if table and _is_foreign(file, start):
                    notify(f"{place}: belongs to another user, so effpatch does not use it")
                elif table:
                    return _configuration(table, folder)
            except PackError as error:
                parts = error.place, error.found, error.wanted, error.next_step
                raise SelectionError(*parts) from None
        if folder == home or os.path.lexists(folder / ".git"):
            break
    return None


def _table(file: Path, place: str) -> Table | None:
    """The table of a file; None where a project has none, or its file is none to be read."""
    try:
        content = reading.read(file, LARGEST)
    except OSError as error:
        if file.name == PROJECT:
            return None
        step = "correct or remove it"
        raise PackError(place, f"cannot be read ({reason(error)})", next_step=step) from None
    if file.name == PROJECT and b"effpatch" not in content:
        return None
    try:
        table = parse(content.decode("utf-8"), place)
    except UnicodeDecodeError as error:
        raise PackError(place, f"not UTF-8 at byte {error.start}", next_step="correct it") from None
    if file.name == FILE:
        return table
    tools = table.values.get("tool")
    if not isinstance(tools, dict) or "effpatch" not in tools:
        return None
    if not isinstance(tools["effpatch"], dict):
        raise table.error("tool.effpatch", f"found {tools['effpatch']!r}", "a table")
    return Table(f"{place}: tool.effpatch", tools["effpatch"])


def _is_foreign(file: Path, start: Path) -> bool:
    """Whether a file, or a link to it, belongs to neither the user nor who owns a folder."""
    owners = {file.lstat().st_uid, file.stat().st_uid}
    return not owners <= {os.geteuid(), 0, start.stat().st_uid}


def _configuration(table: Table, folder: Path) -> Configuration:
    values = table.read(KEYS)
    packs = tuple(_pack(name, table, folder) for name in values["packs"])
    stack = folder / values["stack"] if values["stack"] else None
    return Configuration(table.place, folder, packs, values["skip"], stack)


def _pack(name: str, table: Table, folder: Path) -> str:
    """A pack as `load_pack` takes it: a name that is known, else the path of a folder."""
    if name and not is_path(name) and is_known(name):
        return name
    if name and (folder / name).is_dir():
        return str(folder / name)
    known = known_packs()
    hint = did_you_mean(name, known, "name one of them, or a folder")
    raise table.error("packs", f"no pack {name!r}", f"a folder, or one of {', '.join(known)}", hint)
