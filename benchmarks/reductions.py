"""Lists what the workers of a training reduce in each step, from the graph of a tree's `main.py`.

`reductions.py MAIN RUNTIME RESULT ARGS...`

It runs `main.py` up to where its model function has built model and gradients: nothing is trained.
That takes several workers, who put Horovod's operations into the graph. RUNTIME is a folder for the
end of the path. RESULT gets, as JSON, from the first worker:

- `reductions`: each allreduce, with its part, the bytes and the number of elements. The part is
  `gradient`, or `forward` or `backward` for what normalization layers exchange
- `variables`: bytes and number of elements of each variable that is trained
- `rounds`: by part, and in `all`, how many of them depend on one another, each on the one before

It runs on the Python of a stack; the tree is used as it is.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
from typing import Any

import tensorflow.compat.v1 as tf


def part(name: str) -> str:
    """What is reduced, by the name that its operation has in the graph."""
    if name.startswith("Distributed"):
        return "gradient"
    return "backward" if name.startswith("gradients/") else "forward"


def size(tensor: Any) -> dict[str, int]:
    """How large a tensor or a variable is."""
    elements = tensor.shape.num_elements()
    return {"elements": elements, "bytes": elements * tensor.dtype.base_dtype.size}


def longest(operations: list[Any], counted: set[Any]) -> int:
    """The number of operations that count on the path that has most of them."""
    found = dict[str, int]()
    waiting = list(operations)
    while waiting:
        operation = waiting[-1]
        before = [*(each.op for each in operation.inputs), *operation.control_inputs]
        before = [each for each in before if each.type != "NextIteration"]  # it closes a circle
        missing = [each for each in before if each.name not in found]
        if not missing:
            most = max((found[each.name] for each in before), default=0)
            found[operation.name] = most + (operation in counted)
            waiting.pop()
        waiting += missing
    return max(found.values(), default=0)


def described(graph: Any) -> dict[str, Any]:
    """What RESULT gets."""
    operations = graph.get_operations()
    reduced = [each for each in operations if each.type == "HorovodAllreduce"]
    parts = {each: part(each.name) for each in reduced}
    kinds = dict.fromkeys(parts.values())
    rounds = {
        kind: longest(operations, {each for each in reduced if parts[each] == kind})
        for kind in kinds
    }
    return {
        "reductions": [{"part": parts[each], **size(each.inputs[0])} for each in reduced],
        "variables": [size(each) for each in tf.trainable_variables()],
        "rounds": {**rounds, "all": longest(operations, {*reduced})},
    }


def main(program: str, runtime: str, result: str, *arguments: str) -> None:
    """Run the program up to its graph and write what workers reduce."""
    build = tf.estimator.Estimator._call_model_fn

    def build_and_exit(self: Any, features: Any, labels: Any, mode: str, *rest: Any) -> None:
        build(self, features, labels, mode, *rest)
        if os.environ["HOROVOD_RANK"] == "0":
            with open(result, "w", encoding="utf-8") as file:
                json.dump(described(tf.get_default_graph()), file)
        sys.exit()

    tf.estimator.Estimator._call_model_fn = build_and_exit
    sys.path.insert(0, os.path.dirname(program))
    sys.path.append(runtime)
    sys.argv = [program, *arguments]
    runpy.run_path(program, run_name="__main__")


main(*sys.argv[1:])
