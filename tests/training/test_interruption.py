"""Training that is interrupted: no worker is left, and the last checkpoint is good."""

import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from patcher.training.scripts.marked import MARK
from tests.commands import INSTALLED
from tests.training.test_train import SIZE, patch, trained

Process = subprocess.Popen[str]


def workers_of(folder: Path) -> dict[str, psutil.Process]:
    """The processes that train into a folder, by rank."""
    found = {}
    for process in psutil.process_iter():
        try:
            words, environment = process.cmdline(), process.environ()
        except psutil.Error:
            continue
        if f"--model_dir={folder}" in words and MARK in environment and "-np" not in words:
            found[environment.get("HOROVOD_RANK", "0")] = process
    return found


def wait_for(condition: Callable[[], object], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "model"


@pytest.fixture
def training(miniature: Path, stack: Path, folder: Path) -> Process:
    """Two workers that have written a checkpoint and would train for long."""
    patch(miniature)
    options = ("--stack", stack, "--np", "2", "--device", "cpu", "--sample-data")
    flags = (SIZE, f"--model_dir={folder}", "--num_examples_per_epoch=800000")
    command = [INSTALLED, "train", miniature, *options, "--", *flags, "--cp_every_n_steps=20"]
    started = subprocess.Popen(
        [*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    wait_for(lambda: (folder / "model.ckpt-40.index").exists() or started.poll() is not None, 90)
    assert sorted(workers_of(folder)) == ["0", "1"]
    return started


@pytest.mark.parametrize("rank", ["0", "1"])
def test_a_killed_worker_ends_the_run(
    rank: str, training: Process, miniature: Path, stack: Path, folder: Path
) -> None:
    workers_of(folder)[rank].kill()
    _, errors = training.communicate(timeout=60)
    assert training.returncode == 5
    last = errors.splitlines()[-1]
    killed = f"training failed: worker {rank} was killed (SIGKILL), by a user, a scheduler, or"
    assert last.startswith(f"{folder}/train.log: {killed}")
    assert not workers_of(folder)
    assert (folder / "loss.png").read_bytes().startswith(b"\x89PNG")
    step = int(last.rpartition("model.ckpt-")[2])
    examples = f"--num_examples_per_epoch={4 * (step + 9)}"
    output = trained(miniature, stack, 1, folder, SIZE, examples)
    log = (folder / "train.log").read_text()
    assert f"Restoring parameters from {folder}/model.ckpt-{step}" in log
    assert f"{folder}: loss " in output
    assert " at step 0, " in output, "of the first part"


@pytest.mark.parametrize("workers", [1, 2])
def test_a_training_that_a_scheduler_ends_is_not_complete(
    workers: int, miniature: Path, stack: Path, folder: Path
) -> None:
    """Where it asks the first worker itself, which saves what it has and ends without an error.

    Others of several fail for want of it.
    """
    patch(miniature, "supplement")
    options = ("--stack", stack, "--np", str(workers), "--device", "cpu", "--sample-data")
    flags = (SIZE, f"--model_dir={folder}", "--num_examples_per_epoch=800000")
    command = [INSTALLED, "train", miniature, *options, "--", *flags, "--log_every_n_steps=1"]
    started = subprocess.Popen([*map(str, command)], stderr=subprocess.PIPE, text=True)
    log = folder / "train.log"
    wait_for(lambda: (log.exists() and " step = 10" in log.read_text()) or started.poll(), 90)
    workers_of(folder)["0"].terminate()
    _, errors = started.communicate(timeout=90)
    assert started.returncode == 5, errors
    step = int(errors.rpartition("model.ckpt-")[2])
    assert step >= 10
    ended = f"training was ended at step {step} of 200001, as by a SIGTERM; read there"
    assert (ended if workers == 1 else "training ended with exit code 1") in errors


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_every_worker(sign: signal.Signals, training: Process, folder: Path) -> None:
    training.send_signal(sign)
    _, errors = training.communicate(timeout=30)
    assert training.returncode == 130
    assert "training was interrupted and every worker ended" in errors
    assert not workers_of(folder)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_request_to_end_saves_a_checkpoint_first(
    workers: int, miniature: Path, stack: Path, folder: Path
) -> None:
    """With `supplement`; the folder has checkpoints of the first step and of the last one alone."""
    patch(miniature, "supplement")
    options = ("--stack", stack, "--np", str(workers), "--device", "cpu", "--sample-data")
    flags = (SIZE, f"--model_dir={folder}", "--num_examples_per_epoch=800000")
    command = [INSTALLED, "train", miniature, *options, "--", *flags, "--log_every_n_steps=1"]
    started = subprocess.Popen(
        [*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    log = folder / "train.log"
    wait_for(lambda: (log.exists() and " step = 10" in log.read_text()) or started.poll(), 90)
    started.send_signal(signal.SIGTERM)
    wait_for(lambda: log.read_text().count("Saving checkpoints") > 1 or started.poll(), 30)
    for process in psutil.Process(started.pid).children(recursive=True):
        with suppress(psutil.Error):
            process.send_signal(signal.SIGTERM)  # once more, as to a whole job
    _, errors = started.communicate(timeout=60)
    assert started.returncode == 130, errors
    step = int(errors.rpartition("model.ckpt-")[2])
    assert step >= 10
    assert {file.stem for file in folder.glob("*.index")} == {"model.ckpt-0", f"model.ckpt-{step}"}
    assert not workers_of(folder)
