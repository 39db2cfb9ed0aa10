"""Builds the training graph of a tree and measures it; run by the Python of a stack.

`graph.py PROGRAM RUNTIME MODEL_DIR RESULT MAX_RANK` runs PROGRAM up to where its model function,
called to train, has built model and gradients: nothing is read or trained. RUNTIME is a folder for
the end of the path, or "". The file RESULT tells, as JSON, how many operations there are, and which
of them have an output of more than MAX_RANK dimensions, or of an unknown number.

It runs on the Python of the stack, 3.8 and newer, without effpatch.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
from collections.abc import Iterator
from typing import Any

_FLAGS = (
    "--mode=train",
    "--model_name=efficientdet-d0",
    "--train_batch_size=2",
    "--num_examples_per_epoch=8",
    "--num_epochs=1",
    "--hparams=image_size=128,use_bfloat16=false,moving_average_decay=0",
    "--training_file_pattern=/dev/null",
)


def main(program: str, runtime: str, model_dir: str, result: str, max_rank: str) -> None:
    """Run a program and write what its graph is like."""
    import tensorflow.compat.v1 as tf

    build, folder = tf.estimator.Estimator._call_model_fn, os.path.dirname(program)

    def build_and_end(self: Any, features: Any, labels: Any, mode: str, *rest: Any) -> None:
        build(self, features, labels, mode, *rest)
        found = measured(tf.get_default_graph(), folder, int(max_rank))
        with open(result, "w", encoding="utf-8") as file:
            json.dump(found, file)
        sys.exit()

    tf.estimator.Estimator._call_model_fn = build_and_end
    sys.path[0] = folder  # as for `python PROGRAM`; this file's own folder is not for import
    sys.path += filter(None, [runtime])
    sys.argv = [program, *_FLAGS, f"--model_dir={model_dir}"]
    runpy.run_path(program, run_name="__main__")


def measured(graph: Any, folder: str, max_rank: int) -> dict[str, Any]:
    """How many operations a graph has, and those that have to be told of.

    An Identity hands on a tensor of another operation, which is told of for it; the optimizer puts
    them behind gradients.
    """
    operations = graph.get_operations()
    callers = set(_callers(graph))
    described = [_described(each, each.name in callers, folder, max_rank) for each in operations]
    told = [each for each in described if each]
    return {
        "operations": len(operations),
        "told": [each for each in told if each["type"] != "Identity"],
        "handed_on": sum(each["type"] == "Identity" for each in told),
    }


def _callers(graph: Any) -> Iterator[str]:
    """The operations that call functions; those of datasets run on the host."""
    for node in graph.as_graph_def().node:
        values = node.attr.values()
        if "Dataset" not in node.op and any(v.HasField("func") or v.list.func for v in values):
            yield node.name


def _described(operation: Any, calls: bool, folder: str, max_rank: int) -> dict[str, Any] | None:
    """An operation by its output of the highest rank, if that is too high or not known."""
    shapes = [output.shape for output in operation.outputs]
    high = [shape for shape in shapes if shape.rank is not None and shape.rank > max_rank]
    if not high and not calls and all(shape.rank is not None for shape in shapes):
        return None
    file, line = _origin(operation, folder)
    return {
        "name": operation.name,
        "type": operation.type,
        "shape": max(high, key=lambda shape: shape.rank).as_list() if high else None,
        "file": file,
        "line": line,
    }


def _origin(operation: Any, folder: str) -> tuple[str, int]:
    """Where in the folder an operation was made, or for a gradient what it is the gradient of."""
    made = operation
    while made._original_op is not None:
        made = made._original_op
    inside = folder + os.sep
    frames = [frame for frame in made.traceback if frame.filename.startswith(inside)]
    if not frames:
        return "main.py", 1
    return os.path.relpath(frames[-1].filename, folder), frames[-1].lineno


if __name__ == "__main__":
    main(*sys.argv[1:])
