"""The life of a model, on the miniature and on the pin: trained, evaluated, exported, run."""

import json
import re
from pathlib import Path

import pytest
from click.testing import Result

from tests.commands import process, run
from tests.runtime.processes import RUNTIME, Command
from tests.training.test_train import patch, short

# Of the detections of a picture: the checkpoint's, and those of the model that was exported.
COMPARED = """
import json, sys
import numpy as np
import tensorflow.compat.v1 as tf
from PIL import Image
tf.disable_v2_behavior()
import inference

checkpoint, exported, picture, options = sys.argv[1:]
image = np.array(Image.open(picture))
driver = inference.ServingDriver("efficientdet-d0", checkpoint, image_size=128, num_classes=91)
driver.build(**json.loads(options))
ours = driver.serve_images([image])
with tf.Session(graph=tf.Graph()) as session:
    tf.saved_model.load(session, ["serve"], exported)
    theirs = session.run("detections:0", {"image_arrays:0": [image]})
print(json.dumps([ours.tolist(), theirs.tolist()]))
"""
CLASSES = "--hparams=image_size=128,num_classes=91,use_bfloat16=false"
_NONE = ",moving_average_decay=0"
# Each takes the upstream minutes, and the miniature seconds.
LIVES = (
    pytest.param("miniature", "", id="miniature-averages"),
    pytest.param("miniature", _NONE, id="miniature-none"),
    pytest.param("upstream", _NONE, id="upstream-none", marks=pytest.mark.extended),
    pytest.param("upstream", "", id="upstream-averages", marks=pytest.mark.extended),
)
TURNS = (
    ("miniature", 1),
    ("miniature", 2),
    pytest.param("upstream", 1, marks=pytest.mark.extended),
    pytest.param("upstream", 2, marks=pytest.mark.extended),
)


def trained(tree: Path, stack: Path, folder: Path, *flags: str, workers: int = 1) -> Result:
    """What `train` does on sample data."""
    options = ("--stack", stack, "--np", str(workers), "--device", "cpu", "--sample-data")
    return run("train", tree, *options, "--", f"--model_dir={folder}", CLASSES, *flags)


def inspected(tree: Path, python: Command, mode: str, *flags: str) -> None:
    """Run the tree's program for trained models, as a user would."""
    done = process(
        *(*python, "model_inspect.py", f"--runmode={mode}", "--model_name=efficientdet-d0"),
        *("--input_image_size=128", *flags),
        cwd=tree / "efficientdet",
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(RUNTIME), "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.parametrize(("tree", "averages"), LIVES, indirect=["tree"])
def test_a_model_is_evaluated_exported_and_run(
    tree: Path, averages: str, stack: Path, stack_python: Command, tmp_path: Path
) -> None:
    patch(tree, "supplement")
    folder, exported, drawn = (tmp_path / name for name in ("model", "exported", "drawn"))
    done = trained(tree, stack, folder, *short(workers=1), f"{CLASSES}{averages}")
    assert done.exit_code == 0, done.stderr

    done = trained(tree, stack, folder, "--mode=eval", f"{CLASSES}{averages}")
    assert done.exit_code == 0, done.stderr
    assert re.search(r"model: step 3 evaluated: AP(50)? [\d.e-]+, ", done.stdout), done.stdout
    assert f"{folder}/eval: event files of the evaluation" in done.stdout
    assert len(list((folder / "eval").glob("*tfevents*"))) == 1

    low, upstream = "--min_score_thresh=0.0001", (tree / ".git").exists()
    place = (f"--ckpt_path={folder}", f"--saved_model_dir={exported}", low)
    scratch = (f"--logdir={tmp_path / 'logs'}",) if upstream else ()
    inspected(tree, stack_python, "saved_model", *place, *scratch)
    options = json.dumps({"min_score_thresh": 0.0001} if upstream else {})
    picture = folder / "sample-data" / "unseen" / "0001.png"
    compared = process(
        *(*stack_python, "-c", COMPARED, folder, exported, picture, options),
        cwd=tree / "efficientdet",
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(RUNTIME), "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    assert compared.returncode == 0, compared.stderr[-3000:]
    ours, theirs = json.loads(compared.stdout.splitlines()[-1])
    assert ours == theirs
    assert len(ours[0]) > 1

    drawn.mkdir()
    images = f"--input_image={picture.parent}/000[12].png"
    inspected(tree, stack_python, "infer", *place, *scratch, images, f"--output_image_dir={drawn}")
    assert sorted(file.name for file in drawn.iterdir()) == ["0.jpg", "1.jpg"]


@pytest.mark.parametrize(("tree", "workers"), TURNS, indirect=["tree"])
def test_training_and_evaluation_take_turns(
    tree: Path, workers: int, stack: Path, tmp_path: Path
) -> None:
    """The first worker saves, and evaluates all files, after every epoch."""
    patch(tree, "supplement")
    epochs = ("--mode=train_and_eval", "--num_epochs=2", "--eval_samples=32", *short(workers))
    done = trained(tree, stack, tmp_path / "model", *epochs, workers=workers)
    assert done.exit_code == 0, done.stderr
    found = re.findall(r"model: step (\d+) evaluated: AP", done.stdout)
    assert found == ["2", "4"]
    log = (tmp_path / "model" / "train.log").read_text()
    batches = re.findall(r"INFO:tensorflow:Evaluation \[(\d)/8\]", log)
    assert batches == [*"12345678"] * 2
    assert {file.stem for file in (tmp_path / "model").glob("*.index")} == {
        f"model.ckpt-{step}" for step in (0, 2, 4)
    }
    assert len(list((tmp_path / "model" / "eval").glob("*tfevents*"))) == 1
