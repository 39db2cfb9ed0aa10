"""Where a program gets its packs' runtime from: all of it from one folder of the path.

The folders of a runtime have no `__init__.py`, nor have those of Habana's model repository, whose
modules it stands in for. Python would put the two together module by module, and what is half of
each does not start Horovod.
"""

import os
from collections.abc import Mapping
from enum import Enum
from pathlib import Path

from patcher.checks.module import prefixes
from patcher.errors import StackError
from patcher.model import Runtime
from patcher.training.closure import modules_of
from patcher.training.stack import origins


class Place(Enum):
    """Where on the import path of a program its runtime goes."""

    LAST = "last"
    FIRST = "first"
    NOWHERE = "nowhere"


def place(python: Path, program: Path, path: str, runtime: Runtime) -> tuple[Place, str]:
    """Where a runtime goes, besides the folders of a PYTHONPATH, and why if not at the end.

    A folder that has all that the program imports of it replaces it. Of one that has a part,
    nothing is used.

    Raises:
        StackError: A part would be used all the same.
    """
    wanted, folder = _imported(program, runtime), str(runtime.folder)
    before, behind = [str(program.parent)], path.split(os.pathsep) if path else []
    known = [*wanted, *{name for each in wanted for name in prefixes(each)}.difference(wanted)]
    found = origins(python, [*before, *behind], known)
    folders = _folders(found)
    if not folders:
        return Place.LAST, ""
    other = os.path.join(folders[0], runtime.package)
    lacking = [name for name in wanted if not found[name]]
    if not lacking and len(folders) == 1:
        is_beside = folders == before  # by `apply --with-runtime`, most often
        return Place.NOWHERE, "" if is_beside else f"{other}: used in place of effpatch's runtime"
    fault = f"lacks {' and '.join(lacking)}" if lacking else f"is mixed with that of {folders[1]}"
    with_ours = origins(python, [*before, folder, *behind], known)
    if _folders(with_ours) == [folder]:
        return Place.FIRST, f"{other}: {fault}, so that effpatch's runtime is used"
    needed = f"all modules of {runtime.package} that {program.name} imports, in one folder"
    raise StackError(other, fault, needed, "complete it, or move it away to use effpatch's")


def _imported(program: Path, runtime: Runtime) -> list[str]:
    """The modules of a runtime that a program imports, by their dotted names."""
    files = (runtime.folder / runtime.package).rglob("*.py")
    names = (file.relative_to(runtime.folder).with_suffix("") for file in files)
    offered = {".".join(name.parts) for name in names}
    requests = (each for module in modules_of(program) for each in module.requests)
    return sorted(offered & {name for each in requests for name in each.loaded})


def _folders(found: Mapping[str, str | None]) -> list[str]:
    """The folders of the path that have modules, whose files are given."""
    files = {name: Path(file) for name, file in found.items() if file}
    depths = {name: name.count(".") + (file.stem == "__init__") for name, file in files.items()}
    return sorted({str(file.parents[depths[name]]) for name, file in files.items()})
