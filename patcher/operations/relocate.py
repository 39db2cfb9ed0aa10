"""Files that are no longer where a pack has them: looked for by name and content."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from patcher.errors import MismatchError, PatchError
from patcher.model import Pack, Section, State
from patcher.tree.files import Tree

# Folders of what was built or installed, whose files are copies.
_COPIES = {"build", "dist", "node_modules", "site-packages"}
_INIT = "__init__.py"


def found(pack: Pack, tree: Tree) -> tuple[Pack, dict[str, str]]:
    """The pack with the paths that its files have in a tree.

    A file that is not at its path is the one of its name, elsewhere in the tree, in which a rule
    finds what it quotes. For the name of an `__init__.py` goes that of its folder.

    Args:
        pack: The pack.
        tree: The tree.

    Returns:
        The pack, and where each file is that is not at its path, by that path.

    Raises:
        MismatchError: There is more than one such file.
    """
    gone = {s.path for s in pack.sections} - set(tree.present(s.path for s in pack.sections))
    if not gone:
        return pack, {}
    places = _places({Path(path).name for path in gone}, tree)
    moved = {}
    for section in (each for each in pack.sections if each.path in gone):
        named = (e for e in places[Path(section.path).name] if _named(e) == _named(section.path))
        here = [path for path in named if _holds(path, section, tree)]
        if len(here) > 1:
            found = f"not found, but its edits fit {' and '.join(here)}"
            step = "move it back, or remove the other copies"
            raise MismatchError(section.path, found, "only one such file", step)
        if here:
            moved[section.path] = here[0]
    sections = tuple(replace(s, path=moved.get(s.path, s.path)) for s in pack.sections)
    return replace(pack, sections=sections), moved


def _named(path: str) -> str:
    """The name of a module."""
    place = Path(path)
    return place.parent.name if place.name == _INIT else place.name


def _places(names: set[str], tree: Tree) -> Mapping[str, list[str]]:
    """Where the files of some names are; links, copies and hidden folders are left out."""
    places: dict[str, list[str]] = {name: [] for name in names}
    for folder, folders, files in os.walk(tree.root):
        if "pyvenv.cfg" in files and Path(folder) != tree.root:
            folders.clear()
        shown = (each for each in folders if not each.startswith("."))
        folders[:] = sorted(each for each in shown if each not in _COPIES)
        for name in names.intersection(files):
            place = Path(folder, name)
            if place.is_file() and not place.is_symlink():
                places[name].append(place.relative_to(tree.root).as_posix())
    return places


def _holds(path: str, section: Section, tree: Tree) -> bool:
    """Whether a rule of the section finds in a file what it quotes, before or after its edit."""
    from patcher import engine

    quoting = {section.id_of(rule) for rule in section.rules if rule.before}
    try:
        content = tree.read([path])[path]
        plan = engine.plan([Pack("", (section,))], {section.path: content}, quoting)
    except PatchError:
        return False
    known = (State.PENDING, State.APPLIED)
    return any(outcome.sites and outcome.state in known for outcome in plan.outcomes)
