"""Runs a tree's `main.py` so that two runs compare: `seeded.py MAIN RESULT ARGS...`.

The seed is fixed, records come in the order of their files, and loss and time of every step are
written to RESULT as JSON. It runs in the stack's Python; the tree is used as it is.
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
    """Keeps the loss and the seconds of each step."""

    def __init__(self, file: str) -> None:
        self._file, self._steps = file, list[tuple[float, float]]()

    def begin(self) -> None:
        """Find the loss that the estimator has put on record."""
        self._loss = tf.get_collection(tf.GraphKeys.LOSSES)[-1]

    def before_run(self, _: object) -> Any:
        """Ask for it."""
        self._start = time.perf_counter()
        return tf.train.SessionRunArgs(self._loss)

    def after_run(self, _: object, values: Any) -> None:
        """Keep it."""
        self._steps.append((float(values.results), time.perf_counter() - self._start))

    def end(self, _: object) -> None:
        """Write them all."""
        with open(self._file, "w", encoding="utf-8") as file:
            json.dump(self._steps, file)


def fix_order() -> None:
    """Take chance and haste out of the input."""
    dataset, experimental = tf.data.Dataset, tf.data.experimental
    listed, mapped, interleaved = dataset.list_files, dataset.map, experimental.parallel_interleave
    dataset.list_files = staticmethod(lambda files, **_: listed(files, shuffle=False))
    dataset.map = lambda self, function, **_: mapped(self, function)
    dataset.shuffle = lambda self, *_, **__: self
    experimental.parallel_interleave = lambda function, **_: interleaved(function, cycle_length=1)
    tf.estimator.RunConfig = partial(tf.estimator.RunConfig, tf_random_seed=1)


def recorded(train: Callable[..., Any], file: str) -> Callable[..., Any]:
    """An estimator's `train` with the hook."""
    return lambda self, **arguments: train(self, hooks=[Record(file)], **arguments)


def main(program: str, result: str) -> None:
    """Run the program with what is left of the command line."""
    fix_order()
    estimator = tf.estimator.Estimator
    estimator.train = recorded(estimator.train, result)
    sys.path.insert(0, os.path.dirname(program))
    sys.argv = [program, *sys.argv[3:]]
    runpy.run_path(program, run_name="__main__")


main(*sys.argv[1:3])
