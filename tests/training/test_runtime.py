"""A program gets all modules of its packs' runtime from one folder of the path, or is not run."""

import os
import sys
from pathlib import Path

import pytest

from patcher.errors import StackError
from patcher.model import Runtime
from patcher.training.runtime import comes_first

PYTHON = Path(sys.executable)
PROGRAM = """\
import model
from Vendor.common import loader
from elsewhere import anything
"""
MODEL = "def step():\n    from Vendor.common.workers import start\n"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program that imports two modules of the runtime, one of them through another module."""
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "main.py").write_text(PROGRAM)
    (folder / "model.py").write_text(MODEL)
    return folder / "main.py"


def package(folder: Path, *modules: str) -> str:
    """A folder of the path that has some modules of the package; they must not be run."""
    for name in modules:
        file = folder / "Vendor" / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("raise AssertionError\n")
    return str(folder)


@pytest.fixture
def runtime(tmp_path: Path) -> Runtime:
    """Modules of which the program imports all but one."""
    package(tmp_path / "ours", "common/loader", "common/workers", "common/unused")
    return Runtime(tmp_path / "ours", ("Vendor",))


def test_it_comes_last_where_nothing_else_has_it(program: Path, runtime: Runtime) -> None:
    assert comes_first(PYTHON, program, "", runtime) == (False, "")
    assert comes_first(PYTHON, program, "/nowhere", runtime) == (False, "")


def test_a_folder_with_all_of_it_replaces_it(
    program: Path, runtime: Runtime, tmp_path: Path
) -> None:
    other = package(tmp_path / "other", "common/loader", "common/workers", "common/more")
    note = f"{other}: used in place of effpatch's runtime"
    assert comes_first(PYTHON, program, f"/nowhere:{other}", runtime) == (False, note)


def test_a_copy_beside_the_program_is_one(program: Path, runtime: Runtime, tmp_path: Path) -> None:
    """As `apply --with-runtime` makes it; whatever the path has comes behind."""
    package(program.parent, "common/loader", "common/workers", "common/unused")
    other = package(tmp_path / "other", "common/loader")
    assert comes_first(PYTHON, program, other, runtime) == (False, "")


def test_it_comes_before_a_part_of_it(program: Path, runtime: Runtime, tmp_path: Path) -> None:
    other = package(tmp_path / "other", "common/workers")
    found, note = comes_first(PYTHON, program, other, runtime)
    assert found
    lacking = "lacks Vendor.common.loader, so that effpatch's runtime is used"
    assert note == f"{other}/Vendor: {lacking}"


def test_it_comes_before_a_mixture(program: Path, runtime: Runtime, tmp_path: Path) -> None:
    one = package(tmp_path / "one", "common/workers")
    two = package(tmp_path / "two", "common/loader")
    found, note = comes_first(PYTHON, program, os.pathsep.join((one, two)), runtime)
    assert found
    assert note.startswith(f"{one}/Vendor: lacks Vendor.common.loader, so that")


def test_a_part_beside_the_program_is_refused(program: Path, runtime: Runtime) -> None:
    """What is there always comes first."""
    package(program.parent, "common/workers")
    with pytest.raises(StackError) as raised:
        comes_first(PYTHON, program, "", runtime)
    found = f"{program.parent}/Vendor: lacks Vendor.common.loader, expected all modules of Vendor "
    assert str(raised.value).startswith(f"{found}that main.py imports, in one folder; complete it")


@pytest.mark.parametrize("module", ["__init__", "common/__init__"])
def test_a_part_that_is_a_real_package_is_refused(
    module: str, program: Path, runtime: Runtime, tmp_path: Path
) -> None:
    """Python prefers it to folders that are not, wherever it is on the path."""
    other = package(tmp_path / "other", module, "common/workers")
    with pytest.raises(StackError, match=r"other/Vendor: lacks Vendor\.common\.loader, expected"):
        comes_first(PYTHON, program, other, runtime)


def test_a_package_without_any_of_it_is_refused(
    program: Path, runtime: Runtime, tmp_path: Path
) -> None:
    other = package(tmp_path / "other", "__init__")
    with pytest.raises(StackError, match=r"other/Vendor: lacks Vendor\.common\.loader and Vendor"):
        comes_first(PYTHON, program, other, runtime)


def test_a_program_that_imports_none_of_it_needs_none(
    program: Path, runtime: Runtime, tmp_path: Path
) -> None:
    program.write_text("import os\n")
    other = package(tmp_path / "other", "__init__")
    assert comes_first(PYTHON, program, other, runtime) == (False, "")


def test_each_package_may_come_from_elsewhere(
    program: Path, runtime: Runtime, tmp_path: Path
) -> None:
    """As a library that is installed, of which the runtime has the same module."""
    program.write_text(f"{PROGRAM}import library.load\n")
    (runtime.folder / "library").mkdir()
    (runtime.folder / "library" / "load.py").touch()
    library = tmp_path / "other" / "library"
    library.mkdir(parents=True)
    (library / "__init__.py").touch()
    (library / "load.py").touch()
    both = Runtime(runtime.folder, ("Vendor", "library"))
    assert comes_first(PYTHON, program, str(library.parent), both)[0] is False
    package(tmp_path / "part", "common/workers")
    path = os.pathsep.join((str(tmp_path / "part"), str(library.parent)))
    found, note = comes_first(PYTHON, program, path, both)
    assert found
    assert note.startswith(f"{tmp_path}/part/Vendor: lacks Vendor.common.loader, so that")
