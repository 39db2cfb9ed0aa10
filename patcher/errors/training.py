"""A tree, an environment or data that cannot be trained with, and training that fails."""

from __future__ import annotations

from collections.abc import Sequence

from patcher.errors.base import PatchError


class Unported(PatchError):
    """A tree to train lacks edits."""

    def __init__(self, place: str, pending: Sequence[str], edits: int) -> None:
        more = f" and {len(pending) - 3} more" if pending[3:] else ""
        super().__init__(
            f"{place}: {', '.join(pending[:3])}{more} not applied, expected all {edits} documented "
            f"edits; run `effpatch apply {place}` first"
        )


class TooNew(PatchError):
    """The TensorFlow to train with wants edits that the tree has not got."""

    def __init__(self, place: str, tensorflow: str, pending: Sequence[str], pack: str) -> None:
        super().__init__(
            f"{place}: {pending[0]} not applied, expected all of the pack {pack} for TensorFlow "
            f"{tensorflow}; run `effpatch apply {place} --pack documented --pack {pack}` first"
        )


class StackLacks(PatchError):
    """The environment to train in lacks modules."""

    def __init__(self, interpreter: str, missing: Sequence[str]) -> None:
        super().__init__(
            f"{interpreter}: finds no {' and no '.join(missing)}, expected TensorFlow up to 2.15, "
            "which has estimators, and Horovod for several workers; name another environment "
            "with --stack or EFFPATCH_STACK, or make one with `effpatch stack create`"
        )


class NoLauncher(PatchError):
    """The program that starts workers is not there."""

    def __init__(self, name: str, folder: str) -> None:
        super().__init__(
            f"{name}: neither in {folder} nor on PATH, expected it to start several workers; "
            "install it, or pass another --launcher"
        )


class NoTrainingData(PatchError):
    """There is no file to train on; the pattern of them may be empty."""

    def __init__(self, pattern: str) -> None:
        found = f"{pattern}: no such file" if pattern else "ARGS: no --training_file_pattern"
        super().__init__(
            f"{found}, expected TFRecords to train on; correct "
            "--training_file_pattern, or pass --sample-data"
        )


class TooFewFiles(PatchError):
    """Some worker would have nothing to train on, and the others wait for it for good."""

    def __init__(self, pattern: str, found: int, workers: int) -> None:
        files = f"{found} file{'s' if found > 1 else ''}"
        super().__init__(
            f"{pattern}: {files} for {workers} workers, expected one for each at least; "
            "split the data into more, or lower --np"
        )


class NoModelDir(PatchError):
    """The flag is given without a folder."""

    def __init__(self) -> None:
        super().__init__(
            "ARGS: --model_dir is empty, expected a folder; name one, or leave it out for a new one"
        )


class ScriptFailed(PatchError):
    """A program of ours failed in the environment to train in."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(
            f"{place}: could not be written ({reason}); see to that environment's packages, or "
            "name another with --stack"
        )


class TrainingFailed(PatchError):
    """The program that trains has ended with an error."""

    exit_code = 5

    def __init__(self, log: str, code: int, said: str, saved: str) -> None:
        reason = f" ({said})" if said else ""
        super().__init__(
            f"{log}: training ended with exit code {code}{reason}, expected 0; {_resume(saved)}"
        )


class NoStepTrained(PatchError):
    """The program that trains has ended well, but there is no sign that it has trained."""

    exit_code = 5

    def __init__(self, log: str) -> None:
        super().__init__(
            f"{log}: the program ended without an error and without a step, expected training; "
            "see there what it did"
        )


class TrainingStopped(PatchError):
    """Training was interrupted; no worker is left."""

    exit_code = 130

    def __init__(self, log: str, saved: str) -> None:
        super().__init__(
            f"{log}: training was interrupted and every worker ended, expected all steps; "
            f"{_resume(saved)}"
        )


def _resume(saved: str) -> str:
    if not saved:
        return "see there what it said"
    return f"see there what it said; the same --model_dir goes on from {saved}"
