"""Files that are no longer where a pack has them: found by name and content."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from patcher.errors import MismatchError, PatchError
from patcher.model import Pack, Section, State
from patcher.tree.files import Tree

# Folders of builds and installations, whose files are copies.
_COPIES = {"build", "dist", "node_modules", "site-packages"}


def relocate(pack: Pack, tree: Tree) -> tuple[Pack, dict[str, str]]:
    """The pack with the paths that its files have in a tree.

    A file that is not at its path is the one of its name, elsewhere in the tree, in which a rule
    finds what it quotes. An `__init__.py` goes by the name of its folder.

    Returns:
        The pack, and where each file is that is not at its path, by that path.

    Raises:
        MismatchError: There is more than one such file.
    """
    gone = [section for section in pack.sections if not tree.present([section.path])]
    places = list(_places({Path(each.path).name for each in gone}, tree)) if gone else []
    moved = {}
    for section in gone:
        named = (path for path in places if _name(path) == _name(section.path))
        found = [path for path in named if _holds(path, section, tree)]
        if len(found) > 1:
            fitting = f"not there, but its edits fit {' and '.join(found)}"
            next_step = "move it back to its place, or the others out of the tree"
            raise MismatchError(section.path, fitting, "one file that they fit", next_step)
        if found:
            moved[section.path] = found[0]
    sections = tuple(replace(s, path=moved.get(s.path, s.path)) for s in pack.sections)
    return replace(pack, sections=sections) if moved else pack, moved


def _name(path: str) -> tuple[str, str]:
    """What a file goes by: its name, and that of its folder where all such files have the same."""
    place = Path(path)
    return place.name, place.parent.name if place.name == "__init__.py" else ""


def _places(names: set[str], tree: Tree) -> Iterator[str]:
    """The files of these names; links, copies and hidden folders are left out."""
    for folder, folders, files in os.walk(tree.root):
        if "pyvenv.cfg" in files and Path(folder) != tree.root:
            folders.clear()
        folders[:] = sorted(set(folders) - _COPIES - {f for f in folders if f.startswith(".")})
        for place in (Path(folder, name) for name in names.intersection(files)):
            if place.is_file() and not place.is_symlink():
                yield place.relative_to(tree.root).as_posix()


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
