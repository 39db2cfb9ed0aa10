"""An HPU cannot be had here: where one is needed, a package of Habana's name stands in for it."""

from pathlib import Path

import pytest

from tests.runtime.processes import python, said

LOAD = """
    from TensorFlow.common import library_loader
    library_loader.load_habana_module()
    library_loader.load_habana_module()
    print("went on")
"""


@pytest.fixture
def habana(tmp_path: Path) -> Path:
    """A folder with a package that says when it is loaded."""
    package = tmp_path / "habana_frameworks" / "tensorflow"
    package.mkdir(parents=True)
    code = "def load_habana_module():\n    print('loaded')\n"
    (package / "__init__.py").write_text(code)
    return tmp_path


@pytest.mark.parametrize("device", ["hpu", "auto", ""])
def test_loads_the_module_once_where_it_is(device: str, habana: Path) -> None:
    done = python(LOAD, habana, device=device)
    assert (said(done), done.stderr) == (["loaded", "went on"], "")


def test_a_cpu_leaves_the_module_alone(habana: Path) -> None:
    done = python(LOAD, habana, device="cpu")
    assert (said(done), done.stderr) == (["went on"], "")


def test_an_hpu_without_the_module_is_an_error() -> None:
    done = python(LOAD, device="hpu")
    assert (done.returncode, done.stdout) == (1, "")
    assert "EFFPATCH_DEVICE=hpu, and habana_frameworks.tensorflow is not installed" in done.stderr
    assert "install habana-tensorflow" in done.stderr


def test_by_itself_it_warns_once_and_goes_on() -> None:
    done = python(LOAD, device="")
    assert said(done) == ["went on"]
    assert done.stderr.count("RuntimeWarning: NO HPU: ") == 1


OWN = LOAD.replace("from TensorFlow.common", "from habana_frameworks.tensorflow")


def test_by_the_name_of_habanas_loader_it_does_the_same() -> None:
    assert said(python(OWN, device="cpu")) == ["went on"]
    assert python(OWN, device="").stderr.count("RuntimeWarning: NO HPU: ") == 1
    assert "EFFPATCH_DEVICE=hpu, and habana_" in python(OWN, device="hpu").stderr


@pytest.mark.parametrize("package", [False, True], ids=["as the wheel has it", "as a package"])
def test_habanas_own_loader_is_taken_wherever_it_is(package: bool, habana: Path) -> None:
    """It comes later on the path here. In the wheel, the outer folder has no `__init__.py`."""
    module = "def load_habana_module():\n    print('their own')\n"
    (habana / "habana_frameworks" / "tensorflow" / "library_loader.py").write_text(module)
    if package:
        (habana / "habana_frameworks" / "__init__.py").touch()
    assert said(python(OWN, habana, device="auto")) == ["their own", "their own", "went on"]


def test_half_a_habana_is_none(tmp_path: Path) -> None:
    (tmp_path / "habana_frameworks").mkdir()
    assert "NO HPU" in python(LOAD, tmp_path, device="").stderr


def test_a_module_that_is_broken_says_so_itself(habana: Path) -> None:
    file = habana / "habana_frameworks" / "tensorflow" / "__init__.py"
    file.write_text("raise OSError('libhabana.so: no such file')\n")
    done = python(LOAD, habana, device="")
    assert (done.returncode, done.stdout) == (1, "")
    assert "libhabana.so" in done.stderr


def test_another_device_is_an_error() -> None:
    done = python(LOAD, device="gpu")
    assert done.returncode == 1
    assert "EFFPATCH_DEVICE is 'gpu'; set it to hpu, cpu or auto" in done.stderr
