"""Whether Horovod's library has MPI, told without loading it."""

from pathlib import Path

import pytest

from patcher.errors import StackError
from patcher.training import mpi
from patcher.training.launchers import Launch

LAUNCH = Launch(2, program="mpirun", as_root=True)
PYTHON = Path("stack/bin/python")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a Python finds Horovod."""
    found = {"horovod.tensorflow": str(tmp_path / "__init__.py")}
    monkeypatch.setattr(mpi, "origins", lambda *_: found)
    return tmp_path


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\x7fELF libgcc.so libmpi.so.40", id="linked to it"),
        pytest.param(b"", id="empty"),
        pytest.param(None, id="not there"),
    ],
)
def test_what_has_it_or_may_have_it_is_run(content: bytes | None, folder: Path) -> None:
    if content is not None:
        (folder / "mpi_lib.so").write_bytes(content)
    mpi.require(PYTHON, LAUNCH, {})


def test_what_lacks_it_is_refused(folder: Path) -> None:
    (folder / "mpi_lib.so").write_bytes(b"\x7fELF libgcc.so")
    with pytest.raises(StackError, match="its Horovod was built without MPI, expected one with"):
        mpi.require(PYTHON, LAUNCH, {})
    mpi.require(PYTHON, Launch(2), {})  # over Gloo
    mpi.require(PYTHON, Launch(1, program="mpirun"), {})  # without a launcher
