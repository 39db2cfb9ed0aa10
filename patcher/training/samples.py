"""Sample data: a few pictures with coloured boxes on them, to see that training works."""

from __future__ import annotations

from pathlib import Path

from patcher.errors import ScriptFailed
from patcher.training.interpreter import Interpreter

_STEPS, _BATCH, _FILES = 50, 4, 8


def write(python: Interpreter, folder: Path, workers: int) -> str:
    """Write the pictures as TFRecords, the same ones every time.

    Args:
        python: What has TensorFlow.
        folder: Where to; made if it is not there.
        workers: How many will read them: each one gets a file at least.

    Returns:
        A pattern that matches the files.

    Raises:
        ScriptFailed: TensorFlow could not.
    """
    folder.mkdir(parents=True, exist_ok=True)
    reason = python.script("samples", str(folder), str(max(_FILES, workers)))
    if reason:
        raise ScriptFailed(str(folder), reason)
    return f"{folder}/train-*.tfrecord"


def arguments(pattern: str, workers: int) -> tuple[str, ...]:
    """What the program needs to train on them for a while on any device."""
    return (
        "--mode=train",
        "--model_name=efficientdet-d0",
        f"--training_file_pattern={pattern}",
        f"--train_batch_size={_BATCH}",
        f"--num_examples_per_epoch={_STEPS * _BATCH * workers}",
        "--num_epochs=1",
        "--hparams=image_size=128,use_bfloat16=false,moving_average_decay=0",
        "--log_every_n_steps=5",
    )
