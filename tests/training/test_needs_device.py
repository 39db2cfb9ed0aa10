"""What `train` says before it starts of the device that it is to have."""

from contextlib import nullcontext
from pathlib import Path

import pytest

from patcher.errors import StackError
from patcher.training import accelerators, device
from patcher.training.accelerators import Accelerators
from tests.commands import run
from tests.training.conftest import trained
from tests.training.test_stack import LOAD, package

SEES = "class config:\n    list_physical_devices = lambda *_: ['HPU:0']\n__version__ = '2.15.0'\n"
TWO = Accelerators("1.14.0", {"0": "0", "1": "1"}, ("0", "1"))
LOST = "HABANA_VISIBLE_MODULES names 7, there are 0, 1"


@pytest.mark.parametrize(
    ("machine", "workers", "found"),
    [
        pytest.param(TWO, 2, "", id="one for each"),
        pytest.param(TWO, 3, "--np: 3 workers on a machine with 2 usable HPUs", id="too few"),
        pytest.param(Accelerators("1", {"0": "0"}, (), LOST), 1, LOST, id="one that is not there"),
        pytest.param(Accelerators("?", {}, ()), 2, "", id="a kernel that tells none"),
    ],
)
def test_a_library_that_sees_a_device(
    machine: Accelerators,
    workers: int,
    found: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither can be had here: a package stands in for the library, and a value for the kernel."""
    python = package(tmp_path, f"{LOAD}...") / "bin" / "python"
    (tmp_path / "modules" / "tensorflow" / "__init__.py").write_text(SEES)
    monkeypatch.setattr(accelerators, "find", lambda: machine)
    with pytest.raises(StackError, match=found) if found else nullcontext():
        device.require(python, "hpu", workers, installed=True, loads=False)


@pytest.mark.parametrize("device_", ["cpu", "auto"])
def test_a_program_that_loads_the_library_by_itself_needs_an_hpu(
    device_: str, tmp_path: Path
) -> None:
    """As with the packs of the later documents, whose loader is the library's own."""
    python = package(tmp_path, f"{LOAD}raise RuntimeError('no device')") / "bin" / "python"
    device.require(python, "cpu", 1, installed=True, loads=False)
    device.require(python, device_, 1, installed=False, loads=True)
    with pytest.raises(StackError, match=r"expected an HPU for the program; see .* use a stack"):
        device.require(python, device_, 1, installed=True, loads=True)


@pytest.mark.parametrize("copied", [False, True])
def test_an_hpu_without_the_library_is_refused(copied: bool, recorded: Path, tiny: Path) -> None:
    """Also where the runtime is beside the program."""
    if copied:
        (recorded / "efficientdet" / device.PACKAGE).parent.mkdir(parents=True)
    flags = ("--device", "hpu", "--sample-data")
    result = run("train", recorded, "--stack", tiny, *flags)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (4, "", 1)
    assert "bin/python: no module habana_frameworks, expected the library of HPUs" in result.stderr
    assert "make a stack that has it with `effpatch stack create --hpu`, or" in result.stderr


@pytest.mark.parametrize("beside", [False, True])
def test_a_library_that_the_user_brings_is_not_asked(
    beside: bool, recorded: Path, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = recorded / "efficientdet" if beside else tmp_path / "mine"
    (folder / device.PACKAGE).parent.mkdir(parents=True)
    (folder / device.PACKAGE).touch()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "mine"))
    assert trained(recorded, tiny, "--device", "hpu", "--pass-env", "PYTHONPATH").is_file()
