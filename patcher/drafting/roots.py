"""The folder of a tree that imports start from."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath

from patcher.code import syntax


def import_root(files: Mapping[str, bytes], paths: Collection[str]) -> str:
    """The folder under which most absolute imports of some files lead to files of their tree.

    It is one of those around all of the files, "" for the tree's own; of several, the deepest.

    Args:
        files: The bytes of the files, by path.
        paths: All files of the tree.
    """
    imported = [name for content in files.values() for name in _imported(content)]
    known = {*paths}
    return max(
        _around(files),
        key=lambda root: (sum(_leads_to(name, root, known) for name in imported), len(root)),
        default="",
    )


def _around(files: Collection[str]) -> Iterator[str]:
    """The folders around all of the files."""
    parents = [PurePosixPath(path).parents for path in files]
    for folder in parents[0] if parents else ():
        if all(folder in each for each in parents):
            yield "" if str(folder) == "." else str(folder)


def _imported(content: bytes) -> Iterator[str]:
    """The modules that a file imports by their full names, with slashes."""
    module = syntax.read_to_edit(content)
    for node in ast.walk(module) if isinstance(module, ast.Module) else ():
        if isinstance(node, ast.Import):
            yield from (alias.name.replace(".", "/") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            module = node.module.replace(".", "/")
            yield from (f"{module}/{alias.name}" for alias in node.names)
            yield module


def _leads_to(name: str, root: str, paths: Collection[str]) -> bool:
    place = f"{root}/{name}".lstrip("/")
    return f"{place}.py" in paths or f"{place}/__init__.py" in paths
