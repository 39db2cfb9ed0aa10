"""What `train` checks before an evaluation, and what it tells of one; none is run here."""

import re
from pathlib import Path

import pytest

from patcher.errors import StackError
from patcher.report.training import sentence
from patcher.resources import VENDOR
from patcher.training.program import last_step, once, require_data, require_mode, require_model
from patcher.training.progress import Progress
from patcher.training.session import Session
from tests.commands import run

PROGRAM = VENDOR / "miniature" / "efficientdet" / "main.py"
EVALUATED = (
    "INFO:tensorflow:Saving dict for global step 1601: AP = 0.7607, APl = -1.0, box_loss = 6e-4, "
    "global_step = 1601, loss = 1.53"
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with a file to train on and one to evaluate on."""
    for name in ("train-0", "unseen-0", "unseen.json"):
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("flags", "workers", "wrong"),
    [
        pytest.param(["--mode=eval"], 1, "ARGS: no --validation_file_pattern", id="no pattern"),
        pytest.param(
            ["--mode=eval", "--validation_file_pattern=HERE/no*"], 1, "/no*: no such", id="no data"
        ),
        pytest.param(
            ["--mode=eval", "--validation_file_pattern=HERE/unseen-*", "--val_json_file=/no.json"],
            1,
            "/no.json: no such file, expected the annotations in COCO format",
            id="no annotations",
        ),
        pytest.param(
            ["--mode=train_and_eval", "--training_file_pattern=HERE/train-*"],
            1,
            "ARGS: no --validation_file_pattern",
            id="both, nothing to evaluate on",
        ),
        pytest.param(
            ["--mode=train_and_eval", "--validation_file_pattern=HERE/unseen-*"],
            1,
            "ARGS: no --training_file_pattern",
            id="both, nothing to train on",
        ),
        pytest.param(
            ["--mode=train_and_eval", "--training_file_pattern=HERE/train-*"],
            2,
            "train-*: 1 file for 2 workers",
            id="both, too few files",
        ),
    ],
)
def test_data_to_evaluate_on_has_to_be_there(
    data: Path, flags: list[str], workers: int, wrong: str
) -> None:
    with pytest.raises(StackError, match=re.escape(wrong)):
        require_data([flag.replace("HERE", str(data)) for flag in flags], workers)


@pytest.mark.parametrize("mode", ["eval", "train_and_eval"])
def test_data_that_is_there_will_do(data: Path, mode: str) -> None:
    """One file to evaluate on is enough for any number of workers: the first one reads all."""
    flags = [f"--mode={mode}", f"--validation_file_pattern={data}/unseen-*"]
    more = [f"--training_file_pattern={data}/*-0", f"--val_json_file={data}/unseen.json"]
    require_data([*flags, *more], 2 if mode == "train_and_eval" else 1)
    require_data([*flags, "--training_file_pattern=gs://a/b"], 1)


def test_data_that_is_named_with_sample_data_has_to_be_there(data: Path) -> None:
    flags = ["--mode=eval", f"--validation_file_pattern={data}/unseen-*"]
    require_data(["--mode=train_and_eval"], 4, has_samples=True)
    require_data(flags, 4, has_samples=True)
    wrong = "/no.json: no such file, expected the annotations in COCO format; correct "
    with pytest.raises(StackError, match=f"{wrong}--val_json_file, or leave it out"):
        require_data([*flags, "--val_json_file=/no.json"], 4, has_samples=True)


def test_a_model_to_evaluate_has_to_be_there(tmp_path: Path) -> None:
    """The program would wait for one."""
    flags = ["--mode=eval", f"--model_dir={tmp_path}"]
    with pytest.raises(StackError, match="ARGS: no --model_dir, expected a model to evaluate"):
        require_model(flags[:1], 1)
    with pytest.raises(StackError, match=f"{tmp_path}: no checkpoint in it"):
        require_model(flags, 1)
    require_model([f"--model_dir={tmp_path}"], 2)  # to train
    require_model(["--mode=eval", "--model_dir=gs://a/b"], 1)
    (tmp_path / "checkpoint").touch()
    require_model(flags, 1)


@pytest.mark.parametrize(
    ("mode", "step"),
    [("evl", "did you mean eval?"), ("", "pass one of them"), ("predict", "pass one of them")],
)
def test_a_mode_in_which_nothing_is_done(mode: str, step: str) -> None:
    wanted = f"ARGS: --mode={mode}, expected train or eval or train_and_eval; {step}"
    with pytest.raises(StackError, match=re.escape(wanted)):
        require_mode([f"--mode={mode}"])
    require_mode(["--mode=evl", "--mode", "eval"])  # the last one counts
    require_mode([])


def test_one_worker_evaluates() -> None:
    with pytest.raises(StackError, match="ARGS: 2 workers for --mode=eval, expected one; leave"):
        require_model(["--mode=eval", "--model_dir=gs://a/b"], 2)


def test_a_refusal_comes_before_anything_starts(recorded: Path, tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "checkpoint").touch()
    flags = ("--mode=eval", "--validation_file_pattern=/no", f"--model_dir={tmp_path}")
    result = run("train", recorded, "--stack", tiny, "--", *flags)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert result.stderr.startswith("/no: no such file, expected TFRecords to evaluate on")
    assert not (tmp_path / "train.log").exists()


def test_an_evaluation_ends_with_the_newest_checkpoint(tmp_path: Path) -> None:
    """By flags of the upstream, which the miniature has no need of."""
    program = tmp_path / "main.py"
    program.write_text("flags.DEFINE_integer('eval_timeout', None, 'help')\n")
    assert once(program, ["--mode=eval"]) == ("--eval_timeout=1",)
    assert once(program, ["--mode=train"]) == ()
    assert once(PROGRAM, ["--mode=eval"]) == ()


def test_the_last_step_is_the_programs() -> None:
    flags = ["--num_epochs=3", "--num_examples_per_epoch=100", "--train_batch_size=8"]
    assert last_step(PROGRAM, flags, 2) == 19
    assert last_step(PROGRAM, [*flags, "--mode=train_and_eval"], 2) == 18


def test_metrics_are_read() -> None:
    progress = Progress()
    progress.read("[0]<stderr>:INFO:tensorflow:Evaluation [3/4]")
    assert sentence(progress) == "evaluating, batch 3 of 4"
    progress.read(EVALUATED)
    assert progress.evaluations == {
        1601: {"AP": 0.7607, "APl": -1.0, "box_loss": 6e-4, "loss": 1.53}
    }
    assert sentence(progress).startswith("step 1601 evaluated: AP 0.761, APl -1, box_loss 0.0006")
    assert not progress.losses


def test_an_evaluation_without_metrics_fails(recorded: Path, tiny: Path, data: Path) -> None:
    (data / "checkpoint").touch()
    flags = (f"--validation_file_pattern={data}/unseen-*", f"--model_dir={data}", "--mode=eval")
    result = run("train", recorded, "--stack", tiny, "--", *flags)
    assert result.exit_code == 5
    assert "train.log: the program ended without an error and without metrics" in result.stderr


@pytest.mark.parametrize(("mode", "goes_on"), [("train", True), ("eval", False)])
def test_only_a_training_goes_on_from_its_checkpoint(
    mode: str, goes_on: bool, tmp_path: Path
) -> None:
    (tmp_path / "checkpoint").write_text('model_checkpoint_path: "model.ckpt-20"\n')
    session = Session(
        Path("main.py"), Path("python"), tmp_path, (f"--mode={mode}",), results=str(tmp_path)
    )
    assert ("continues from" in session.advice) == goes_on
