"""What is known here of the upstream's training program: its flags and its data."""

import ast
import glob
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from patcher import reading
from patcher.code import bounds, syntax
from patcher.errors import StackError, did_you_mean
from patcher.training.flags import definitions
from patcher.training.stack import run_script

# The smallest model, on small pictures, on any device.
SMALL_MODEL = (
    "--mode=train",
    "--model_name=efficientdet-d0",
    "--num_epochs=1",
    "--hparams=image_size=128,num_classes=91,use_bfloat16=false,moving_average_decay=0",
)
_FILES, _BATCH, _STEPS = 8, 4, 50  # of a training on sample data
_UNSEEN = 4  # files of sample data to evaluate on
_EVALUATING = ("eval", "train_and_eval")  # the modes that do
_MODES = ("train", *_EVALUATING)  # in any other, the program ends without a word
# For an evaluation that ends where there is no newer checkpoint, in place of waiting for one.
_ONCE = {"min_eval_interval": "0", "eval_timeout": "1"}
_LAST = re.compile(r'^model_checkpoint_path: "(.+)"$', re.MULTILINE)
TRAINING = "training_file_pattern"  # the flag of the files that workers share among them
_ADDRESS = "://"  # in gs://bucket/folder and the like, which TensorFlow reaches by itself


def sample_run(python: Path, folder: Path, workers: int) -> tuple[str, ...]:
    """The arguments for a short training of some workers on sample data, which is written.

    Raises:
        StackError: The Python has no TensorFlow that could write it.
    """
    write_samples(python, folder, sample_files(workers))
    return sample_arguments(folder, workers)


def sample_arguments(folder: Path, workers: int) -> tuple[str, ...]:
    """The arguments for a short training of some workers on the sample data in a folder."""
    return (
        *SMALL_MODEL,
        *sample_flags(folder),
        f"--train_batch_size={_BATCH}",
        f"--num_examples_per_epoch={_STEPS * _BATCH * workers}",
        "--log_every_n_steps=5",
    )


def sample_files(workers: int) -> int:
    """How many files of sample data some workers train on: at least one for each."""
    return max(_FILES, workers)


def sample_flags(folder: Path) -> tuple[str, ...]:
    """The flags that name the sample data in a folder, to train and to evaluate on."""
    folder = folder.absolute()
    return (
        f"--training_file_pattern={folder}/train-*.tfrecord",
        f"--validation_file_pattern={folder}/unseen-*.tfrecord",
        f"--val_json_file={folder}/unseen.json",
        f"--eval_batch_size={_BATCH}",
    )


def write_samples(python: Path, folder: Path, files: int) -> None:
    """Write sample data into a folder, which is made if it does not exist.

    It is a few pictures of coloured shapes as TFRecords, the same ones every time, in some files to
    train on, and others to evaluate on.

    Raises:
        StackError: The Python has no TensorFlow that could write them.
    """
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    run_script(python, "samples", str(folder), f"train={files}", f"unseen={_UNSEEN}")


def graph_run(folder: Path) -> tuple[str, ...]:
    """The arguments for building the training graph; the folder is for what the program writes."""
    data = ("--training_file_pattern=/dev/null", "--train_batch_size=2")
    return (*SMALL_MODEL, *data, "--num_examples_per_epoch=8", f"--model_dir={folder}")


def require_data(
    arguments: Sequence[str], workers: int, *, here: bool = True, has_samples: bool = False
) -> None:
    """Check that there are files for every worker, as far as this machine can tell.

    Local ones are looked for where all workers are `here`. Evaluation is by one worker, of all
    files. With sample data, only what the arguments name is looked for.

    Raises:
        StackError: There are not.
    """
    if flag(arguments, "flagfile") is not None:
        return
    wanted = {} if evaluates(arguments) else {TRAINING: "TFRecords to train on"}
    if flag(arguments, "mode") in _EVALUATING:
        wanted["validation_file_pattern"] = "TFRecords to evaluate on"
        if flag(arguments, "val_json_file"):
            wanted["val_json_file"] = "the annotations in COCO format"
    instead = "or leave it out" if has_samples else "or --sample-data"
    for name, what in wanted.items():
        if not has_samples or flag(arguments, name):
            number = workers if name == TRAINING else 1
            _require_files(arguments, name, what, number, here, instead)


def data_patterns(arguments: Sequence[str]) -> dict[str, str]:
    """The absolute patterns of local data files that a run reads, with the flag that has each."""
    names = [] if evaluates(arguments) else [TRAINING]
    names += ["validation_file_pattern", "val_json_file"] * (flag(arguments, "mode") in _EVALUATING)
    given = {name: flag(arguments, name) for name in names}
    return {
        os.path.abspath(pattern): name
        for name, pattern in given.items()
        if pattern and _ADDRESS not in pattern
    }


def is_local(place: str) -> bool:
    """Whether a place for checkpoints is a folder, and not an address."""
    return _ADDRESS not in place


def _require_files(
    arguments: Sequence[str], name: str, wanted: str, workers: int, here: bool, instead: str
) -> None:
    """Check that the pattern in a flag matches a file for each worker; `here` is for local ones."""
    pattern = flag(arguments, name) or ""
    if pattern and (_ADDRESS in pattern or not here):
        return
    files = len(glob.glob(pattern))
    if not files:
        found = "no such file" if pattern else f"no --{name}"
        advice = f"{'correct' if pattern else 'pass'} --{name}, {instead}"
        raise StackError(pattern or "ARGS", found, wanted, advice)
    if files < workers:
        found = f"{files} file{'s' if files > 1 else ''} for {workers} workers"
        advice = "split the data into more, or lower --np"
        raise StackError(pattern, found, "at least one for each", advice)


