"""Sample data: a few pictures with coloured boxes on them, to see that training works."""

from __future__ import annotations

from pathlib import Path

from patcher.training.interpreter import run_script

_FILES = 8


def write(python: Path, folder: Path, workers: int) -> str:
    """Write the pictures as TFRecords, the same ones every time.

    Args:
        python: One with TensorFlow.
        folder: Where to; made if it does not exist.
        workers: How many will read them; there is at least one file for each.

    Returns:
        A pattern that matches the files.

    Raises:
        StackError: TensorFlow could not write them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    run_script(python, "samples", str(folder), str(max(_FILES, workers)))
    return f"{folder}/train-*.tfrecord"
