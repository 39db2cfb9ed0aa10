"""`effpatch train`: the patched trees train in the stack, alone and with two workers."""

import json
import os
from pathlib import Path

import pytest

from patcher.training.program import sample_run
from tests.commands import process, run
from tests.counts import RULES
from tests.rule_check import PACKS, REVISIONS
from tests.runtime.processes import LAUNCHERS, Command, scalars
from tests.runtime.test_tb_utils import PLUGIN
from tests.runtime.test_tb_utils import run as read_plugin

Scalars = dict[str, list[tuple[int, float]]]
SIZE = "--hparams=image_size=64"


def patch(tree: Path, *more: str, document: str = "documented") -> None:
    packs = (document, "tensorflow_2_15", *more)
    result = run("apply", tree, *(part for name in packs for part in ("--pack", name)))
    assert result.exit_code == 0, result.output


def trained(
    tree: Path, stack: Path, workers: int, folder: Path, *flags: str, document: str = "documented"
) -> str:
    """What the command prints after it has trained on sample data."""
    options = ("--stack", stack, "--np", str(workers), "--device", "cpu", "--sample-data")
    named = ("--pack", document, "--pass-env", "WITNESS")
    result = run("train", tree, *options, *named, "--", f"--model_dir={folder}", *flags)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def short(workers: int) -> tuple[str, ...]:
    """Flags for three steps, each of them logged, with a checkpoint after every second one."""
    examples = f"--num_examples_per_epoch={4 * workers}"
    return ("--train_batch_size=2", examples, "--log_every_n_steps=1", "--cp_every_n_steps=2")


def check(
    folder: Path, command: Command, *, steps: int, batch: int, every: int = 1, saved: int = 2
) -> Scalars:
    """Check that a run left what the document asks for; returns its scalars.

    The newest five checkpoints are there, `saved` steps apart. TensorBoard's own readers find the
    loss, `every` so many steps, the speed and the flags, and no tag that the document renames.
    """
    found = scalars(folder, command)
    assert {"loss", "trainloss/loss", "examples/sec", "global_step/sec"} <= set(found)
    assert not any(tag.startswith("avg/") for tag in found)
    logged = sorted({step for step, _ in found["loss"]})
    assert logged == list(range(logged[0], logged[0] + steps, every))
    kept = [*range(0, steps, saved), steps][-5:]
    assert {file.stem for file in folder.glob("*.index")} == {f"model.ckpt-{at}" for at in kept}
    (hyper,) = json.loads(read_plugin(PLUGIN, folder, command)[-1])
    assert (hyper["train_batch_size"], hyper["cp_every_n_steps"]) == (batch, saved)
    return found


def test_the_miniature_learns(
    miniature: Path, stack: Path, workers: int, stack_python: Command, tmp_path: Path
) -> None:
    patch(miniature, "supplement")
    folder, steps = tmp_path / "model", 200 // workers
    flags = (SIZE, f"--num_examples_per_epoch={4 * workers * steps}", "--cp_every_n_steps=50")
    output = trained(miniature, stack, workers, folder, *flags)
    found = check(folder, stack_python, steps=steps + 1, batch=4, every=5, saved=50)
    assert [step for step, _ in found["loss"]] == list(range(0, steps + 1, 5)), "each once"
    first, last = found["loss"][0][1], found["loss"][-1][1]
    assert last < first / 2
    assert f"loss {first:.4g} at step 0, {last:.4g} at step {steps}" in output
    assert (folder / "loss.png").read_bytes().startswith(b"\x89PNG")
    assert "Loss for final step" in (folder / "train.log").read_text()


@pytest.mark.extended
def test_the_upstream_trains(
    upstream: Path, stack: Path, stack_python: Command, tmp_path: Path
) -> None:
    """Alone; with two workers, `test_workers` trains it."""
    patch(upstream)
    trained(upstream, stack, 1, tmp_path / "model", *short(workers=1))
    check(tmp_path / "model", stack_python, steps=3, batch=2)


@pytest.mark.parametrize("horovod", [True, False], ids=["with Horovod", "without"])
@pytest.mark.parametrize("document", REVISIONS)
def test_a_revision_trains(
    document: str,
    horovod: bool,
    miniature: Path,
    stack: Path,
    stack_python: Command,
    tmp_path: Path,
) -> None:
    """Alone; with two workers, `test_workers` trains it."""
    patch(miniature, document=document)
    if not horovod:  # as Python would find it if there were none
        (miniature / "efficientdet" / "horovod").mkdir()
        missing = "raise ModuleNotFoundError('none', name='horovod')\n"
        (miniature / "efficientdet" / "horovod" / "__init__.py").write_text(missing)
    trained(miniature, stack, 1, tmp_path / "model", *short(workers=1), document=document)
    check(tmp_path / "model", stack_python, steps=3, batch=2)


@pytest.mark.parametrize(
    "tree", ["miniature", pytest.param("upstream", marks=pytest.mark.extended)], indirect=True
)
def test_the_program_trains_without_effpatch(
    tree: Path, stack: Path, stack_python: Command, tmp_path: Path
) -> None:
    """With the runtime next to it, plain `python main.py` does the same."""
    patch(tree)
    run("apply", tree, "--with-runtime")
    flags = (*sample_run(stack / "bin" / "python", tmp_path / "data", 1), *short(workers=1))
    done = process(
        *(*stack_python, "main.py", *flags, f"--model_dir={tmp_path / 'model'}"),
        cwd=tree / "efficientdet",
        env={k: v for k, v in os.environ.items() if not k.startswith(LAUNCHERS)},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    check(tmp_path / "model", stack_python, steps=3, batch=2)


def test_hosts_may_be_named(miniature: Path, stack: Path, tmp_path: Path) -> None:
    """Only this host: others are reached by SSH, which is not tried."""
    patch(miniature)
    options = ("--stack", stack, "--hosts", "localhost:2", "--device", "cpu", "--sample-data")
    flags = (SIZE, f"--model_dir={tmp_path}", "--num_examples_per_epoch=40")
    result = run("train", miniature, *options, "--raw", "--", *flags)
    assert result.exit_code == 0, result.stderr
    assert "first of 2 workers" in result.stdout


def test_the_demo_trains(stack: Path) -> None:
    result = run("demo", "--train", "--stack", stack)
    assert result.exit_code == 0, result.stderr
    applied = RULES + len(list(PACKS["tensorflow_2_15"].entries()))
    assert f"the miniature: {applied} edits made, checked and undone; all " in result.stdout
    assert result.stdout.splitlines()[-1].endswith("at step 50")
