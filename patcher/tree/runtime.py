"""The runtime that comes with effpatch, beside the program that imports it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from patcher.errors import EditedSince, RuntimeBarred
from patcher.model import Change
from patcher.resources import VENDOR
from patcher.tree.files import Tree, digest

FOLDER = VENDOR / "habana_common"
# Where it is in a tree: Python looks for modules where the program is.
_PLACE = "efficientdet/TensorFlow"
_CACHE = "__pycache__"


def files() -> dict[str, bytes]:
    """The runtime's modules, by their paths in a tree."""
    source = FOLDER / "TensorFlow"
    found = (file for file in sorted(source.rglob("*.py")))
    return {f"{_PLACE}/{file.relative_to(source).as_posix()}": file.read_bytes() for file in found}


def without(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a tree that are not the runtime's."""
    ours = files()
    return {path: content for path, content in contents.items() if ours.get(path) != content}


def additions(tree: Tree, ours: Mapping[str, str]) -> list[Change]:
    """What puts the runtime into a tree.

    Args:
        tree: The tree.
        ours: SHA-256 of what effpatch has put there before, by path.

    Raises:
        RuntimeBarred: Something else of its name is there.
        EditedSince: It is there, and was edited since.
    """
    wanted = files()
    _require_room(tree, wanted)
    there = tree.read(wanted)
    changes = [
        Change(path, there.get(path), content)
        for path, content in wanted.items()
        if there.get(path) != content
    ]
    edited = [c.path for c in changes if c.before is not None and not _is_ours(c, ours)]
    if edited:
        raise EditedSince(edited) if set(edited) <= set(ours) else RuntimeBarred(edited[0])
    return changes


def removals(tree: Tree, ours: Mapping[str, str]) -> list[Change]:
    """What takes the runtime out of a tree again, and what Python has compiled of it.

    Raises:
        EditedSince: It was edited since.
    """
    there = tree.read(ours)
    edited = [path for path in there if digest(there[path]) != ours[path]]
    if edited:
        raise EditedSince(edited)
    compiled = tree.read(name for path in there for name in _compiled(tree, path))
    return [Change(path, content, None) for path, content in {**there, **compiled}.items()]


def _require_room(tree: Tree, wanted: Mapping[str, bytes]) -> None:
    folder = tree.root / _PLACE
    if not os.path.lexists(folder):
        return
    if folder.is_symlink() or not folder.is_dir():
        raise RuntimeBarred(_PLACE)
    for place in sorted(folder.rglob("*")):
        path = place.relative_to(tree.root).as_posix()
        known = path in wanted or any(name.startswith(f"{path}/") for name in wanted)
        if place.is_symlink() or not (known or _CACHE in place.parts):
            raise RuntimeBarred(path)


def _is_ours(change: Change, ours: Mapping[str, str]) -> bool:
    return digest(change.before) == ours.get(change.path)


def _compiled(tree: Tree, path: str) -> list[str]:
    place = Path(tree.root, path)
    found = place.parent.glob(f"{_CACHE}/{place.stem}.*.pyc")
    return [file.relative_to(tree.root).as_posix() for file in found]
