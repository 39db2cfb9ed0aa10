"""Where a program gets its packs' runtime from: each package of it from one folder of the path.

The folders of a runtime have no `__init__.py`, nor have those of Habana's model repository, whose
modules it stands in for. Python would put the two together module by module, and what is half of
each does not start Horovod.
"""

import os
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

from patcher.checks.module import prefixes
from patcher.errors import StackError
from patcher.model import Runtime
from patcher.training.closure import loaded_by
from patcher.training.stack import origins

Files = Mapping[str, str | None]  # of the modules of a package; None for one that is not found


def comes_first(python: Path, program: Path, path: str, runtime: Runtime) -> tuple[bool, str]:
    """Whether a runtime has to come before the folders of a PYTHONPATH, and what to say of one.

    It comes behind them: a folder that has all that the program imports of a package replaces it.
    Where one has a part, it comes first, and nothing of that part is used.

    Raises:
        StackError: A part would be used all the same.
    """
    wanted, ours = _imported(program, runtime), os.path.abspath(runtime.folder)
    beside, others = (
        str(program.parent),
        [*map(os.path.normpath, filter(None, path.split(os.pathsep)))],
    )
    found = _found(python, [beside, *others, ours], wanted)
    package = next((name for name, files in found.items() if not _is_whole(files)), None)
    if package is None:
        used = {folder for files in found.values() for folder in _folders(files)}
        replaced = [folder for folder in others if folder in used]
        return False, f"{replaced[0]}: used in place of effpatch's runtime" if replaced else ""
    other = next(folder for folder in _folders(found[package]) if folder != ours)
    files = found[package].items()
    lacking = [name for name, file in files if not file or _folder(name, file) != other]
    place, fault = os.path.join(other, package), f"lacks {' and '.join(lacking)}"
    if all(map(_is_whole, _found(python, [beside, ours, *others], wanted).values())):
        return True, f"{place}: {fault}, so that effpatch's runtime is used"
    needed = f"all modules of {package} that {program.name} imports, in one folder"
    raise StackError(place, fault, needed, "complete it, or move it away to use effpatch's")


def _imported(program: Path, runtime: Runtime) -> dict[str, list[str]]:
    """The modules of each package of a runtime that a program imports, by their dotted names."""
    loaded = loaded_by(program)
    return {
        package: sorted(loaded & _offered(runtime.folder, package)) for package in runtime.packages
    }


def _offered(folder: Path, package: str) -> set[str]:
    files = (folder / package).rglob("*.py")
    return {".".join(file.relative_to(folder).with_suffix("").parts) for file in files}


def _found(
    python: Path, path: Sequence[str], wanted: Mapping[str, Sequence[str]]
) -> dict[str, Files]:
    """Where a Python with a path finds modules, by package, and the `__init__.py` above them."""
    above = {name: list(chain.from_iterable(map(prefixes, wanted[name]))) for name in wanted}
    files = origins(python, path, sorted({*chain.from_iterable(above.values())}))
    return {
        package: {name: files[name] for name in above[package] if files[name] or name in modules}
        for package, modules in wanted.items()
        if modules
    }


def _is_whole(files: Files) -> bool:
    return all(files.values()) and len(_folders(files)) == 1


def _folders(files: Files) -> list[str]:
    """The folders of the path that some modules are in."""
    return sorted({_folder(name, file) for name, file in files.items() if file})


def _folder(name: str, file: str) -> str:
    depth = name.count(".") + (Path(file).stem == "__init__")
    return str(Path(file).parents[depth])
