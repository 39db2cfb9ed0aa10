"""What a training run leaves for TensorBoard: how fast it was, and with which hyper-parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import tensorflow.compat.v1 as tf
from tensorboard.plugins.hparams import api

from TensorFlow.common.horovod_helpers import hvd

_EXACT = 2**53  # Integers up to here are the same as float64, in which TensorBoard keeps them.


class ExamplesPerSecondEstimatorHook(tf.train.StepCounterHook):  # type: ignore[misc]
    """Writes `global_step/sec` and `examples/sec`, the mean since it last did; rank 0 writes.

    Args:
        batch_size: Examples in a step of one worker; those of all workers are counted.
        every_n_steps: Steps from one record to the next. The first step only starts the clock.
        output_dir: Folder of the event file; None writes to the log alone.
    """

    def __init__(
        self, batch_size: int, every_n_steps: int = 100, output_dir: str | None = None
    ) -> None:
        super().__init__(every_n_steps, output_dir=output_dir if hvd.rank() == 0 else None)
        self._examples_per_step = batch_size * hvd.size()

    def _log_and_record(self, elapsed_steps: int, elapsed_time: float, global_step: int) -> None:
        super()._log_and_record(elapsed_steps, elapsed_time, global_step)
        rate = self._examples_per_step * elapsed_steps / elapsed_time
        tf.logging.info("examples/sec: %g", rate)
        if self._summary_writer is not None:
            value = tf.Summary.Value(tag="examples/sec", simple_value=rate)
            self._summary_writer.add_summary(tf.Summary(value=[value]), global_step)
            self._summary_writer.flush()


def write_hparams_v1(model_dir: str, hparams: Mapping[str, object]) -> None:
    """Write hyper-parameters where TensorBoard's HParams plugin finds them; rank 0 writes.

    Args:
        model_dir: Folder of the event files; made if it is not there.
        hparams: Values by name. Text, truth values and numbers stay what they are, and anything
            else, such as None or a list, is written as `str` has it.
    """
    if hvd.rank() == 0:
        summary = api.hparams_pb({name: _plain(value) for name, value in hparams.items()})
        with tf.Graph().as_default():  # no writer opens where TensorFlow runs eagerly
            writer = tf.summary.FileWriterCache.get(str(model_dir))
        writer.add_summary(summary.SerializeToString())
        writer.flush()


def _plain(value: Any) -> str | bool | float:
    """The value as TensorBoard can hold it: no NaN, infinity, huge integer or broken Unicode."""
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, int) and abs(value) <= _EXACT:
        return value
    return str(value).encode("utf-8", "replace").decode("utf-8")
