"""Two hosts by SSH: they train one model, and what keeps them from it is said."""

import subprocess
from pathlib import Path

import pytest

from tests.commands import INSTALLED
from tests.training.hosts import Host, hosts
from tests.training.test_interruption import wait_for
from tests.training.test_train import SIZE, patch

STEPS = 50


def command(tree: Path, stack: Path, folder: Path, steps: int = STEPS) -> list[str]:
    """What trains a tree with a worker on each of two hosts."""
    options = ("--stack", stack, "--hosts", "one:1,two:1", "--device", "cpu", "--sample-data")
    flags = (SIZE, f"--model_dir={folder}", f"--num_examples_per_epoch={8 * steps}")
    return [*map(str, (INSTALLED, "train", tree, *options, "--", *flags, "--log_every_n_steps=5"))]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "hosts"
    folder.mkdir()
    return folder


def test_two_hosts_train_one_model(
    miniature: Path, stack: Path, place: Path, tmp_path: Path
) -> None:
    patch(miniature, "supplement")
    folder = tmp_path / "model"
    with hosts(place, ["one", "two"]) as (first, _):
        done = first.run(*command(miniature, stack, folder))
    assert done.returncode == 0, done.stderr
    assert f"at step {STEPS}" in done.stdout
    log = (folder / "train.log").read_text()
    assert "first of 2 workers" in log
    assert "worker 1 of 2" in log
    assert "started on two" in log


def test_a_name_that_is_an_address_of_its_own_is_said(
    miniature: Path, stack: Path, place: Path, tmp_path: Path
) -> None:
    """Debian gives a machine's own name the address 127.0.1.1."""
    patch(miniature)
    own = {"one": "127.0.1.1", "two": "127.0.1.1"}
    with hosts(place, ["one", "two"], own) as (first, _):
        done = first.run(*command(miniature, stack, tmp_path / "model"))
    assert done.returncode == 5
    said = "training failed: a host gives 127.0.1.1 as its own address, and there no other host"
    assert said in done.stderr


def test_a_host_that_is_lost_is_said(
    miniature: Path, stack: Path, place: Path, tmp_path: Path
) -> None:
    patch(miniature, "supplement")
    folder = tmp_path / "model"
    with hosts(place, ["one", "two"]) as (first, second):
        done = cut_in(first, second, command(miniature, stack, folder, steps=100_000), folder)
    said = "training failed: a host is lost: a worker was not heard from for 30 s; look at that"
    assert said in done
    assert f"the same --model_dir continues from {folder}/model.ckpt-0" in done
    assert (folder / "loss.png").exists()


def cut_in(first: Host, second: Host, words: list[str], folder: Path) -> str:
    """What a run on the first host says where the second one's link is cut after some steps."""
    started = subprocess.Popen(first.command(*words), stderr=subprocess.PIPE, text=True)
    log = folder / "train.log"
    wait_for(lambda: (log.exists() and "step = 10" in log.read_text()) or started.poll(), 180)
    second.cut()
    _, errors = started.communicate(timeout=200)
    assert started.returncode == 5, errors
    return errors


def test_a_host_that_is_not_there_is_said(
    miniature: Path, stack: Path, place: Path, tmp_path: Path
) -> None:
    patch(miniature)
    with hosts(place, ["one", "two"]) as (first, _):
        words = command(miniature, stack, tmp_path / "model")
        done = first.run(*(word.replace("two:1", "three:1") for word in words))
    assert done.returncode == 5
    assert "there is no host three; correct --hosts" in done.stderr
