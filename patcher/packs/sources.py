"""Where packs come from: shipped with effpatch, a folder, or an installed distribution."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from patcher.errors import PackError, did_you_mean
from patcher.resources import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from importlib.metadata import EntryPoint

    from patcher.model import Pack

GROUP = "effpatch.packs"
FILE = "pack.toml"  # by which a folder is a pack


def folder_of(place: str | Path, beside: Path | None = None) -> Path:
    """The folder of the pack that a name means: a shipped or installed one, or a folder's.

    A path is a folder's own. Folders of that name are looked for in the folder `beside`; left out,
    in the current one.

    Raises:
        PackError: There is no such pack.
    """
    name = str(place)
    if is_path(name):
        if Path(place).is_file():
            raise PackError(name, "is a file", "the folder of a pack", f"name {Path(place).parent}")
        if not Path(place).exists():
            raise _no_folder(Path(place))
        return Path(place)
    if (RULES / name / FILE).is_file():
        return RULES / name
    for point in _installed():
        if point.name == name:
            return _folder(point)
    if (folder := Path(beside or "", name)).is_dir():
        return folder
    known = known_packs()
    hint = did_you_mean(name, known, "name one of them, or a folder")
    raise PackError(f"pack {name}", "no pack of this name", f"one of {', '.join(known)}", hint)


def _no_folder(place: Path) -> PackError:
    """The error that there is no folder at a place; a hint names one of a similar name."""
    others = [str(each) for each in place.parent.glob("*") if (each / FILE).is_file()]
    hint = did_you_mean(str(place), others, "name the folder of a pack")
    return PackError(str(place), "no such folder", "the folder of a pack", hint)


def is_known(name: str) -> bool:
    """Whether `known_packs` has a name; what is installed is looked at only for other names."""
    return name in shipped_packs() or any(point.name == name for point in _installed())


def known_packs() -> tuple[str, ...]:
    """The names that `load_pack` takes: the shipped packs first, then the installed ones."""
    shipped = shipped_packs()
    installed = sorted({point.name for point in _installed()} - set(shipped))
    return (*shipped, *installed)


def shipped_packs() -> tuple[str, ...]:
    """The names of the packs that come with effpatch."""
    return tuple(sorted(file.parent.name for file in RULES.glob(f"*/{FILE}")))


def related(packs: Sequence[Pack], known: Iterable[Pack]) -> Iterator[Pack]:
    """The known packs for the upstream of some packs, without these."""
    chosen = {pack.name for pack in packs}
    upstreams = {pack.upstream.repository for pack in packs if pack.upstream} - {""}
    for pack in known:
        if pack.name not in chosen and pack.upstream and pack.upstream.repository in upstreams:
            yield pack


def _installed() -> Iterable[EntryPoint]:
    from importlib.metadata import entry_points  # which shipped packs do without

    return entry_points(group=GROUP)


def is_path(name: str) -> bool:
    """Whether the name of a pack is the path of a folder instead."""
    separators = {os.sep, os.altsep or os.sep}
    return name in (".", "..") or any(each in name for each in separators)


def _folder(point: EntryPoint) -> Path:
    """The folder that an entry point names, as `package.folder`; nothing is imported to find it."""
    top, *parts = point.module.split(".")
    spec = find_spec(top)
    for found in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(found, *parts)
        if (folder / FILE).is_file():
            return folder
    found = f"the entry point names {point.module}, in which there is no {FILE}"
    raise PackError(f"pack {point.name}", found, next_step="install its distribution again")
