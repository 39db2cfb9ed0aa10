"""A stand-in for a module of tensors, in plain Python: reshaping and multiplying."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import copysign, inf, prod
from operator import index, mul
from struct import pack, unpack

from patcher.checks.limits import require_numbers, require_rank

# The types of numbers, each with its letter in the formats of `struct`.
TYPES = {"float32": "f", "float16": "e", "int32": "i", "float64": "d"}
# What rounds to more than the largest number of a type.
_INFINITE = {"float16": 65520.0, "float32": 2.0**128 - 2.0**103}


class Shape(list[int | None]):
    """What is known of a shape before anything runs; None where a side is not known."""


class Tensor:
    """Numbers in row-major order, their shape, and their type, which is one of `TYPES`.

    `sized` says whether the first side is known before anything runs.
    """

    def __init__(
        self, values: Sequence[float], sides: Sequence[int], dtype: str, sized: bool = True
    ) -> None:
        if dtype == "int32":
            values = [(int(each) + 2**31) % 2**32 - 2**31 for each in values]
        elif dtype in _INFINITE:
            most = _INFINITE[dtype]
            values = [copysign(inf, each) if abs(each) >= most else each for each in values]
        form = f"{len(values)}{TYPES[dtype]}"
        content = pack(form, *values)
        self.bits = (dtype, tuple(sides), content)
        self.values, self.sides, self.dtype = unpack(form, content), tuple(sides), dtype
        self.shape = Shape(sides if sized else (None, *sides[1:]))


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope of names, which arrays do not have."""

    name: str


def multiply(one: Tensor, two: Tensor) -> Tensor:
    """The product of two tensors, each repeated along its sides of 1 to fit the other."""
    if one.dtype != two.dtype:
        raise TypeError(f"{one.dtype} is multiplied by {two.dtype}")
    rank = max(len(one.sides), len(two.sides))
    first, second = ((1,) * (rank - len(each.sides)) + each.sides for each in (one, two))
    sides = [b if a == 1 else a for a, b in zip(first, second, strict=True)]
    if any(b not in (1, side) for b, side in zip(second, sides, strict=True)):
        raise ValueError(f"shapes {list(one.sides)} and {list(two.sides)} do not go together")
    require_numbers(prod(sides))
    values = map(mul, _spread(one.values, first, sides), _spread(two.values, second, sides))
    return Tensor(list(values), sides, one.dtype, None not in (*one.shape, *two.shape))


def _spread(values: Sequence[float], old: Sequence[int], new: Sequence[int]) -> Sequence[float]:
    """Numbers repeated along the sides of 1, to fill a shape of longer ones."""
    size = 1
    for side, wanted in zip(reversed(old), reversed(new), strict=True):
        if side != wanted:
            chunks = (values[at : at + size] for at in range(0, len(values), size or 1))
            values = [each for chunk in chunks for each in list(chunk) * wanted]
        size *= wanted
    return values


def reshape(tensor: object, shape: object, name: object = None) -> Tensor:
    """The tensor in another shape, of which one side may be -1."""
    given, sides = _tensor(tensor), _sides(shape)
    size = len(given.values)
    if min(sides, default=0) < -1:
        raise ValueError(f"a side of {min(sides)} was asked for")
    known = prod(side for side in sides if side != -1)
    found = [size // known if side == -1 and known else side for side in sides]
    if sides.count(-1) > 1 or prod(found) != size:
        raise ValueError(f"cannot reshape {size} numbers to {sides}")
    return Tensor(given.values, found, given.dtype, -1 not in sides)


def ones(shape: object, dtype: object = "float32", name: object = None) -> Tensor:
    """A tensor of ones."""
    sides = _sides(shape)
    if min(sides, default=0) < 0:
        raise ValueError(f"a side of {min(sides)} was asked for")
    if not isinstance(dtype, str) or dtype not in TYPES:
        raise TypeError("the type of an array is expected")
    require_numbers(prod(sides))
    return Tensor([1] * prod(sides), sides, dtype)


def shape(input: object, name: object = None) -> list[int]:
    """The shape that a tensor has when it runs."""
    return list(_tensor(input).sides)


def name_scope(name: object = None, default_name: object = None, values: object = None) -> Scope:
    """A scope in which tensors get names."""
    return Scope(name if isinstance(name, str) else "")


def _tensor(value: object) -> Tensor:
    if not isinstance(value, Tensor):
        raise TypeError(f"{type(value).__name__} is no array")
    return value


def _sides(shape: object) -> list[int]:
    """The sides of a shape, each an integer."""
    if not isinstance(shape, list | tuple):
        raise TypeError(f"{type(shape).__name__} is no shape")
    require_rank(len(shape))
    return [index(side) for side in shape]
