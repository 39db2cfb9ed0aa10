"""The folder of a tree that imports start from, found by the imports of some of its files."""

from __future__ import annotations

import ast
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import PurePosixPath


def import_root(files: Mapping[str, bytes], paths: Collection[str]) -> str:
    """The folder under which most absolute imports of some files lead to files of the tree.

    It is one above the files, the deepest of several that are as good; "" is the tree's root,
    also where no import leads anywhere.

    Args:
        files: The bytes of each, by path.
        paths: All files of the tree.
    """
    if not files:
        return ""
    common = os.path.commonpath([str(PurePosixPath(path).parent) for path in files])
    places = [PurePosixPath(common), *PurePosixPath(common).parents]
    modules = [name for content in files.values() for name in _imported(content)]
    known = _modules(paths)
    scores = {str(place): sum(_below(place, name) in known for name in modules) for place in places}
    best = max(scores, key=lambda place: scores[place])
    return "" if best == "." or not scores[best] else best


def _imported(content: bytes) -> Iterator[str]:
    """The modules of the absolute imports of a file, one of each statement's names."""
    found: list[ast.AST] = []
    with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        found = [*ast.walk(ast.parse(content))]
    for node in found:
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(name), level=0):
                yield name


def _modules(paths: Collection[str]) -> set[str]:
    """The paths of modules and of folders with modules, without suffixes."""
    files = [PurePosixPath(path) for path in paths if path.endswith(".py")]
    return {str(each) for file in files for each in (file.with_suffix(""), *file.parents)}


def _below(place: PurePosixPath, module: str) -> str:
    return str(place.joinpath(*module.split(".")))
