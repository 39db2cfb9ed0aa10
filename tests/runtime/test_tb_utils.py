"""What the runtime writes, read back by TensorBoard's own reader and its HParams plugin."""

import json
from pathlib import Path

import pytest

from tests.runtime.processes import Command, python, said, scalars

WRITE = """
    from enum import Enum
    from TensorFlow.common.horovod_helpers import horovod_enabled, hvd_init
    from TensorFlow.common.tb_utils import write_hparams_v1

    Mode = Enum("Mode", "TRAIN EVAL")
    if horovod_enabled():
        hvd_init()
    values = {
        "none": None, "yes": True, "no": False, "whole": 7, "real": 0.25, "text": "d0", "empty": "",
        "list": [1, 4, 2, 1], "mapping": {"a": None}, "enum": Mode.TRAIN, "huge": 2**64,
        "large": 1e16, "endless": float("inf"), "undefined": float("nan"), "path": "caf\\udce9",
        "umlaut": "ü",
    }
    write_hparams_v1(FOLDER, values)
"""
WRITTEN = {
    "none": "None",
    "yes": True,
    "no": False,
    "whole": 7.0,
    "real": 0.25,
    "text": "d0",
    "empty": "",
    "list": "[1, 4, 2, 1]",
    "mapping": "{'a': None}",
    "enum": "Mode.TRAIN",
    "huge": str(2**64),
    "large": 1e16,
    "endless": "inf",
    "undefined": "nan",
    "path": "caf?",
    "umlaut": "ü",
}
# What the server behind TensorBoard's page answers when it is asked for all sessions.
PLUGIN = """
    import json
    from google.protobuf import json_format
    from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
    from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
    from tensorboard.context import RequestContext
    from tensorboard.plugins.base_plugin import TBContext
    from tensorboard.plugins.hparams import api_pb2, backend_context, list_session_groups

    events = EventMultiplexer().AddRunsFromDirectory(FOLDER)
    events.Reload()
    provider = MultiplexerDataProvider(events, FOLDER)
    backend = backend_context.Context(TBContext(data_provider=provider))
    statuses = list(api_pb2.Status.values())
    request = api_pb2.ListSessionGroupsRequest(slice_size=9, allowed_statuses=statuses)
    answer = list_session_groups.Handler(RequestContext(), backend, "", request).run()
    print(json.dumps([json_format.MessageToDict(g)["hparams"] for g in answer.session_groups]))
"""
TRAIN = """
    import time
    import tensorflow.compat.v1 as tf
    from TensorFlow.common.horovod_helpers import horovod_enabled, hvd, hvd_init
    from TensorFlow.common.tb_utils import ExamplesPerSecondEstimatorHook

    if horovod_enabled():
        hvd_init()
    folder = FOLDER + f"/{hvd.rank()}"
    with tf.Graph().as_default():
        step = tf.assign_add(tf.train.get_or_create_global_step(), 1)
        hook = ExamplesPerSecondEstimatorHook(8, every_n_steps=2, output_dir=folder)
        with tf.train.SingularMonitoredSession(hooks=[hook]) as session:
            for _ in range(7):
                time.sleep(0.01)
                session.run(step)
"""


def run(code: str, folder: Path, command: Command) -> list[str]:
    """The lines that the code prints, in which FOLDER stands for a folder."""
    return said(python(code.replace("FOLDER", repr(str(folder))), command=command))


def test_the_plugin_finds_every_value(
    launcher: Command, stack_python: Command, tmp_path: Path
) -> None:
    run(WRITE, tmp_path / "model", launcher)
    assert len(list((tmp_path / "model").iterdir())) == 1, "rank 0 alone writes"
    (found,) = json.loads(run(PLUGIN, tmp_path / "model", stack_python)[-1])
    assert found == WRITTEN


def test_counts_the_examples_of_all_workers(
    launcher: Command, workers: int, stack_python: Command, tmp_path: Path
) -> None:
    run(TRAIN, tmp_path, launcher)
    assert [folder.name for folder in tmp_path.iterdir()] == ["0"], "rank 0 alone writes"
    found = scalars(tmp_path / "0", stack_python)
    assert sorted(found) == ["examples/sec", "global_step/sec"]
    steps, examples = found["global_step/sec"], found["examples/sec"]
    assert [step for step, _ in steps] == [step for step, _ in examples] == [3, 5, 7]
    for (_, steps_rate), (_, rate) in zip(steps, examples, strict=True):
        assert rate == pytest.approx(8 * workers * steps_rate, rel=1e-6)
        assert 0 < steps_rate < 100, "a step takes 0.01 s and more"
