"""What is known here of the upstream's training program: what it imports, and its flags."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from patcher.training import flags

# Besides TensorFlow and Horovod.
IMPORTS = ("PIL", "absl", "cv2", "matplotlib", "pycocotools", "six", "yaml")
# The smallest model, on small pictures, on any device.
SMALL_MODEL = (
    "--mode=train",
    "--model_name=efficientdet-d0",
    "--num_epochs=1",
    "--hparams=image_size=128,use_bfloat16=false,moving_average_decay=0",
)
_BATCH, _STEPS = 4, 50


def sample_run(pattern: str, workers: int) -> tuple[str, ...]:
    """The arguments for a short training on sample data.

    Args:
        pattern: Matches the files of data.
        workers: How many share the examples.
    """
    return (
        *SMALL_MODEL,
        f"--training_file_pattern={pattern}",
        f"--train_batch_size={_BATCH}",
        f"--num_examples_per_epoch={_STEPS * _BATCH * workers}",
        "--log_every_n_steps=5",
    )


def graph_run(folder: Path) -> tuple[str, ...]:
    """The arguments for building the training graph; the folder is for what the program writes."""
    data = ("--training_file_pattern=/dev/null", "--train_batch_size=2")
    return (*SMALL_MODEL, *data, "--num_examples_per_epoch=8", f"--model_dir={folder}")


def model_dir(arguments: Sequence[str]) -> str | None:
    """Where the program writes checkpoints; None where the arguments do not say."""
    return flags.value(arguments, "model_dir")


def data_pattern(arguments: Sequence[str]) -> str | None:
    """What matches the files to train on; None where the arguments need not say, or a file does."""
    if evaluates(arguments) or flags.value(arguments, "flagfile") is not None:
        return None
    return flags.value(arguments, "training_file_pattern") or ""


def evaluates(arguments: Sequence[str]) -> bool:
    """Whether the program is to evaluate only."""
    return flags.value(arguments, "mode") == "eval"


def last_step(program: Path, arguments: Sequence[str], workers: int) -> int | None:
    """The step at which training ends, as the program computes it; None if that is not known."""
    defaults = flags.defaults(program)

    def number(name: str) -> int:
        given = flags.value(arguments, name)
        return int(str(defaults.get(name)) if given is None else given)

    with suppress(ValueError, ZeroDivisionError):
        examples = number("num_epochs") * number("num_examples_per_epoch")
        return int(examples / (number("train_batch_size") * workers)) + 1
    return None