def require_mode(arguments: Sequence[str]) -> None:
    """Check that the program trains, evaluates, or both.

    Raises:
        StackError: It is given another mode.
    """
    mode = flag(arguments, "mode")
    if mode is not None and mode not in _MODES:
        advice = did_you_mean(mode, _MODES, "pass one of them")
        raise StackError("ARGS", f"--mode={mode}", " or ".join(_MODES), advice)


def require_model(arguments: Sequence[str], workers: int) -> None:
    """Check that what is only to evaluate has a checkpoint, as far as this machine can tell.

    Without one, the program waits for it.

    Raises:
        StackError: It has none; or several workers are to evaluate it, each of them some files.
    """
    if not evaluates(arguments):
        return
    if workers > 1:
        advice = "leave out --np and --hosts: one worker evaluates all files"
        raise StackError("ARGS", f"{workers} workers for --mode=eval", "one", advice)
    model_dir = flag(arguments, "model_dir") or ""
    if flag(arguments, "flagfile") is not None or _ADDRESS in model_dir:
        return
    advice = "name the folder of a training with --model_dir"
    if not model_dir:
        raise StackError("ARGS", "no --model_dir", "a model to evaluate", advice)
    if not (Path(model_dir) / "checkpoint").is_file():
        raise StackError(model_dir, "no checkpoint in it", "a model to evaluate", advice)


def destination(arguments: Sequence[str], folder: Path) -> tuple[Path, str]:
    """The folder for the log, and the place for checkpoints, which may be an address.

    Raises:
        StackError: The arguments name an empty one.
    """
    model_dir = flag(arguments, "model_dir")
    if model_dir == "":
        advice = "name one, or leave the flag out for a new one"
        raise StackError("ARGS", "--model_dir is empty", "a folder", advice)
    if model_dir and _ADDRESS in model_dir:
        return folder.absolute(), model_dir
    folder = Path(model_dir or folder).absolute()
    return folder, str(folder)


def last_checkpoint(results: str) -> str:
    """The newest complete checkpoint in a folder, as TensorFlow keeps account of it; or ""."""
    with suppress(OSError, ValueError):
        state = reading.read(Path(results, "checkpoint"), bounds.LARGEST).decode("utf-8")
        if found := _LAST.search(state):
            return os.path.join(results, os.path.basename(found[1]))
    return ""


def evaluates(arguments: Sequence[str]) -> bool:
    """Whether the program is to evaluate only."""
    return flag(arguments, "mode") == "eval"


def once(program: Path, arguments: Sequence[str]) -> tuple[str, ...]:
    """The flags by which what evaluates only ends with the newest checkpoint, if there are any."""
    known = _defaults(program) if evaluates(arguments) else {}
    return tuple(f"--{name}={value}" for name, value in _ONCE.items() if name in known)


def value(program: Path, arguments: Sequence[str], name: str) -> str | None:
    """What a flag is in a run: the value that it is given, else its default, if that is known."""
    given = flag(arguments, name)
    if given is not None or flag(arguments, "flagfile") is not None:
        return given
    default = _defaults(program).get(name)
    return None if default is None else str(default)


def last_step(program: Path, arguments: Sequence[str], workers: int) -> int | None:
    """The step at which training ends, as the program computes it; None if that is not known."""
    if flag(arguments, "flagfile") is not None:
        return None
    defaults = _defaults(program)

    def number(name: str) -> int:
        given = flag(arguments, name)
        return int(str(defaults.get(name)) if given is None else given)

    with suppress(ValueError, ZeroDivisionError):
        epochs, examples = number("num_epochs"), number("num_examples_per_epoch")
        batch = number("train_batch_size") * workers
        if flag(arguments, "mode") == "train_and_eval":
            return epochs * int(examples / batch)
        return int(epochs * examples / batch) + 1
    return None


def for_workers(program: Path, arguments: Sequence[str], before: int, now: int) -> tuple[str, ...]:
    """The arguments with which another number of workers ends at the same step.

    Steps and schedules are counted in epochs of examples, of which fewer workers take fewer in a
    step. Where no number of examples gives the same last step, it is the nearest later one. That
    `last_step` is known is for the caller to check.
    """
    total = last_step(program, arguments, before) or 0
    epochs, batch = (
        int(value(program, arguments, name) or 0) for name in ("num_epochs", "train_batch_size")
    )
    if flag(arguments, "mode") == "train_and_eval":
        examples = total // epochs * batch * now
    else:
        examples = -(-(total - 1) * batch * now // epochs)
    return (*arguments, f"--num_examples_per_epoch={examples}")


def flag(arguments: Sequence[str], name: str) -> str | None:
    """The value of a flag as absl reads it: the last one counts; None if it is not there."""
    pattern = re.compile(rf"--?{name}(?:=(.*))?", re.DOTALL)
    for place in reversed(range(len(arguments))):
        if found := pattern.fullmatch(arguments[place]):
            following = arguments[place + 1 : place + 2]
            return found[1] if found[1] is not None else "".join(following)
    return None


def _defaults(program: Path) -> dict[str, object]:
    """The default of every flag that a program defines with a literal one."""
    found = {}
    module = syntax.tree(reading.read(program, bounds.LARGEST))
    for each in definitions(module) if module else ():
        if each and each.default:
            with suppress(ValueError):
                found[each.name] = ast.literal_eval(each.default)
    return found
