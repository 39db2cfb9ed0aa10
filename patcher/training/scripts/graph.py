"""Builds the training graph of a program and measures it.

`graph.py PROGRAM RUNTIME RESULT RANK ARGUMENTS...` runs PROGRAM with ARGUMENTS up to where its
model function, called to train, has built model and gradients: nothing is read or trained. RUNTIME
is a folder for the end of the path. RESULT is a file for the outcome, as JSON:

- `operations`: how many there are
- `reported`: those with an output of more than RANK dimensions, or of an unknown number of them
- `identities`: how many more are an Identity, which passes on a tensor of a reported operation
- `legacy`: those that make a reference to a value, which is what a legacy variable is
- `users`: how many of each type take such a reference

It runs on the Python of a stack, 3.8 and newer, isolated: our own folder is not on the path.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
from collections import Counter
from typing import Any


def main(program: str, runtime: str, result: str, rank: str, *arguments: str) -> None:
    """Run the program and write what its graph is like."""
    import tensorflow.compat.v1 as tf

    build = tf.estimator.Estimator._call_model_fn

    def build_and_exit(self: Any, features: Any, labels: Any, mode: str, *rest: Any) -> None:
        build(self, features, labels, mode, *rest)
        measured = measure(tf.get_default_graph(), int(rank), program)
        with open(result, "w", encoding="utf-8") as file:
            json.dump(measured, file)
        sys.exit()

    tf.estimator.Estimator._call_model_fn = build_and_exit
    sys.path.insert(0, os.path.dirname(program))  # as for `python main.py`
    sys.path.append(runtime)
    sys.argv = [program, *arguments]
    runpy.run_path(program, run_name="__main__")


def measure(graph: Any, rank: int, program: str) -> dict[str, Any]:
    """How many operations a graph has, those of too high or unknown rank, and its legacy variables.

    The optimizer puts an Identity behind gradients.
    """
    operations = graph.get_operations()
    callers = {
        node.name
        for node in graph.as_graph_def().node
        if "Dataset" not in node.op  # what datasets call runs on the host
        and any(value.HasField("func") or value.list.func for value in node.attr.values())
    }
    described = [_describe(each, each.name in callers, rank, program) for each in operations]
    reported = [each for each in described if each]
    users = [each for each in operations if _refers(each.op_def.input_arg)]
    makers = {each for each in operations if _refers(each.op_def.output_arg)}.difference(users)
    return {
        "operations": len(operations),
        "reported": [each for each in reported if each["type"] != "Identity"],
        "identities": sum(each["type"] == "Identity" for each in reported),
        "legacy": [_located(each, program) for each in operations if each in makers],
        "users": Counter(each.type for each in users),
    }


def _refers(arguments: Any) -> bool:
    return any(each.is_ref for each in arguments)


def _describe(operation: Any, calls: bool, rank: int, program: str) -> dict[str, Any] | None:
    """An operation by its output of the highest rank, if that is too high or not known."""
    shapes = [output.shape for output in operation.outputs]
    high = [shape for shape in shapes if shape.rank is not None and shape.rank > rank]
    if not high and not calls and all(shape.rank is not None for shape in shapes):
        return None
    shape = max(high, key=lambda shape: shape.rank).as_list() if high else None
    return {**_located(operation, program), "shape": shape}


def _located(operation: Any, program: str) -> dict[str, Any]:
    file, line = _origin(operation, program)
    return {"name": operation.name, "type": operation.type, "file": file, "line": line}


def _origin(operation: Any, program: str) -> tuple[str, int]:
    """Where an operation was made, below the program's folder; that of a gradient is the forward's.

    Where it was not made there, it is the first line of the program.
    """
    made = operation
    while made._original_op is not None:
        made = made._original_op
    folder = os.path.dirname(program)
    frames = [frame for frame in made.traceback if frame.filename.startswith(folder + os.sep)]
    if not frames:
        return os.path.basename(program), 1
    return os.path.relpath(frames[-1].filename, folder), frames[-1].lineno


if __name__ == "__main__":
    main(*sys.argv[1:])
