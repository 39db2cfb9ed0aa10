"""Runs a tree's `main.py` so that two runs compare.

`seeded.py MAIN RESULT THREADS OPTIMIZER ARGS...`

The seed is fixed, and records come in the order of their files. RESULT gets, as JSON, the loss of
every step and the clocks after it. THREADS run operations in parallel, as many as the program asks
for where it is 0. OPTIMIZER is `on`, or `off` for a graph that is run as it is built: TensorFlow
otherwise rewrites it. It runs on the Python of a stack; the tree is used as it is.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import tensorflow.compat.v1 as tf


class Record(tf.train.SessionRunHook):  # type: ignore[misc]
    """Records the loss of each step, the time and the CPU time of the process.

    Other hooks run before or after this one; between two readings of the clocks each runs once,
    whatever the order.
    """

    def __init__(self, file: str) -> None:
        self._file, self._steps = file, list[tuple[float, float, float]]()

    def begin(self) -> None:
        """Find the loss in the estimator's collection of losses."""
        self._loss = tf.get_collection(tf.GraphKeys.LOSSES)[-1]

    def before_run(self, _: object) -> Any:
        """Ask for it."""
        return tf.train.SessionRunArgs(self._loss)

    def after_run(self, _: object, values: Any) -> None:
        """Record it."""
        times = time.perf_counter(), time.process_time()
        self._steps.append((float(values.results), *times))

    def end(self, _: object) -> None:
        """Write all records."""
        with open(self._file, "w", encoding="utf-8") as file:
            json.dump(self._steps, file)


def fix(threads: int, optimizer: bool) -> None:
    """Make the input deterministic, and set how the graph is run."""
    dataset, experimental = tf.data.Dataset, tf.data.experimental
    listed, mapped, interleaved = dataset.list_files, dataset.map, experimental.parallel_interleave
    dataset.list_files = staticmethod(lambda files, **_: listed(files, shuffle=False))
    dataset.map = lambda self, function, **_: mapped(self, function)
    dataset.shuffle = lambda self, *_, **__: self
    experimental.parallel_interleave = lambda function, **_: interleaved(function, cycle_length=1)
    tf.estimator.RunConfig = partial(configured, tf.estimator.RunConfig, threads, optimizer)


def configured(make: Callable[..., Any], threads: int, optimizer: bool, **options: Any) -> Any:
    """A configuration with a seed, and with how the graph is run."""
    session = options["session_config"]
    if threads:
        session.inter_op_parallelism_threads = threads
    session.graph_options.rewrite_options.disable_meta_optimizer = not optimizer
    return make(**options, tf_random_seed=1)


def recorded(train: Callable[..., Any], file: str) -> Callable[..., Any]:
    """An estimator's `train` with the hook."""
    return lambda self, *rest, **named: train(self, *rest, hooks=[Record(file)], **named)


def main(program: str, result: str, threads: str, optimizer: str) -> None:
    """Run the program with the rest of the command line."""
    fix(int(threads), optimizer == "on")
    estimator = tf.estimator.Estimator
    estimator.train = recorded(estimator.train, result)
    sys.path.insert(0, os.path.dirname(program))
    sys.argv = [program, *sys.argv[5:]]
    runpy.run_path(program, run_name="__main__")


main(*sys.argv[1:5])
