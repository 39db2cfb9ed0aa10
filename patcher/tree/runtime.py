"""The modules that packs ship for their edits to import, put into a tree."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from glob import escape
from pathlib import Path, PurePosixPath

from patcher import reading
from patcher.errors import PackError, SelectionError, TreeError, reason
from patcher.model import Pack, Runtime
from patcher.paths import is_plain
from patcher.tree.files import Change, Tree, digest
from patcher.tree.upstream import root_of

_CACHE = "__pycache__"
_MOST = 1_000  # modules of a runtime
_LARGEST = 4_000_000  # bytes of all of them


def files(packs: Iterable[Pack]) -> dict[str, bytes]:
    """The modules that the packs ship, by the paths that they have in a tree.

    Raises:
        PackError: One cannot be read, or they are too many.
    """
    found = {}
    for pack in packs:
        if runtime := pack.runtime:
            for path, content in _modules(runtime):
                found[str(PurePosixPath(root_of(pack), path))] = content
    return found


def _modules(runtime: Runtime) -> Iterator[tuple[str, bytes]]:
    """Each module of a runtime: its path below the runtime's folder, and its bytes."""
    place, left = runtime.folder, _LARGEST
    modules = (file for each in runtime.packages for file in (place / each).rglob("*.py"))
    for number, file in enumerate(sorted(modules)):
        if number == _MOST:
            raise PackError(str(place), f"more than {_MOST:,} modules", "a small package")
        try:
            content = reading.read(file, _LARGEST)
        except OSError as error:
            raise PackError(str(file), f"cannot be read ({reason(error)})") from None
        left -= len(content)
        if left < 0:
            found = f"modules of more than {_LARGEST:,} bytes in all"
            raise PackError(str(place), found, "a small package")
        path = file.relative_to(runtime.folder).as_posix()
        if not is_plain(path):
            raise PackError(str(file), f"found {path!r}", "a path that is not git's own")
        yield path, content


def without(contents: Mapping[str, bytes], packs: Iterable[Pack]) -> dict[str, bytes]:
    """The files of a tree that are not the packs' runtime."""
    ours = files(packs)
    return {path: content for path, content in contents.items() if ours.get(path) != content}


def additions(tree: Tree, packs: Sequence[Pack], ours: Mapping[str, str]) -> list[Change]:
    """The changes that put the runtime of packs, whose paths are those of the tree, into it.

    What effpatch has put there before is known by `ours`: SHA-256 by path; so too below.

    Raises:
        SelectionError: No pack has a runtime.
        TreeError: Something else of its name is there, or it was edited.
    """
    wanted = files(packs)
    if not wanted:
        names = ", ".join(pack.name for pack in packs)
        found, next_step = f"no runtime in {names}", "leave this option out, or add its pack"
        raise SelectionError("--with-runtime", found, "a pack that has one", next_step)
    roots = {Path(root_of(p), each) for p in packs if p.runtime for each in p.runtime.packages}
    for place in map(str, sorted(roots)):
        _require_room(tree, place, wanted)
    there = tree.read(wanted)
    every = (Change(path, there.get(path), content) for path, content in wanted.items())
    changes = [change for change in every if change.before != change.after]
    for change in changes:
        if change.before is not None and digest(change.before) != ours.get(change.path):
            raise _edited(change.path) if change.path in ours else _in_the_way(change.path)
    return changes


def removals(tree: Tree, ours: Mapping[str, str]) -> list[Change]:
    """The changes that remove the runtime from a tree, and what Python compiled of it.

    Raises:
        TreeError: It was edited.
    """
    there = tree.read(ours)
    for path, content in there.items():
        if digest(content) != ours[path]:
            raise _edited(path)
    there |= tree.read(path for place in there for path in _compiled(tree, place))
    return [Change(path, content, None) for path, content in there.items()]


def _compiled(tree: Tree, path: str) -> Iterator[str]:
    """What Python compiled of a module: regular files, reached through no link."""
    folder = (tree.root / path).parent / _CACHE
    if folder.resolve() == folder:
        for file in folder.glob(f"{escape(PurePosixPath(path).stem)}.*.pyc"):
            if file.is_file() and not file.is_symlink():
                yield file.relative_to(tree.root).as_posix()


def _require_room(tree: Tree, place: str, wanted: Mapping[str, bytes]) -> None:
    folder = tree.root / place
    if not os.path.lexists(folder):
        return
    if folder.is_symlink() or not folder.is_dir():
        raise _in_the_way(place)
    for each in sorted(folder.rglob("*")):
        path = each.relative_to(tree.root).as_posix()
        known = path in wanted or any(name.startswith(f"{path}/") for name in wanted)
        if each.is_symlink() or not (known or _CACHE in each.parts):
            raise _in_the_way(path)


def _in_the_way(path: str) -> TreeError:
    next_step = "move it away, or apply without --with-runtime and use what is there"
    return TreeError(path, "not the runtime of effpatch", "nothing of that name", next_step)


def _edited(path: str) -> TreeError:
    next_step = "save your copy elsewhere, delete this file and run again"
    return TreeError(path, "edited since it was added", "the file as effpatch wrote it", next_step)
