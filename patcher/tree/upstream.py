"""The tree that a user names, and the paths that the files of packs have in it."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from patcher.errors import SelectionError, TreeError
from patcher.model import Pack, Rule
from patcher.paths import is_plain
from patcher.tree.files import Tree

_FILE = "file"  # the option of a check that is a path


def open_tree(
    place: Path, packs: Sequence[Pack], root: str | None = None
) -> tuple[Tree, tuple[Pack, ...]]:
    """The tree at a folder, and the packs with the paths that their files have in it.

    Args:
        place: The checkout's root; where `root` is None, also the pin's root folder in it.
        packs: At least one of their files must be there.
        root: The folder below `place` that stands for the pin's root folder, "." for `place`
            itself; None where it is called as in the pin.

    Raises:
        TreeError: There is no such folder, or it holds none of the files.
        SelectionError: `root` is not below `place`.
    """
    bases = [existing(place)]
    if root is None:
        bases += _bases(bases[0], packs)
    else:
        packs = [rooted(pack, _below(place, root)) for pack in packs]
    paths = [section.path for pack in packs for section in pack.sections]
    for tree in (Tree(str(place), base) for base in bases):
        if tree.present(paths):
            return tree, tuple(packs)
    raise TreeError(str(place), "not an upstream tree", f"{paths[0]} in it", _advice(packs, root))


def existing(place: Path) -> Path:
    """The folder at a path, resolved.

    Raises:
        TreeError: There is none.
    """
    if not place.is_dir():
        next_step = "get one with `effpatch fetch`"
        found = "is a file" if place.is_file() else "no such folder"
        raise TreeError(str(place), found, "a checkout of the upstream", next_step)
    return place.resolve()


def rooted(pack: Pack, folder: str) -> Pack:
    """The pack with `folder` in place of its pin's root folder, in every path.

    Without a pin, its paths are below the folder; "" stands for the tree's root.
    """
    old = root_of(pack)

    def moved(path: str) -> str:
        place = PurePosixPath(path)
        inside = path and place.is_relative_to(old)
        return str(PurePosixPath(folder, place.relative_to(old))) if inside else path

    pack, pin = with_paths(pack, moved), pack.upstream
    pack = replace(pack, sections=tuple(replace(each, root=folder) for each in pack.sections))
    if pin:
        digests = {moved(path): digest for path, digest in pin.sha256.items()}
        pin = replace(pin, root=folder, program=moved(pin.program), sha256=digests)
    return replace(pack, upstream=pin)


def with_paths(pack: Pack, path_of: Callable[[str], str]) -> Pack:
    """The pack with another path for each file that its sections, needs and checks name."""

    def moved(rule: Rule) -> Rule:
        needs = tuple(need._replace(file=path_of(need.file)) for need in rule.needs)
        return replace(rule, needs=needs) if needs else rule

    sections = (
        replace(each, path=path_of(each.path), rules=tuple(map(moved, each.rules)))
        for each in pack.sections
    )
    checks = (
        each._replace(options={**each.options, _FILE: path_of(str(each.options[_FILE]))})
        if _FILE in each.options
        else each
        for each in pack.checks
    )
    return replace(pack, sections=tuple(sections), checks=tuple(checks))


def root_of(pack: Pack) -> str:
    """The folder of the tree that the pack's files are imported from; "" for the tree's root."""
    return pack.upstream.root if pack.upstream else ""


def _bases(folder: Path, packs: Sequence[Pack]) -> Iterator[Path]:
    """The checkouts' roots of which `folder` is, by its name, a pin's root folder."""
    for root in dict.fromkeys(filter(None, map(root_of, packs))):
        parts = PurePosixPath(root).parts
        if folder.parts[-len(parts) :] == parts:
            yield folder.parents[len(parts) - 1]


def _below(place: Path, root: str) -> str:
    """What `--root` names, as a path below the tree's root; "" for that root itself."""
    path = os.path.normpath(root)
    if path == ".":
        return ""
    if not is_plain(path):
        next_step = "name it by its path from there, or `.` for UPSTREAM_DIR itself"
        raise SelectionError("--root", root, f"a folder below {place}", next_step)
    return path


def _advice(packs: Sequence[Pack], root: str | None) -> str:
    if root is not None:
        return "name with --root the folder, below UPSTREAM_DIR, that holds the packs' files"
    roots = " or ".join(f"its {each}/" for each in dict.fromkeys(map(root_of, packs)) if each)
    named = f"the checkout's root or {roots}" if roots else "the checkout's root"
    rest = "pass it with --root (`.` for UPSTREAM_DIR itself); for a different port, pass --pack"
    return f"pass {named}; if that folder has a different name here, {rest}"
