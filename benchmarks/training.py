"""Compares training before and after the documented edits: `training.py PIN STACK`.

Both trees get the pack `tensorflow_2_15`, one of them the documented edits as well. They train by
turns, one process each, with the same seed, data and order. Printed are the largest difference of
a loss, and the median times of a step.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from patcher.training import samples
from patcher.training.interpreter import interpreter
from patcher.training.launch import Launch

STEPS, ROUNDS, WARM_UP = 20, 3, 5
PACKS = {"before": ["tensorflow_2_15"], "after": ["documented", "tensorflow_2_15"]}
Steps = list[tuple[float, float]]


def patched(pin: Path, tree: Path, packs: list[str]) -> Path:
    """The program of a copy of the upstream, with some packs applied."""
    shutil.copytree(pin, tree, symlinks=True)
    options = [word for name in packs for word in ("--pack", name)]
    effpatch = Path(sys.executable).with_name("effpatch")
    subprocess.run([effpatch, "apply", tree, *options], check=True)
    return tree / "efficientdet" / "main.py"


def trained(program: Path, stack: Path, pattern: str, folder: Path) -> Steps:
    """Loss and seconds of each step of a run."""
    result = folder / "result.json"
    wanted = (
        f"--model_dir={folder}/model",
        *samples.arguments(pattern, 1),
        "--train_batch_size=2",
        f"--num_examples_per_epoch={2 * (STEPS - 1)}",
    )
    # The program before the edits knows no such flag.
    flags = [word for word in wanted if not word.startswith("--log_every_n_steps")]
    words = (str(program), str(result), *flags)
    launch = Launch(Path(__file__).with_name("seeded.py"), interpreter(stack), words, device="cpu")
    folder.mkdir()
    with (folder / "log").open("w") as log:
        subprocess.run(launch.command, env=launch.environment, stdout=log, stderr=log, check=True)
    steps: Steps = json.loads(result.read_text())
    return steps


def main(pin: Path, stack: Path) -> None:
    """Run both by turns and print how they compare."""
    with TemporaryDirectory(prefix="effpatch-benchmark-") as name:
        work = Path(name)
        pattern = samples.write(interpreter(stack), work / "data", 1)
        programs = {name: patched(pin, work / name, packs) for name, packs in PACKS.items()}
        runs: dict[str, list[Steps]] = {name: [] for name in programs}
        for number in range(ROUNDS):
            for name, program in programs.items():
                folder = work / f"{name}-{number}"
                runs[name].append(trained(program, stack, pattern, folder))
    losses = {name: [loss for loss, _ in found[0]] for name, found in runs.items()}
    times = {n: median(t for run in found for _, t in run[WARM_UP:]) for n, found in runs.items()}
    gaps = [abs(a - b) for a, b in zip(losses["before"], losses["after"], strict=True)]
    print(f"{len(gaps)} steps, loss {losses['after'][0]:.6f} to {losses['after'][-1]:.6f}")
    print(f"largest difference of a loss {max(gaps):.3g}")
    print(f"step {times['before']:.3f} s before, {times['after']:.3f} s after, ", end="")
    print(f"{100 * (times['after'] / times['before'] - 1):+.1f} %")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
