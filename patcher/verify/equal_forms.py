"""Equal forms: a function gives after the edits, bit for bit, what it gave before."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from math import prod
from random import Random
from typing import TYPE_CHECKING

from patcher.verify.model import Finding, Subject
from patcher.verify.sources import Sources

if TYPE_CHECKING:
    from patcher.verify.arrays import Array
    from patcher.verify.sandbox import Result

_ROUNDS = 6


def check(
    subject: Subject,
    *,
    file: str,
    function: str,
    array_rank: int,
    module: str,
    alias: str,
    sides: tuple[int, int] = (1, 5),
    integer: tuple[int, int] = (1, 5),
) -> list[Finding] | None:
    """What the edits changed in what a function gives: the first input of each sort.

    The form before and the form after, cut out of the tree's own source, run on random arrays
    and integers: on NumPy, and in a graph of the module where that is installed. Only advice is
    that a form needs to know the first side of its array beforehand where the other did not.
    None where there is no such function, or was none before.

    Args:
        subject: A tree.
        file: The file that holds the function, below the tree's root.
        function: Its name; it takes an array and an integer.
        array_rank: The number of dimensions of the array.
        module: The module of tensors that it uses.
        alias: What it calls that module.
        sides: The smallest and the largest side of the array.
        integer: The smallest and the largest integer.
    """
    old, new = (_function(sources, file, function) for sources in (subject.old, subject.new))
    if old is None:
        return None
    if new is None:
        return [Finding(file, 1, f"has no function {function} to try, expected one")]
    if ast.dump(old) == ast.dump(new):
        return []
    trial = _Trial(file, old, new, module, alias)
    inputs = list(_inputs(array_rank, sides, integer))
    sorts = (trial.differences(inputs, sized) for sized in (True, False))
    return sorted({finding for sort in sorts for finding in islice(sort, 1)})


@dataclass(frozen=True, slots=True)
class _Trial:
    """Two forms of a function in a file, and the module that they use, under its alias."""

    file: str
    old: ast.FunctionDef
    new: ast.FunctionDef
    module: str
    alias: str

    def differences(self, inputs: Sequence[tuple[Array, int]], sized: bool) -> Iterator[Finding]:
        """What the forms give that is not the same.

        Args:
            inputs: What to run them on.
            sized: Whether they know the first side of the array beforehand.
        """
        from patcher.verify import sandbox  # NumPy takes its time

        forms = [sandbox.form(each, self.alias) for each in (self.old, self.new)]
        for run, (data, integer) in product(sandbox.runners(self.module), inputs):
            before, after = (sandbox.attempt(run, form, data, integer, sized) for form in forms)
            # Where the first side is not known, a form that never ran is no measure.
            if before.bits != after.bits if before.bits else sized:
                size = [*data.shape] if sized else [None, *data.shape[1:]]
                names = [each.arg for each in self.new.args.args[1:]] or ["integer"]
                given = f"{size} {data.dtype} at {names[0]} {integer}"
                yield self._finding(given, before, after, sized)

    def _finding(self, given: str, before: Result, after: Result, sized: bool) -> Finding:
        reasons, advice = (before.reason, after.reason), False
        if before.incomplete:
            text = f"cannot be tried by itself, before the edits as after them ({reasons[0]})"
            advice = True
        elif after.incomplete:
            text = f"cannot be tried by itself any more ({reasons[1]}), expected both forms to run"
        elif not before.bits:
            text = f"the form before cannot be tried on {given} ({reasons[0]})"
            text += ", expected both to run"
        elif after.bits:
            text = f"gives other numbers than the form before on {given}, expected the same bits"
        elif sized:
            text = f"fails on {given} ({reasons[1]}), expected what the form before gives"
        else:
            text = f"needs a first dimension of known size: fails on {given}, where the form before"
            text, advice = f"{text} did not ({reasons[1]})", True
        return Finding(self.file, _first_difference(self.old, self.new), text, advice)


def _inputs(
    rank: int, sides: tuple[int, int], integer: tuple[int, int]
) -> Iterator[tuple[Array, int]]:
    """Random arrays and integers, the same in every run."""
    import numpy as np

    random = Random(0)
    for kind in (np.float32, np.float16, np.int32, np.float64) * _ROUNDS:
        shape = [random.randint(*sides) for _ in range(rank)]
        data = np.frombuffer(random.randbytes(prod(shape)), np.int8)
        yield data.reshape(shape).astype(kind), random.randint(*integer)


def _function(sources: Sources, file: str, name: str) -> ast.FunctionDef | None:
    module = sources.module(file)
    for statement in module.statements if module else ():
        if isinstance(statement, ast.FunctionDef) and statement.name == name:
            return statement
    return None


def _first_difference(old: ast.FunctionDef, new: ast.FunctionDef) -> int:
    """The line of `new` where it first says something else."""
    before, after = ([(node, ast.dump(node)) for node in _lines(each)] for each in (old, new))
    pairs = zip(before, after, strict=False)
    return next((node.lineno for (_, was), (node, now) in pairs if was != now), new.lineno)


def _lines(function: ast.FunctionDef) -> Iterator[ast.stmt]:
    """The simple statements of a function, in order."""
    for node in ast.walk(function):
        if isinstance(node, ast.stmt) and not hasattr(node, "body"):
            yield node
