"""Two workers are one training: both hold the same weights, and they share the data."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from patcher.resources import VENDOR
from tests.commands import run
from tests.rule_check import REVISIONS
from tests.runtime.processes import Command
from tests.training.test_train import check, patch, short, trained

FILES = 8  # of sample data
WITNESS = Path(__file__).with_name("witness.py")


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the witness writes to."""
    folder = tmp_path / "notes"
    folder.mkdir()
    monkeypatch.setenv("WITNESS", str(folder))
    return folder


def add_witness(tree: Path) -> None:
    """Have each worker of a tree note what it holds and is given."""
    program = tree / "efficientdet"
    shutil.copy(WITNESS, program)
    with (program / "dataloader.py").open("a") as file:
        file.write("\nimport witness\n")


def train_watched(
    tree: Path, stack: Path, folder: Path, *packs: str, document: str = "documented"
) -> None:
    """Train a tree with two workers, each of them with the witness."""
    patch(tree, *packs, document=document)
    add_witness(tree)
    trained(tree, stack, 2, folder, *short(workers=2), document=document)


def noted(notes: Path, kind: str) -> list[tuple[Any, Any]]:
    """What the two workers noted, in pairs; one may have read further ahead."""
    files = [notes / f"{kind}-{rank}" for rank in range(2)]
    first, second = ([json.loads(line) for line in file.read_text().splitlines()] for file in files)
    return list(zip(first, second, strict=kind == "weights"))


def differing(notes: Path) -> list[set[str]]:
    """The variables that differ: before the broadcast, before each step, and at the end."""
    moments = noted(notes, "weights")
    assert len(moments) == 1 + 3 + 1
    return [{name for name, _ in one.items() ^ other.items()} for one, other in moments]


def shares(notes: Path) -> list[tuple[set[str], set[str]]]:
    """The files that each of the two workers was given, pass by pass."""
    dealt, half = noted(notes, "share"), FILES // 2
    passes = [dealt[at : at + half] for at in range(0, len(dealt) - half + 1, half)]
    return [(set(one), set(other)) for one, other in (zip(*each, strict=True) for each in passes)]


@pytest.mark.parametrize(
    ("tree", "packs"),
    [
        ("miniature", ["supplement"]),
        pytest.param("upstream", [], marks=pytest.mark.extended),
        ("upstream", ["supplement"]),
    ],
    indirect=["tree"],
)
def test_two_workers_are_one_training(
    tree: Path, packs: list[str], stack: Path, stack_python: Command, notes: Path, tmp_path: Path
) -> None:
    """They start with every variable but the step different, and are equal from the broadcast on.

    No variable is left out: the moving statistics of batches, which might be expected to differ,
    are equal because the layers average over the workers.

    Each pass over the data gives each worker half of the files; with `supplement` the two halves
    are disjoint.
    """
    train_watched(tree, stack, tmp_path / "model", *packs)
    check(tmp_path / "model", stack_python, steps=3, batch=2)
    held, _ = noted(notes, "weights")[0]
    first, *later = differing(notes)
    assert first == set(held) - {"global_step"}
    assert not any(later)
    assert shares(notes)
    assert all(len(one) == len(other) == FILES // 2 for one, other in shares(notes))
    assert not packs or all(len(one | other) == FILES for one, other in shares(notes))


@pytest.mark.parametrize("packs", [[], ["supplement"]], ids=["alone", "with supplement"])
@pytest.mark.parametrize("document", REVISIONS)
def test_two_workers_of_a_revision_are_one_training(
    document: str,
    packs: list[str],
    miniature: Path,
    stack: Path,
    stack_python: Command,
    notes: Path,
    tmp_path: Path,
) -> None:
    train_watched(miniature, stack, tmp_path / "model", *packs, document=document)
    check(tmp_path / "model", stack_python, steps=3, batch=2)
    first, *later = differing(notes)
    assert first
    assert not any(later)


def test_without_broadcast_and_supplement_they_are_not(
    miniature: Path,
    rewrite: Callable[[str, str, str], Path],
    stack: Path,
    notes: Path,
    tmp_path: Path,
) -> None:
    """What the test above would see: different weights, and files that both or none are given."""
    rewrite("horovod_estimator/hooks.py", "session.run(self._broadcast)", "pass")
    train_watched(miniature, stack, tmp_path / "model")
    assert all(differing(notes))
    assert len(shares(notes)) > 1, "by chance both are shared out one time in 4900"
    assert any(one & other for one, other in shares(notes))


# What the edits import, of which Horovod counts as running only once it was started, as with the
# vendor's modules.
LATE = """
import importlib
module = None
def horovod_enabled(): return module is not None and module.size() > 1
def hvd_init():
    global module
    module = module or importlib.import_module("horovod.tensorflow")
    module.init()
    return module
class Late:
    def __getattr__(self, name): return getattr(hvd_init(), name)
hvd = Late()
"""


def test_workers_of_a_runtime_that_starts_late_are_one_training(
    miniature: Path,
    stack: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a whole package on the path, which is used in place of the one shipped here."""
    patch(miniature, "supplement")
    package = tmp_path / "vendor" / "TensorFlow" / "common"
    shutil.copytree(VENDOR / "habana_common" / "TensorFlow" / "common", package)
    (package / "horovod_helpers.py").write_text(LATE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "vendor"))
    options = ("--np", "2", "--stack", stack, "--sample-data", "--pass-env", "PYTHONPATH")
    packs = ("--pack", "documented", "--pack", "tensorflow_2_15", "--pack", "supplement")
    flags = (f"--model_dir={tmp_path / 'model'}", "--num_examples_per_epoch=80")
    result = run("train", miniature, *options, *packs, "--", *flags)
    assert result.exit_code == 0, result.stderr
    note = f"{tmp_path}/vendor: used in place of effpatch's runtime\n"
    assert result.stderr.startswith(note)
    log = (tmp_path / "model" / "train.log").read_text()
    assert "first of 2 workers" in log
    assert {line[:3] for line in log.splitlines() if "Saving checkpoints" in line} == {"[0]"}


# Says that Horovod runs only once it was started, and nobody asks for it to be started.
APART = """
import sys
hvd = sys.modules[__name__]
started = False
def horovod_enabled(): return started
def hvd_init(): raise AssertionError("nobody asks for it")
def size(): return 1
def rank(): return 0
def local_rank(): return 0
def local_size(): return 1
"""


def test_workers_that_train_apart_are_ended(miniature: Path, stack: Path, tmp_path: Path) -> None:
    patch(miniature)
    package = miniature / "efficientdet" / "TensorFlow" / "common"
    shutil.copytree(VENDOR / "habana_common" / "TensorFlow" / "common", package)
    (package / "horovod_helpers.py").write_text(APART)
    options = ("--np", "2", "--stack", stack, "--sample-data", "--pack", "documented")
    packs = ("--pack", "tensorflow_2_15")
    arguments = ("--", f"--model_dir={tmp_path / 'model'}", "--num_examples_per_epoch=80000")
    result = run("train", miniature, *options, *packs, *arguments)
    assert result.exit_code == 5
    assert (
        "train.log: the workers do not train one model together: workers 0 and 1 save"
        in result.stderr
    )
