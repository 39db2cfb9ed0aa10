"""Two workers are one training: both hold the same, and they share the data out."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.processes import Command
from tests.training.test_train import check, patch, short, trained

WITNESS = Path(__file__).with_name("witness.py")


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the witness leaves its notes."""
    folder = tmp_path / "notes"
    folder.mkdir()
    monkeypatch.setenv("WITNESS", str(folder))
    return folder


def train_watched(tree: Path, stack: Path, folder: Path) -> None:
    """Train a tree with two workers, each of which is under the eyes of the witness."""
    patch(tree)
    program = tree / "efficientdet"
    shutil.copy(WITNESS, program)
    with (program / "dataloader.py").open("a") as file:
        file.write("\nimport witness\n")
    trained(tree, stack, 2, folder, *short(workers=2))


def noted(notes: Path, kind: str) -> list[tuple[Any, Any]]:
    """What the two workers noted, side by side; one may have read further ahead."""
    files = [notes / f"{kind}-{rank}" for rank in range(2)]
    first, second = ([json.loads(line) for line in file.read_text().splitlines()] for file in files)
    return list(zip(first, second, strict=kind == "weights"))


def differing(notes: Path) -> list[set[str]]:
    """The variables held unlike: before the broadcast, before each step, and at the end."""
    moments = noted(notes, "weights")
    assert len(moments) == 1 + 3 + 1
    return [{name for name, _ in one.items() ^ other.items()} for one, other in moments]


@pytest.mark.parametrize(
    ("tree", "given"),
    [
        pytest.param("miniature", 64, id="miniature: records"),
        pytest.param("upstream", 8, id="upstream: files"),
    ],
    indirect=["tree"],
)
def test_two_workers_are_one_training(
    tree: Path, given: int, stack: Path, stack_python: Command, notes: Path, tmp_path: Path
) -> None:
    """Made unlike in all but the count of steps, they are alike from the broadcast to the end.

    No variable is left out: those that one might expect to differ, the moving statistics of
    batches, follow from the batches of both, as the layers average over the workers.

    Each pass over the data gives each worker its half. The upstream shares out names of files,
    which it has shuffled; the witness has it shuffle alike everywhere. By itself it takes no seed,
    and the halves of a pass overlap by as many files as chance has it.
    """
    train_watched(tree, stack, tmp_path / "model")
    check(tmp_path / "model", stack_python, steps=3, batch=2)
    held, _ = noted(notes, "weights")[0]
    first, *later = differing(notes)
    assert first == set(held) - {"global_step"}
    assert not any(later)
    shares, half = noted(notes, "share"), given // 2
    passes = [shares[at : at + half] for at in range(0, len(shares) - half + 1, half)]
    assert passes
    for one, other in (map(set, zip(*each, strict=True)) for each in passes):
        assert len(one) == len(other) == half
        assert len(one | other) == given


def test_without_the_broadcast_they_are_not(
    miniature: Path,
    rewrite: Callable[[str, str, str], Path],
    stack: Path,
    notes: Path,
    tmp_path: Path,
) -> None:
    """What the test above would see."""
    rewrite("horovod_estimator/hooks.py", "session.run(self._broadcast)", "pass")
    train_watched(miniature, stack, tmp_path / "model")
    assert all(differing(notes))
