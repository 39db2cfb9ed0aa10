"""The runtime that comes with effpatch: what the modules that the edits import define."""

from __future__ import annotations

from pathlib import Path

from patcher.tree.runtime import FOLDER
from patcher.verify.exports import Exports
from patcher.verify.sources import Sources


def provided(folder: Path = FOLDER) -> dict[str, frozenset[str]]:
    """The names that each module of a runtime defines, by the module's dotted name.

    A module whose names cannot be told is left out.
    """
    found = (file for file in sorted(folder.rglob("*.py")))
    sources = Sources({file.relative_to(folder).as_posix(): file.read_bytes() for file in found})
    exports = Exports(sources)
    names = {name: exports.names(name) for name in sources.paths}
    return {name: known for name, known in names.items() if known is not None}
