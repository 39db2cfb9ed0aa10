"""Workers that `mpirun` starts, and a Horovod that works over MPI."""

import shutil
from pathlib import Path

import pytest

from tests.commands import run
from tests.training.test_train import SIZE, patch

STEPS = 10


@pytest.fixture(autouse=True)
def mpirun(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open MPI's launcher, allowed as root, with as many slots as it takes."""
    if not shutil.which("mpirun"):
        pytest.skip("there is no mpirun")
    for name in ("ALLOW_RUN_AS_ROOT", "ALLOW_RUN_AS_ROOT_CONFIRM", "MCA_rmaps_base_oversubscribe"):
        monkeypatch.setenv(f"OMPI_{name}", "1")


def test_two_workers_train_one_model(miniature: Path, mpi_stack: Path, tmp_path: Path) -> None:
    patch(miniature, "supplement")
    folder = tmp_path / "model"
    options = ("--stack", mpi_stack, "--np", "2", "--launcher", "mpirun", "--device", "cpu")
    flags = (f"--model_dir={folder}", SIZE, f"--num_examples_per_epoch={8 * STEPS}")
    done = run("train", miniature, *options, "--sample-data", "--", *flags)
    assert done.exit_code == 0, done.stderr
    assert f"at step {STEPS}" in done.stdout
    log = (folder / "train.log").read_text()
    assert "[1,0]<stderr>:INFO:tensorflow:first of 2 workers: " in log
    assert "[1,1]<stderr>:INFO:tensorflow:worker 1 of 2: " in log
    assert (folder / f"model.ckpt-{STEPS + 1}.index").exists()
