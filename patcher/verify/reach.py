"""The files that a few files of a tree import, one through the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from patcher.tree import Tree
from patcher.verify.module import Request
from patcher.verify.sources import ROOT, Sources, loaded


def reached(tree: Tree, files: Mapping[str, bytes]) -> Sources:
    """Some files and all modules of the tree that they import: no other file is opened.

    Args:
        tree: The tree.
        files: The bytes of the files to start from, by path.

    Raises:
        PatchError: A module cannot be read, or is not in the tree.
    """
    found, waiting = dict(files), list(files)
    sources = Sources(found)
    while waiting:
        module = sources.module(waiting.pop())
        wanted = {path for each in (module.requests if module else ()) for path in _paths(each)}
        new = tree.read(sorted(wanted - set(found)))
        found.update(new)
        waiting += new
    return sources


def _paths(request: Request) -> Iterator[str]:
    """Where the modules may be that a request loads."""
    for name in filter(None, loaded(request)):
        for place in (ROOT, ""):
            stem = place + name.replace(".", "/").rstrip("/*")
            yield from (f"{stem}.py", f"{stem}/__init__.py")
