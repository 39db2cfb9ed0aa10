"""`effpatch train`: the patched trees train in the stack, alone and with two workers."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.commands import run
from tests.runtime.processes import LAUNCHERS, Command, scalars
from tests.runtime.test_tb_utils import PLUGIN
from tests.runtime.test_tb_utils import run as asked

Scalars = dict[str, list[tuple[int, float]]]
SIZE = "--hparams=image_size=64"


def patch(tree: Path, *more: str) -> None:
    packs = ("documented", "tensorflow_2_15", *more)
    result = run("apply", tree, *(part for name in packs for part in ("--pack", name)))
    assert result.exit_code == 0, result.output


def trained(tree: Path, stack: Path, workers: int, folder: Path, *flags: str) -> str:
    """What the command prints when it has trained on sample data."""
    options = ("--stack", stack, "--np", str(workers), "--device", "cpu", "--sample-data")
    result = run("train", tree, *options, "--", f"--model_dir={folder}", *flags)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def check(found: Scalars, every: int) -> None:
    """The tags that the document asks for are there, and none that it has renamed."""
    assert {"loss", "trainloss/loss", "examples/sec", "global_step/sec"} <= set(found)
    assert not any(tag.startswith("avg/") for tag in found)
    steps = sorted({step for step, _ in found["loss"]})
    assert steps == list(range(steps[0], steps[0] + every * len(steps), every))


def saved(folder: Path) -> set[str]:
    return {file.stem for file in folder.glob("*.index")}


def test_the_miniature_learns(
    miniature: Path, stack: Path, workers: int, stack_python: Command, tmp_path: Path
) -> None:
    patch(miniature, "supplement")
    folder, steps = tmp_path / "model", 200 // workers
    flags = (SIZE, f"--num_examples_per_epoch={4 * workers * steps}", "--cp_every_n_steps=50")
    said = trained(miniature, stack, workers, folder, *flags)
    found = scalars(folder, stack_python)
    check(found, every=5)
    assert [step for step, _ in found["loss"]] == list(range(0, steps + 1, 5)), "each once"
    first, last = found["loss"][0][1], found["loss"][-1][1]
    assert last < first / 2
    assert f"loss {first:.4g} at step 0, {last:.4g} at step {steps}" in said
    assert {f"model.ckpt-{step}" for step in (*range(50, steps, 50), steps + 1)} <= saved(folder)
    (hyper,) = json.loads(asked(PLUGIN, folder, stack_python)[-1])
    assert hyper["train_batch_size"] == 4
    assert (folder / "loss.png").read_bytes().startswith(b"\x89PNG")
    assert "Loss for final step" in (folder / "train.log").read_text()


def test_the_upstream_trains(
    upstream: Path, stack: Path, workers: int, stack_python: Command, tmp_path: Path
) -> None:
    patch(upstream)
    folder = tmp_path / "model"
    flags = ("--train_batch_size=2", f"--num_examples_per_epoch={4 * workers}")
    trained(
        upstream, stack, workers, folder, *flags, "--log_every_n_steps=1", "--cp_every_n_steps=2"
    )
    check(scalars(folder, stack_python), every=1)
    assert {"model.ckpt-2", "model.ckpt-3"} <= saved(folder)
    (hyper,) = json.loads(asked(PLUGIN, folder, stack_python)[-1])
    assert hyper["train_batch_size"] == 2


def test_the_program_trains_without_effpatch(
    miniature: Path, stack: Path, stack_python: Command, tmp_path: Path
) -> None:
    """With the runtime beside it, plain `python main.py` does."""
    patch(miniature)
    trained(miniature, stack, 1, tmp_path / "first", SIZE, "--num_examples_per_epoch=8")
    run("apply", miniature, "--with-runtime")
    pattern = tmp_path / "first" / "sample-data" / "train-*"
    flags = ("--train_batch_size=4", "--num_examples_per_epoch=40", "--log_every_n_steps=1")
    model = (SIZE, "--model_name=efficientdet-d0", "--num_epochs=1")
    places = (f"--training_file_pattern={pattern}", f"--model_dir={tmp_path / 'model'}")
    done = subprocess.run(
        [*stack_python, "main.py", *flags, *model, *places],
        cwd=miniature / "efficientdet",
        env={k: v for k, v in os.environ.items() if not k.startswith(LAUNCHERS)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    check(scalars(tmp_path / "model", stack_python), every=1)


# Has each worker write what it read, and a digest of its weights at the end.
WITNESS = """

import hashlib
import os

_plain = _parse_record


def _note(kind, content):
    with open(os.environ["WITNESS"] + "/%s-%d" % (kind, hvd.rank()), "a") as file:
        file.write(hashlib.sha256(content).hexdigest() + "\\n")


def _parse_record(record, image_size):
    def seen(content):
        _note("read", content)
        return content

    record = tf.reshape(tf.numpy_function(seen, [record], tf.string), [])
    return _plain(record, image_size)


class _Weights(tf.train.SessionRunHook):
    def end(self, session):
        values = session.run(tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES))
        _note("weights", b"".join(value.tobytes() for value in values))


_train = tf.estimator.Estimator.train
tf.estimator.Estimator.train = lambda self, *args, **more: _train(
    self, *args, **{**more, "hooks": [*(more.get("hooks") or []), _Weights()]})
"""


def test_two_workers_are_one_training(
    miniature: Path, stack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They hold the same weights in the end, and share the records out."""
    patch(miniature)
    with (miniature / "efficientdet" / "dataloader.py").open("a") as file:
        file.write(WITNESS)
    (tmp_path / "witness").mkdir()
    monkeypatch.setenv("WITNESS", str(tmp_path / "witness"))
    trained(miniature, stack, 2, tmp_path / "model", SIZE, "--num_examples_per_epoch=160")
    found = {file.name: file.read_text().split() for file in (tmp_path / "witness").iterdir()}
    assert sorted(found) == ["read-0", "read-1", "weights-0", "weights-1"]
    assert len(found["weights-0"]) == 1
    assert found["weights-0"] == found["weights-1"]
    first, second = set(found["read-0"]), set(found["read-1"])
    assert not first & second
    assert min(len(first), len(second)) > 24, "of 32 for each"


def test_hosts_may_be_named(miniature: Path, stack: Path, tmp_path: Path) -> None:
    """This one alone: what it takes to reach others, SSH, is not tried."""
    patch(miniature)
    options = ("--stack", stack, "--hosts", "localhost:2", "--device", "cpu", "--sample-data")
    flags = (SIZE, f"--model_dir={tmp_path}", "--num_examples_per_epoch=40")
    result = run("train", miniature, *options, "--raw", "--", *flags)
    assert result.exit_code == 0, result.stderr
    assert "first of 2 workers" in result.stdout


def test_the_demo_trains(stack: Path) -> None:
    result = run("demo", "--train", "--stack", stack)
    assert result.exit_code == 0, result.stderr
    assert "the miniature, patched: 47 applied" in result.stdout
    assert result.stdout.splitlines()[-1].endswith("at step 50")
