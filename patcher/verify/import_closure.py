"""The files that a few files of a tree import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from patcher.errors import PatchError
from patcher.tree.files import Tree
from patcher.verify.module import Request
from patcher.verify.sources import Sources, loaded


def import_closure(
    tree: Tree, files: Mapping[str, bytes], before: Mapping[str, bytes], root: str
) -> Sources:
    """Some files and the modules of the tree that they newly import: no other file is opened.

    Where such a module passes on all that another has, that one is there as well. A module that
    cannot be read, or is a link out of the tree, counts as one from elsewhere.

    Args:
        tree: The tree.
        files: The bytes of the files to start from, by path.
        before: The same before the edits, whose imports are not the edits' concern.
        root: The folder of the tree that imports start from.
    """
    found, waiting = dict(files), list(files)
    sources, old = Sources(found, root), Sources(before, root)
    while waiting:
        path = waiting.pop()
        known = {(r.module, r.name) for r in _requests(old, path)}
        requests = [
            r
            for r in _requests(sources, path)
            if r.name == "*" or (path in files and (r.module, r.name) not in known)
        ]
        wanted = {path for each in requests for path in _paths(each, sources.prefix)}
        new = _readable(tree, sorted(wanted - set(found)))
        found.update(new)
        waiting += new
    return sources


def _requests(sources: Sources, path: str) -> Sequence[Request]:
    module = sources.module(path)
    return module.requests if module else ()


def _readable(tree: Tree, paths: Iterable[str]) -> dict[str, bytes]:
    found = {}
    for path in paths:
        with suppress(PatchError):
            found.update(tree.read([path]))
    return found


def _paths(request: Request, prefix: str) -> Iterator[str]:
    """Where the modules may be that a request loads."""
    for name in filter(None, loaded(request)):
        for place in (prefix, ""):
            stem = place + name.replace(".", "/").rstrip("/*")
            yield from (f"{stem}.py", f"{stem}/__init__.py")
