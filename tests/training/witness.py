"""Writes down what each worker holds and is given; a tree under test imports it."""

import hashlib
import json
import os
from typing import Any

import tensorflow.compat.v1 as tf

from TensorFlow.common.horovod_helpers import hvd


def _note(kind: str, content: object) -> None:
    with open(os.path.join(os.environ["WITNESS"], f"{kind}-{hvd.rank()}"), "a") as file:
        print(json.dumps(content), file=file)


class _Weights(tf.train.SessionRunHook):  # type: ignore[misc]
    """Notes a digest of each variable: before the broadcast, before each step, and at the end.

    First it moves all variables of a worker towards one half, further with each rank: workers that
    start from one seed, or from zeros, would be equal without a broadcast.
    """

    def begin(self) -> None:
        self._held = {variable.op.name: variable for variable in tf.global_variables()}
        real = [held for held in self._held.values() if held.dtype.base_dtype.is_floating]
        self._apart = [held.assign_add((0.5 - held) * hvd.rank() / hvd.size()) for held in real]

    def after_create_session(self, session: Any, coord: Any) -> None:
        session.run(self._apart)
        self.end(session)

    def before_run(self, run_context: Any) -> None:
        self.end(run_context.session)

    def end(self, session: Any) -> None:
        values = session.run(self._held)
        digests = {name: hashlib.sha256(value.tobytes()) for name, value in values.items()}
        _note("weights", {name: digest.hexdigest() for name, digest in digests.items()})


def _train(self: Any, input_fn: Any, hooks: Any = None, **options: Any) -> Any:
    """Train with our hook before those of the program, which include the broadcast."""
    return _plain_train(self, input_fn, [_Weights(), *(hooks or [])], **options)


def _shard(self: Any, *arguments: Any, **options: Any) -> Any:
    """Note a digest of each file that this worker is given."""

    def seen(content: bytes) -> bytes:
        _note("share", hashlib.sha256(content).hexdigest())
        return content

    share = _plain_shard(self, *arguments, **options)
    return share.map(lambda one: tf.reshape(tf.numpy_function(seen, [one], tf.string), []))


_plain_train, tf.estimator.Estimator.train = tf.estimator.Estimator.train, _train
_plain_shard, tf.data.Dataset.shard = tf.data.Dataset.shard, _shard
