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


@dataclass(frozen=True, slots=True)
class Side:
    """A side as an integer of the graph, which is not Python's: its value when the code runs.

    `known` says whether the graph can tell beforehand.
    """

    value: int
    known: bool


@dataclass(frozen=True, slots=True)
class Sides:
    """A shape as a tensor of the graph, in the same way."""

    values: tuple[int, ...]
    known: bool


class Tensor:
    """Numbers in row-major order, their shape, and their type, which is one of `TYPES`.

    `shape` is what is known of the sides before anything runs; None for all.
    """

    def __init__(
        self,
        values: Sequence[float],
        sides: Sequence[int],
        dtype: str,
        shape: Sequence[int | None] | None = None,
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
        self.shape = Shape(sides if shape is None else shape)


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
    values = list[float]()
    if prod(sides):  # else one side of none may have others of any length
        spread = (_spread(one.values, first, sides), _spread(two.values, second, sides))
        values += map(mul, *spread)
    known = ((1,) * (rank - len(each.shape)) + (*each.shape,) for each in (one, two))
    return Tensor(values, sides, one.dtype, [_common(*pair) for pair in zip(*known, strict=True)])


def _common(one: int | None, two: int | None) -> int | None:
    """What is known of a side of a product by what is known of the factors' sides."""
    if one is None or two is None:
        known = one if two is None else two
        return None if known == 1 else known
    return two if one == 1 else one


def _spread(values: Sequence[float], old: Sequence[int], new: Sequence[int]) -> Sequence[float]:
    """Numbers repeated along the sides of 1, to fill a shape of longer ones."""
    size = 1
    for side, wanted in zip(reversed(old), reversed(new), strict=True):
        if side != wanted:
            chunks = (values[at : at + size] for at in range(0, len(values), size))
            values = [each for chunk in chunks for each in list(chunk) * wanted]
        size *= wanted
    return values


def reshape(tensor: object, shape: object, name: object = None) -> Tensor:
    """The tensor in another shape, of which one side may be -1."""
    given, (sides, known) = _tensor(tensor), _sides(shape)
    size = len(given.values)
    if min(sides, default=0) < -1:
        raise ValueError(f"a side of {min(sides)} was requested")
    rest = prod(side for side in sides if side != -1)
    found = [size // rest if side == -1 and rest else side for side in sides]
    if sides.count(-1) > 1 or prod(found) != size:
        raise ValueError(f"cannot reshape {size} numbers to {sides}")
    sure = None not in (*given.shape, *known)
    shape = [(a if sure else None) if b == -1 else b for a, b in zip(found, known, strict=True)]
    return Tensor(given.values, found, given.dtype, shape)


def ones(shape: object, dtype: object = "float32", name: object = None) -> Tensor:
    """A tensor of ones."""
    sides, known = _sides(shape)
    if min(sides, default=0) < 0:
        raise ValueError(f"a side of {min(sides)} was requested")
    if not isinstance(dtype, str) or dtype not in TYPES:
        raise TypeError("the type of an array is expected")
    require_numbers(prod(sides))
    return Tensor([1] * prod(sides), sides, dtype, known)


def shape(input: object, name: object = None) -> Sides:
    """The shape that a tensor has when it runs."""
    tensor = _tensor(input)
    return Sides(tensor.sides, None not in tensor.shape)


def name_scope(name: object = None, default_name: object = None, values: object = None) -> Scope:
    """A scope in which tensors get names."""
    return Scope(name if isinstance(name, str) else "")


def _tensor(value: object) -> Tensor:
    if not isinstance(value, Tensor):
        raise TypeError(f"{type(value).__name__} is no array")
    return value


def _sides(shape: object) -> tuple[list[int], list[int | None]]:
    """The sides of a shape, each an integer, and those of them that are known beforehand."""
    if isinstance(shape, Sides):
        shape = [Side(each, shape.known) for each in shape.values]
    if not isinstance(shape, list | tuple):
        raise TypeError(f"{type(shape).__name__} is no shape")
    require_rank(len(shape))
    sides = [each.value if isinstance(each, Side) else index(each) for each in shape]
    known = (not isinstance(each, Side) or each.known for each in shape)
    return sides, [side if sure else None for side, sure in zip(sides, known, strict=True)]
