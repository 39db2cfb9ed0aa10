"""What the tests of recipes train, and what is left of it."""

import re
from pathlib import Path

from patcher.training.program import SMALL_MODEL
from tests.training.test_train import SIZE

_BATCH = 4


def flags(steps: int, *, every: int = 1_000_000) -> list[str]:
    """Flags for so many steps of two workers, with a checkpoint after every so many of them."""
    return [
        *(*SMALL_MODEL, SIZE, f"--train_batch_size={_BATCH}", "--log_every_n_steps=5"),
        *(f"--num_examples_per_epoch={2 * _BATCH * steps}", f"--cp_every_n_steps={every}"),
    ]


def log(place: Path) -> str:
    """All that the program has printed."""
    file = place / "model" / "train.log"
    return file.read_text() if file.exists() else ""


def saved(place: Path) -> list[int]:
    """The steps of all checkpoints that are there."""
    return sorted(int(file.stem.rpartition("-")[2]) for file in place.glob("model/*.index"))


def restored(printed: str) -> list[int]:
    """The steps from which a log says that training continued."""
    return [int(step) for step in re.findall(r"Restoring parameters from \S+ckpt-(\d+)", printed)]
