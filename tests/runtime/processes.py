"""Running code beside the runtime, in processes that look as if a launcher had started them."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from patcher.checkout import VENDOR

BARE = (sys.executable, "-S")
RUNTIME = VENDOR / "habana_common"
# What may stand in the environment of whoever runs the tests.
LAUNCHERS = ("HOROVOD_", "OMPI_", "MV2_", "PMI_", "SLURM_", "EFFPATCH_DEVICE", "PYTHON")


def python(
    code: str,
    *path: Path,
    command: tuple[str | Path, ...] = BARE,
    device: str = "cpu",
    launched: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """The code as a program that has the runtime on its path.

    Args:
        code: Python, indented as it may be.
        path: Folders to put behind the runtime.
        command: What runs Python; left out, one with the standard library alone.
        device: What EFFPATCH_DEVICE is; "" for unset.
        launched: Variables that a launcher has set.
    """
    env = {k: v for k, v in os.environ.items() if not k.startswith(LAUNCHERS)}
    env["PYTHONPATH"] = os.pathsep.join(map(str, (RUNTIME, *path)))
    env |= {"EFFPATCH_DEVICE": device} if device else {}
    return subprocess.run(
        [*map(str, command), "-c", dedent(code)],
        env={**env, **(launched or {}), "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def said(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The lines that a program printed; it has to have ended well."""
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
