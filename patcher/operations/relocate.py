"""Files that are no longer where a pack has them: found by name and content."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from patcher.errors import MismatchError, PatchError
from patcher.model import Need, Pack, Section, State
from patcher.tree.files import Tree
from patcher.tree.upstream import with_paths

# Folders of builds and installations, whose files are copies.
_COPIES = {"build", "dist", "node_modules", "site-packages"}


def relocate(pack: Pack, tree: Tree) -> tuple[Pack, dict[str, str]]:
    """The pack with the paths that its files have in a tree.

    A file that is not at its path is the one of its name, elsewhere in the tree, in which a rule
    finds what it quotes; a file that rules only need something of is the one that has that. An
    `__init__.py` goes by the name of its folder.

    Returns:
        The pack, and where each file is that is not at its path, by that path.

    Raises:
        MismatchError: There is more than one such file.
    """
    gone = [section for section in pack.sections if not tree.present([section.path])]
    needs = _needs_gone(pack, tree)
    names = {Path(path).name for path in [*(each.path for each in gone), *needs]}
    places = list(_places(names, tree)) if names else []
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
    for path, wanted in needs.items():
        found = [p for p in places if _name(p) == _name(path) and _has(p, wanted, tree)]
        moved.update({path: found[0]} if len(found) == 1 else {})
    return with_paths(pack, lambda path: moved.get(path, path)) if moved else pack, moved


def _needs_gone(pack: Pack, tree: Tree) -> dict[str, list[Need]]:
    """What rules need of files that are not at their paths, but for those of sections."""
    found = dict[str, list[Need]]()
    for need in (need for _, _, rule in pack.entries() for need in rule.needs):
        found.setdefault(need.file, []).append(need)
    known = {section.path for section in pack.sections}.union(tree.present(found))
    return {path: needs for path, needs in found.items() if path not in known}


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
        plan = engine.plan_alone([Pack("", (section,))], {section.path: content}, quoting)
    except PatchError:
        return False
    known = (State.PENDING, State.APPLIED)
    return any(outcome.sites and outcome.state in known for outcome in plan.outcomes)


def _has(path: str, needs: Sequence[Need], tree: Tree) -> bool:
    """Whether a file has all that rules need of it."""
    from patcher.engine.needs import holds

    try:
        content = tree.read([path])[path]
    except PatchError:
        return False
    return all(holds(need, content) for need in needs)
