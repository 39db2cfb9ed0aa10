import os
from pathlib import Path

import pytest

from patcher.training.program import write_samples
from tests.commands import INSTALLED
from tests.training.test_train import patch


@pytest.fixture
def place(miniature: Path, stack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with all that recipes ask for; what runs in it trains on CPUs."""
    patch(miniature, "supplement")
    folder = tmp_path / "place"
    folder.mkdir()
    miniature.rename(folder / "automl")
    (folder / "stack").symlink_to(stack)
    write_samples(stack / "bin" / "python", folder / "coco", 2)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", f"{INSTALLED.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("EFFPATCH_DEVICE", "cpu")
    for name in ("OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"):
        monkeypatch.setenv(name, "1")
    return folder
