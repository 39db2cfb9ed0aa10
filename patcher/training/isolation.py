"""Starting programs so that the current folder has no say in what runs.

A Python would import a module that lies there before its own, and a search path with a relative or
an empty entry would find a program there.
"""

import os
import shutil
from itertools import islice
from pathlib import Path

from patcher.errors import StackError
from patcher.paths import absolute_entries, program_path

_SEARCH_PATHS = ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH")
# An isolated Python leaves out the folder of the script that it runs, and PYTHONPATH. This puts
# them back, in the folder that the user is in; the Python itself may have been started elsewhere.
_RUN = (
    "import os, runpy, sys; os.path.isdir(sys.argv[1]) and os.chdir(sys.argv[1]); "
    "sys.path[:0] = filter(None, sys.argv[2].split(os.pathsep)); "
    "sys.path.insert(0, os.path.dirname(os.path.realpath(sys.argv[3]))); "
    "del sys.argv[:3]; runpy.run_path(sys.argv[0], run_name='__main__')"
)


def python_command(python: str | Path, *words: str | Path) -> list[str]:
    """What runs a script or, with `-m`, a module: without the current folder on its path.

    Neither variables of Python nor packages in the home directory change what it imports.
    """
    return [str(python), "-I", *map(str, words)]


def program_command(python: Path, program: Path, path: str, *arguments: str) -> list[str]:
    """What runs a program in the current folder, as `python PROGRAM` would with a PYTHONPATH.

    The output is not buffered. The command may be started in any folder and on any host.
    """
    words = ("-u", "-c", _RUN, os.getcwd(), path, os.path.abspath(program), *arguments)
    return python_command(python, *words)


def launcher_command(python: Path, launcher: str) -> list[str]:
    """What runs a launcher: by a Python where it is a script for one."""
    return python_command(python, launcher) if _is_python(launcher) else [launcher]


def _is_python(script: str) -> bool:
    """Whether a file is a script for Python, as pip writes them."""
    with open(script, "rb") as file:
        first, second = [*islice(file, 2), b"", b""][:2]
    interpreter = first.removeprefix(b"#!").split() if first.startswith(b"#!") else []
    # Where the path of the interpreter is too long for the first line, `sh` reads the second one.
    return any(b"python" in os.path.basename(word) for word in interpreter) or (
        bool(interpreter) and second.startswith(b"'''exec'")
    )


def with_safe_paths(variables: dict[str, str]) -> dict[str, str]:
    """Some variables, in which search paths have absolute entries alone; PATH is always there."""
    paths = {name: absolute_entries(variables.get(name, "")) for name in _SEARCH_PATHS}
    paths["PATH"] = paths["PATH"] or os.defpath
    others = {name: value for name, value in variables.items() if name not in _SEARCH_PATHS}
    return {**others, **{name: value for name, value in paths.items() if value}}


def find_program(name: str, *folders: Path) -> str | None:
    """The file of a program: in some folders, else on PATH; a path to one is the file itself."""
    entries = [*map(str, folders), program_path()]
    wanted = os.path.abspath(name) if os.sep in name else name
    return shutil.which(wanted, path=os.pathsep.join(entries))


def require_python(name: str) -> Path:
    """The file of the Python that a user names, by a path or as on PATH.

    Raises:
        StackError: There is none.
    """
    found = find_program(name)
    if found is None:
        is_file = os.sep in name and os.path.exists(name)
        lacking = "not a program" if is_file else "no such file or directory"
        raise StackError(name, lacking, next_step="choose another with --python")
    return Path(found)
