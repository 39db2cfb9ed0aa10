"""Upsampling: the rank-5 form gives, bit for bit, what the rank-6 form gave."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import islice, product
from math import prod
from random import Random
from typing import TYPE_CHECKING

from patcher.verify.model import Finding, Subject
from patcher.verify.sources import Sources

if TYPE_CHECKING:
    from patcher.verify.arrays import Array
    from patcher.verify.sandbox import Result

_FILE = "efficientdet/efficientdet_arch.py"
_NAME = "nearest_upsampling"
_ROUNDS = 6


def check(subject: Subject) -> list[Finding]:
    """What the edits changed in what the upsampling gives; the first input of each sort.

    The form before and the form after, cut out of the tree's own source, run on random
    shapes, scales and types: on NumPy, and on TensorFlow where it is installed. That a form
    needs a static batch size where the other did not is advice: training has one.
    """
    old, new = _function(subject.old), _function(subject.new)
    if new is None:
        text = f"has no function {_NAME} to try, expected one"
        return [Finding(_FILE, 1, text, advice=old is None)]
    if old is None or ast.dump(old) == ast.dump(new):
        return []
    sorts = (_compared(old, new, batched) for batched in (True, False))
    return sorted({finding for sort in sorts for finding in islice(sort, 1)})


def _compared(old: ast.FunctionDef, new: ast.FunctionDef, batched: bool) -> Iterator[Finding]:
    from patcher.verify import sandbox as trials  # NumPy takes its time

    forms = trials.form(old), trials.form(new)
    line = _first_difference(old, new)
    for run, (data, scale) in product(trials.runners(), _inputs()):
        before, after = (trials.tried(run, form, data, scale, batched) for form in forms)
        # Without a batch size, a form that never ran is no measure.
        if before.bits != after.bits if before.bits else batched:
            size = [*data.shape] if batched else [None, *data.shape[1:]]
            given = f"{size} {data.dtype} at scale {scale}"
            yield _finding(line, given, before, after, batched)


def _finding(line: int, given: str, before: Result, after: Result, batched: bool) -> Finding:
    if before.lacks:
        text = f"cannot be tried by itself, before the edits as after them ({before.reason})"
        return Finding(_FILE, line, text, advice=True)
    if after.lacks:
        text = f"cannot be tried by itself any more ({after.reason}), expected both forms to run"
        return Finding(_FILE, line, text)
    if not before.bits:
        text = f"the form before cannot be tried on {given} ({before.reason}), expected both to run"
    elif after.bits:
        text = f"gives other numbers than the form before on {given}, expected the same bits"
    elif batched:
        text = f"fails on {given} ({after.reason}), expected what the form before gives"
    else:
        text = f"needs a batch size that is known: fails on {given}, where the form before did not"
        return Finding(_FILE, line, f"{text} ({after.reason})", advice=True)
    return Finding(_FILE, line, text)


def _inputs() -> Iterator[tuple[Array, int]]:
    """Random arrays and scales, the same in every run."""
    import numpy as np

    random = Random(0)
    for kind in (np.float32, np.float16, np.int32, np.float64) * _ROUNDS:
        sides = [random.randint(1, 5) for _ in range(4)]
        data = np.frombuffer(random.randbytes(prod(sides)), np.int8)
        yield data.reshape(sides).astype(kind), random.randint(1, 5)


def _function(sources: Sources) -> ast.FunctionDef | None:
    module = sources.module(_FILE)
    for statement in module.statements if module else ():
        if isinstance(statement, ast.FunctionDef) and statement.name == _NAME:
            return statement
    return None


def _first_difference(old: ast.FunctionDef, new: ast.FunctionDef) -> int:
    """The line of `new` where it first says something else."""
    spoken = [[(line, ast.dump(line)) for line in _lines(each)] for each in (old, new)]
    pairs = zip(*spoken, strict=False)
    return next((now.lineno for (_, was), (now, said) in pairs if was != said), new.lineno)


def _lines(function: ast.FunctionDef) -> Iterator[ast.stmt]:
    """The simple statements of a function, in order."""
    for node in ast.walk(function):
        if isinstance(node, ast.stmt) and not hasattr(node, "body"):
            yield node
