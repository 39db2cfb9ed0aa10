"""The patched trees train in the stack: alone and with two workers, on pictures with a box each."""

from pathlib import Path

import pytest

from tests.commands import run
from tests.runtime.processes import Command, program, python, said, scalars

Scalars = dict[str, list[tuple[int, float]]]

SAMPLE = """
    import numpy as np
    import tensorflow as tf

    def feature(kind, values):
        return tf.train.Feature(**{f"{kind}_list": {"value": values}})

    def example(number):
        (y, x), side = random.uniform(0.05, 0.5, 2), random.uniform(0.25, 0.45)
        picture = random.integers(0, 60, (128, 128, 3), np.uint8)
        top, left, bottom, right = (int(128 * at) for at in (y, x, y + side, x + side))
        picture[top:bottom, left:right] = 220, 40, 40
        box = {"ymin": y, "xmin": x, "ymax": y + side, "xmax": x + side}
        fields = {
            **{f"image/object/bbox/{edge}": feature("float", [at]) for edge, at in box.items()},
            "image/encoded": feature("bytes", [tf.io.encode_png(picture).numpy()]),
            "image/source_id": feature("bytes", [b"%d" % number]),
            "image/height": feature("int64", [128]),
            "image/width": feature("int64", [128]),
            "image/object/class/label": feature("int64", [1]),
            "image/object/area": feature("float", [(128 * side) ** 2]),
            "image/object/is_crowd": feature("int64", [0]),
        }
        return tf.train.Example(features=tf.train.Features(feature=fields))

    random = np.random.default_rng(0)
    for shard in range(2):
        with tf.io.TFRecordWriter(FOLDER + f"/train-{shard}") as file:
            for number in range(8):
                file.write(example(8 * shard + number).SerializeToString())
"""


@pytest.fixture(scope="session")
def sample(stack_python: Command, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A glob of TFRecords, 16 pictures in two files."""
    folder = tmp_path_factory.mktemp("sample")
    said(python(SAMPLE.replace("FOLDER", repr(str(folder))), command=stack_python))
    return f"{folder}/train-*"


def patch(tree: Path, *more: str) -> None:
    packs = ("documented", "tensorflow_2_15", *more)
    result = run("apply", tree, *(part for name in packs for part in ("--pack", name)))
    assert result.exit_code == 0, result.output


def trained(tree: Path, command: Command, folder: Path, *flags: str) -> None:
    common = ("--mode=train", "--model_name=efficientdet-d0", "--num_epochs=1")
    words = (*command, "main.py", *common, *flags, f"--model_dir={folder}")
    done = program(*words, folder=tree / "efficientdet")
    assert done.returncode == 0, done.stderr[-3000:]


def check(found: Scalars, every: int) -> None:
    """The tags that the document asks for are there, and none that it has renamed."""
    assert {"loss", "trainloss/loss", "examples/sec", "global_step/sec"} <= set(found)
    assert not any(tag.startswith("avg/") for tag in found)
    steps = sorted({step for step, _ in found["loss"]})
    assert steps == list(range(steps[0], steps[0] + every * len(steps), every))


def test_the_miniature_learns(
    miniature: Path,
    launcher: Command,
    workers: int,
    sample: str,
    stack_python: Command,
    tmp_path: Path,
) -> None:
    patch(miniature, "supplement")
    examples = 4 * workers * 40
    flags = (
        "--train_batch_size=4",
        f"--num_examples_per_epoch={examples}",
        "--hparams=image_size=64",
    )
    files = (f"--training_file_pattern={sample}", "--log_every_n_steps=5", "--cp_every_n_steps=10")
    trained(miniature, launcher, tmp_path / "model", *flags, *files)
    found = scalars(tmp_path / "model", stack_python)
    check(found, every=5)
    assert [step for step, _ in found["loss"]] == list(range(0, 41, 5)), "each once"
    assert found["loss"][-1][1] < found["loss"][0][1] / 4
    saved = {file.stem for file in (tmp_path / "model").glob("*.index")}
    assert {"model.ckpt-20", "model.ckpt-30", "model.ckpt-41"} <= saved


def test_the_upstream_trains(
    upstream: Path,
    launcher: Command,
    workers: int,
    sample: str,
    stack_python: Command,
    tmp_path: Path,
) -> None:
    patch(upstream)
    hparams = "image_size=128,num_classes=91,use_bfloat16=false,moving_average_decay=0"
    flags = (
        "--train_batch_size=2",
        f"--num_examples_per_epoch={4 * workers}",
        f"--hparams={hparams}",
    )
    files = (f"--training_file_pattern={sample}", "--log_every_n_steps=1", "--cp_every_n_steps=2")
    trained(upstream, launcher, tmp_path / "model", *flags, *files)
    check(scalars(tmp_path / "model", stack_python), every=1)
    saved = {file.stem for file in (tmp_path / "model").glob("*.index")}
    assert {"model.ckpt-2", "model.ckpt-3"} <= saved


def test_batches_of_any_size_are_upsampled(miniature: Path, stack_python: Command) -> None:
    """With the document's edit alone they are not: its shape takes the size for known."""
    code = """
        import numpy as np
        import tensorflow.compat.v1 as tf
        from efficientdet_arch import nearest_upsampling

        tf.disable_v2_behavior()
        data = tf.placeholder(tf.float32, [None, 2, 3, 1])
        large = nearest_upsampling(data, 2)
        ranks = {len(t.shape) for op in tf.get_default_graph().get_operations() for t in op.outputs}
        value = np.arange(24).reshape(4, 2, 3, 1)
        with tf.Session() as session:
            same = session.run(large, {data: value}) == value.repeat(2, 1).repeat(2, 2)
        print(same.all(), max(ranks), large.shape.as_list())
    """
    patch(miniature)
    tree = miniature / "efficientdet"
    broken = python(code, tree, command=stack_python)
    assert "Invalid value in tensor used for shape: -2" in broken.stderr
    run("apply", miniature, "--pack", "supplement")
    assert said(python(code, tree, command=stack_python)) == ["True 5 [None, 4, 6, 1]"]
