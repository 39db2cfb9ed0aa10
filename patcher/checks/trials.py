"""Trials: two forms of a function on the same random inputs, and where their results differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from random import Random
from typing import NamedTuple

from patcher.checks import arrays, forms
from patcher.checks.arrays import Tensor
from patcher.checks.evaluation import Form
from patcher.checks.limits import Meter
from patcher.checks.model import Finding
from patcher.checks.refusals import Refusal

_ROUNDS = 6
_LONGEST = 200  # characters of what an error says
# What distinguishes the result of a form, or why there is none.
_Result = tuple[object, ...] | Exception


class Input(NamedTuple):
    """Numbers, shape and type of an array, and the integers that are given with it."""

    values: Sequence[int]
    sides: Sequence[int]
    dtype: str
    integers: Sequence[int]

    def array(self, sized: bool) -> Tensor:
        """The array; `sized` says whether its first side is known before anything runs."""
        known = self.sides if sized else (None, *self.sides[1:])
        return Tensor(self.values, self.sides, self.dtype, known[: len(self.sides)])


def inputs(
    rank: int, sides: tuple[int, int], integer: tuple[int, int], count: int
) -> Iterator[Input]:
    """Random arrays, each with some integers; the same in every run."""
    random = Random(0)
    for dtype in (*arrays.TYPES,) * _ROUNDS:
        shape = [random.randint(*sides) for _ in range(rank)]
        values = memoryview(random.randbytes(prod(shape))).cast("b").tolist()
        yield Input(values, shape, dtype, [random.randint(*integer) for _ in range(count)])


@dataclass
class Trial:
    """Two forms of a function, tried one next to the other.

    Attributes:
        file: The file that holds both, below the tree's root.
        old: The form before the edits; so `new` after them.
        compared: Whether the form before gave anything that the form after could be held against.
    """

    file: str
    old: Form
    new: Form
    compared: bool = False
    _meters: tuple[Meter, Meter] = field(default_factory=lambda: (Meter(), Meter()))

    @cached_property
    def names(self) -> list[str]:
        """The second parameter, and those behind it that have no default."""
        parameters = self.old.function.args
        args = [*parameters.posonlyargs, *parameters.args]
        return [each.arg for each in args[1 : max(2, len(args) - len(parameters.defaults))]]

    @cached_property
    def _line(self) -> int:
        return forms.first_difference(self.old.function, self.new.function)

    def findings(self, tried: Sequence[Input]) -> Iterator[Finding]:
        """Where the results differ: the first input of each sort."""
        advice = dict[bool | None, Finding]()
        for sized in (True, False):
            for each in tried:
                before, after = self._results(each, sized)
                self.compared |= not isinstance(before, Exception)
                if _agree(before, after, sized):
                    continue
                found = self._finding(each, before, after, sized)
                if not found.advice:
                    yield found
                    break
                advice.setdefault(None if isinstance(before, Refusal) else sized, found)
        yield from advice.values()

    def _finding(self, given: Input, before: _Result, after: _Result, sized: bool) -> Finding:
        at = ", ".join(map("{} {}".format, self.names, given.integers))
        shape = list(given.array(sized).shape)
        tried = f"{shape} {given.dtype} at {at}" if at else f"{shape} {given.dtype}"
        text, advice = _sentence(tried, before, after, sized)
        line = after.line if isinstance(after, Refusal) else 0
        return Finding(self.file, line or self._line, text, advice)

    def _results(self, given: Input, sized: bool) -> tuple[_Result, _Result]:
        old, new = self._meters
        return _result(self.old, given, sized, old), _result(self.new, given, sized, new)


def _result(form: Form, given: Input, sized: bool, meter: Meter) -> _Result:
    """What a form makes of an input, or why nothing."""
    try:
        return form.array([given.array(sized), *given.integers], meter).bits
    except Exception as error:  # Not our code: whatever it raises is the result.
        return error


def _agree(before: _Result, after: _Result, sized: bool) -> bool:
    """Whether there is nothing to say of the results of two forms."""
    if isinstance(before, Exception):
        # Where the first side is not known, a form that fails there is no measure.
        return not sized and not isinstance(before, Refusal)
    return before == after


def _sentence(given: str, before: _Result, after: _Result, sized: bool) -> tuple[str, bool]:
    """What is wrong where the results of two forms differ, and whether that is only advice."""
    old, new = map(_reason, (before, after))
    if isinstance(before, Refusal):
        if isinstance(after, Refusal):
            return f"cannot be tried by itself, before the edits as after them ({old})", True
        return f"cannot be tried by itself as it was before the edits ({old})", True
    if isinstance(after, Refusal):
        return f"cannot be tried by itself any more ({new}), expected both forms to run", False
    if isinstance(before, Exception):
        return f"the form before cannot be tried on {given} ({old}), expected both to run", False
    if not isinstance(after, Exception):
        text = f"gives other numbers than the form before on {given}, expected the same bits"
        return text, False
    if sized:
        return f"fails on {given} ({new}), expected what the form before gives", False
    text = f"needs a first dimension of known size: fails on {given}, where the previous form"
    return f"{text} did not ({new})", True


def _reason(result: _Result) -> str:
    """Why a form gave nothing, on one line; "" where it gave something."""
    if isinstance(result, Refusal):
        return f"line {result.line} {result.reason}"
    if not isinstance(result, Exception):
        return ""
    text = str(result).partition("\n")[0]
    return f"{type(result).__name__}: {text if len(text) <= _LONGEST else text[:_LONGEST] + '...'}"
