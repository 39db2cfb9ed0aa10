"""Files that are no longer where a pack has them: found by name and content."""

import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path, PurePath

from patcher.errors import MismatchError, PatchError
from patcher.model import Need, Pack, Rule, Section, State
from patcher.tree.files import Tree
from patcher.tree.upstream import with_paths

# Folders of builds and installations, whose files are copies.
_COPIES = {"build", "dist", "node_modules", "site-packages"}
_IMPORT = re.compile(r"(?m)^\s*(import|from) ")


def relocate(packs: Sequence[Pack], tree: Tree) -> tuple[tuple[Pack, ...], dict[str, str]]:
    """Packs with the paths that their files have in a tree.

    A file that is not at its path is the one of its name, elsewhere in the tree, in which a rule
    finds what it quotes; an `__init__.py` goes by the name of its folder. Else it is the one that
    it was renamed to, if its content makes that clear: see `_renamed`. A file that rules only need
    something of is the one of its name that has that.

    Returns:
        The packs, and where each file is that is not at its path, by that path.

    Raises:
        MismatchError: There is more than one such file of its name.
    """
    sections = [section for pack in packs for section in pack.sections]
    gone: dict[str, list[Section]] = {}
    for section in sections:
        if not tree.present([section.path]):
            gone.setdefault(section.path, []).append(section)
    moved = _of_the_same_name(gone, tree) if gone else {}
    if lost := {path: mine for path, mine in gone.items() if path not in moved}:
        pins = (pack.upstream for pack in packs if pack.upstream)
        known = {path for pin in pins for path in pin.sha256} | {each.path for each in sections}
        moved |= _renamed(lost, known.union(moved.values()), tree)
    moved |= _needed_elsewhere(packs, tree)
    if not moved:
        return tuple(packs), moved
    return tuple(with_paths(pack, lambda path: moved.get(path, path)) for pack in packs), moved


def _needed_elsewhere(packs: Sequence[Pack], tree: Tree) -> dict[str, str]:
    """Where files are that rules only need something of, by the paths that the rules have."""
    needs: dict[str, list[Need]] = {}
    for need in (need for pack in packs for _, _, rule in pack.entries() for need in rule.needs):
        needs.setdefault(need.file, []).append(need)
    known = {section.path for pack in packs for section in pack.sections}
    gone = needs.keys() - known.union(tree.present(needs))
    places = list(_places({Path(path).name for path in gone}.__contains__, tree)) if gone else []
    found = {
        path: [p for p in places if _name(p) == _name(path) and _has(p, needs[path], tree)]
        for path in gone
    }
    return {path: there[0] for path, there in found.items() if len(there) == 1}


def _of_the_same_name(gone: Mapping[str, Sequence[Section]], tree: Tree) -> dict[str, str]:
    """Where files are that moved to another folder, by the paths that their sections have."""
    names = {Path(path).name for path in gone}
    places, moved = list(_places(names.__contains__, tree)), {}
    for path, sections in gone.items():
        named = (place for place in places if _name(place) == _name(path))
        found = [place for place in named if _fitting(place, sections, tree)]
        if len(found) > 1:
            fitting = f"not there, but its edits fit {' and '.join(found)}"
            next_step = "move it back to its place, or the others out of the tree"
            raise MismatchError(path, fitting, "one file that they fit", next_step)
        if found:
            moved[path] = found[0]
    return moved


def _renamed(
    lost: Mapping[str, Sequence[Section]], known: Collection[str], tree: Tree
) -> dict[str, str]:
    """Where files are that were renamed, by the paths that their sections have.

    A file is followed to the one other Python file in which more than half of the rules that quote
    its code, and two at least, find what they quote, before or after their edits. They must not all
    quote imports, which many files share. Files of the same folder go before those elsewhere.

    Where that is not clear, the file counts as absent: if several others fit, if one fits in place
    of several, and for an `__init__.py`. None is taken that packs or pins know by its path.
    """
    others = [place for place in _places(_is_module, tree) if place not in known]
    found = {}
    for path, sections in lost.items():
        near = [place for place in others if PurePath(place).parent == PurePath(path).parent]
        far = [place for place in others if place not in near]
        fitting = (
            [place for place in places if _is_told_by_content(place, sections, tree)]
            for places in (near, far)
            if _is_module(path)
        )
        found[path] = next(filter(None, fitting), [])
    clear = {path: places[0] for path, places in found.items() if len(places) == 1}
    times = Counter(clear.values())
    return {path: place for path, place in clear.items() if times[place] == 1}


def _is_module(path: str) -> bool:
    return path.endswith(".py") and PurePath(path).name != "__init__.py"


def _is_told_by_content(path: str, sections: Sequence[Section], tree: Tree) -> bool:
    """Whether a file holds what most rules of sections quote, and more than imports."""
    quoting = [rule for section in sections for rule in section.rules if rule.before]
    least = max(2, len(quoting) // 2 + 1)
    try:
        content = tree.read([path])[path]
    except PatchError:
        return False
    if sum(_may_hold(content, rule) for rule in quoting) < least:
        return False
    fitting = _fitting(path, sections, tree)
    return len(fitting) >= least and not all(_IMPORT.search(rule.before) for rule in fitting)


def _may_hold(content: bytes, rule: Rule) -> bool:
    """Whether a file has half of the words of one of a rule's quotes; parsing it takes longer."""
    for quote in filter(None, (rule.before, rule.after)):
        words = set(re.findall(r"\w+", quote))
        if 2 * sum(word.encode() in content for word in words) >= len(words):
            return True
    return False


def _name(path: str) -> tuple[str, str]:
    """What a file goes by: its name, and that of its folder where all such files have the same."""
    place = Path(path)
    return place.name, place.parent.name if place.name == "__init__.py" else ""


def _places(is_wanted: Callable[[str], bool], tree: Tree) -> Iterator[str]:
    """The files of such names; links, copies and hidden folders are left out."""
    for folder, folders, files in os.walk(tree.root):
        if "pyvenv.cfg" in files and Path(folder) != tree.root:
            folders.clear()
        folders[:] = sorted(set(folders) - _COPIES - {f for f in folders if f.startswith(".")})
        for place in (Path(folder, name) for name in sorted(filter(is_wanted, files))):
            if place.is_file() and not place.is_symlink():
                yield place.relative_to(tree.root).as_posix()


def _fitting(path: str, sections: Sequence[Section], tree: Tree) -> list[Rule]:
    """The rules of a file that find in another what they quote, before or after their edits."""
    from patcher import engine

    rules = {section.id_of(rule): rule for section in sections for rule in section.rules}
    quoting = {id_ for id_, rule in rules.items() if rule.before}
    try:
        content = tree.read([path])[path]
        plan = engine.plan_alone([Pack("", tuple(sections))], {sections[0].path: content}, quoting)
    except PatchError:
        return []
    known = (State.PENDING, State.APPLIED)
    return [rules[each.id] for each in plan.outcomes if each.sites and each.state in known]


def _has(path: str, needs: Sequence[Need], tree: Tree) -> bool:
    """Whether a file has all that rules need of it."""
    from patcher.engine.needs import holds

    try:
        content = tree.read([path])[path]
    except PatchError:
        return False
    return all(holds(need, content) for need in needs)
