"""A checkpoint is the same, whichever kind of variables wrote it."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from patcher.training.program import sample_run
from tests.commands import process, run
from tests.rule_check import PACKS
from tests.runtime.processes import LAUNCHERS, Command
from tests.training.test_train import short

Program = Callable[..., str]


@pytest.fixture
def data(stack: Path, tmp_path: Path) -> tuple[str, ...]:
    """Flags for short runs on sample data, with averages of the weights."""
    averaged = "--hparams=image_size=64,moving_average_decay=0.9"
    return *sample_run(stack / "bin" / "python", tmp_path / "data", 1), *short(1), averaged


@pytest.fixture
def programs(
    miniature: Path, stack_python: Command, data: tuple[str, ...], tmp_path: Path
) -> tuple[Program, Program]:
    """What runs the program with legacy variables, and with resource variables: gives the log."""
    legacy = shutil.copytree(miniature, tmp_path / "legacy")
    for tree, *less in ((miniature,), (legacy, "--skip", "supplement/main-3")):
        packs = (word for name in PACKS for word in ("--pack", name))
        assert run("apply", tree, *packs, "--with-runtime", *less).exit_code == 0

    def program(tree: Path) -> Program:
        def log(*flags: str) -> str:
            done = process(
                *(*stack_python, "main.py", *data, f"--model_dir={tmp_path / 'model'}", *flags),
                cwd=tree / "efficientdet",
                env={k: v for k, v in os.environ.items() if not k.startswith(LAUNCHERS)},
            )
            assert done.returncode == 0, done.stderr[-3000:]
            return done.stderr

        return log

    return program(legacy), program(miniature)


def evaluated(program: Program, data: tuple[str, ...]) -> str:
    """The metrics of the last checkpoint, of the averaged weights, as the program prints them."""
    (pattern,) = (each for each in data if each.startswith("--training_file_pattern="))
    validation = pattern.replace("training", "validation", 1)
    log = program("--mode=eval", validation, "--eval_samples=8", "--eval_batch_size=2")
    (metrics,) = re.findall(r"evaluation: ({.*})", log)
    return str(metrics)


def test_either_kind_of_variables_reads_what_the_other_wrote(
    programs: tuple[Program, Program], data: tuple[str, ...], tmp_path: Path
) -> None:
    """It evaluates to the same metrics, and goes on from there."""
    folder = tmp_path / "model"
    legacy, _ = programs
    legacy()
    seen = []
    for steps, (writer, reader) in ((3, programs), (5, programs[::-1])):
        metrics = evaluated(writer, data)
        assert f"'global_step': {steps}" in metrics
        assert evaluated(reader, data) == metrics
        seen.append(metrics)
        log = reader(f"--num_examples_per_epoch={2 * (steps + 1)}")
        assert f"Restoring parameters from {folder}/model.ckpt-{steps}" in log
        assert (folder / f"model.ckpt-{steps + 2}.index").is_file()
    assert len(set(seen)) == len(seen), "it has learned in between"
