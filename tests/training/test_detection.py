"""`demo --detect`, on the miniature; `benchmarks.detect` runs it on the pin."""

import json
import re
import signal
import subprocess
from pathlib import Path

import pytest
from click.testing import Result

from tests.commands import INSTALLED, run
from tests.training.test_interruption import wait_for

# Measured was 0.97, and 0.85 with half of the pictures to train on; 0 is that of no detection.
BOUND = 0.5


def demo(*options: str | Path) -> Result:
    return run("demo", "--detect", "--miniature", *options)


def test_a_model_detects_shapes_that_it_has_not_seen(stack: Path, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    done = demo("--stack", stack, "--output", folder)
    assert done.exit_code == 0, done.stderr
    ((step, metrics),) = json.loads((folder / "metrics.json").read_text()).items()
    assert f"step {step} evaluated: AP50 {metrics['AP50']:.3g}, " in done.stdout
    assert metrics["AP50"] > BOUND
    detected, _, shapes = done.stdout.partition("detections.png: ")[2].split()[:3]
    assert int(detected) > int(shapes) * BOUND
    assert (folder / "detections.png").read_bytes().startswith(b"\x89PNG")
    assert (folder / "exported" / "saved_model.pb").is_file()
    assert done.stdout.splitlines()[-1].startswith(f"{folder}: model, exported model, data")


def test_ctrl_c_leaves_nothing(
    stack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    command = [INSTALLED, "demo", "--detect", "--miniature", "--stack", stack]
    started = subprocess.Popen(
        [*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    logs = "effpatch-demo-detect-*/model/train.log"
    try:
        wait_for(lambda: list(tmp_path.glob(logs)) or started.poll() is not None, 400)
    finally:
        started.send_signal(signal.SIGINT)
        _, errors = started.communicate(timeout=60)
    assert started.returncode == 130
    (last,) = [line for line in errors.splitlines() if "interrupted" in line]
    assert re.fullmatch(
        "interrupted; every worker ended; .*/effpatch-demo-detect-.* was removed", last
    )
    assert not list(tmp_path.glob("effpatch-demo-detect-*"))


def test_a_folder_that_holds_something_is_refused(stack: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    done = demo("--stack", stack, "--output", tmp_path)
    assert (done.exit_code, done.stdout) == (4, "")
    assert done.stderr.startswith(f"{tmp_path}: not empty, expected a new or empty folder")
    assert [file.name for file in tmp_path.iterdir()] == ["mine"]
