"""Running code beside the runtime, in processes that look as if a launcher had started them."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import dedent

from patcher.resources import VENDOR

Command = tuple[str | Path, ...]

BARE: Command = (sys.executable, "-S")
RUNTIME = VENDOR / "habana_common"
# What may stand in the environment of whoever runs the tests.
LAUNCHERS = ("HOROVOD_", "OMPI_", "MV2_", "PMI_", "SLURM_", "EFFPATCH_DEVICE", "PYTHON")
_SCALARS = """
    import json
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(FOLDER).Reload()
    tags = events.Tags()["scalars"]
    print(json.dumps({tag: [(s.step, s.value) for s in events.Scalars(tag)] for tag in tags}))
"""


def program(
    *words: str | Path,
    path: Sequence[Path] = (),
    device: str = "cpu",
    launched: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """A command that has the runtime on its path.

    Args:
        words: The command.
        path: Folders to put behind the runtime.
        device: What EFFPATCH_DEVICE is; "" for unset.
        launched: Variables that a launcher has set.
        folder: Where to run it.
    """
    env = {k: v for k, v in os.environ.items() if not k.startswith(LAUNCHERS)}
    env["PYTHONPATH"] = os.pathsep.join(map(str, (RUNTIME, *path)))
    env |= {"EFFPATCH_DEVICE": device} if device else {}
    return subprocess.run(
        [*map(str, words)],
        env={**env, **(launched or {}), "TF_CPP_MIN_LOG_LEVEL": "3"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )


def python(
    code: str,
    *path: Path,
    command: Command = BARE,
    device: str = "cpu",
    launched: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """A program in Python, indented as it may be, that has the runtime on its path.

    Left out, `command` runs a Python with the standard library alone.
    """
    words = (*command, "-c", dedent(code))
    return program(*words, path=path, device=device, launched=launched)


def said(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The lines that a program printed; it has to have ended well."""
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def scalars(folder: Path, command: Command) -> dict[str, list[tuple[int, float]]]:
    """What TensorBoard's reader finds in a folder: steps and values by tag.

    Args:
        folder: Where the event files are.
        command: What runs a Python that has TensorBoard.
    """
    found = said(python(_SCALARS.replace("FOLDER", repr(str(folder))), command=command))
    tags: dict[str, list[tuple[int, float]]] = json.loads(found[-1])
    return tags
