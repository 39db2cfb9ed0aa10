"""A stand-in for a module of tensors, in plain Python: reshaping and multiplying."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from math import copysign, inf, prod
from operator import mul
from struct import pack, unpack

# The types of numbers, each with its letter in the formats of `struct`.
TYPES = {"float32": "f", "float16": "e", "int32": "i", "float64": "d"}

name_scope = nullcontext  # arrays have no names


class Shape(list[int | None]):
    """What is known of a shape before anything runs; None where a side is not known."""

    def as_list(self) -> list[int | None]:
        """The sides."""
        return list(self)


class Tensor:
    """Numbers in row-major order, their shape, and their type, which is one of `TYPES`.

    `sized` says whether the first side is known before anything runs.
    """

    def __init__(
        self, values: Sequence[float], sides: Sequence[int], dtype: str, sized: bool = True
    ) -> None:
        if dtype == "int32":
            values = [(each + 2**31) % 2**32 - 2**31 for each in values]
        elif dtype == "float16":  # what rounds to more than its largest number
            values = [each if abs(each) < 65520 else copysign(inf, each) for each in values]
        form = f"{len(values)}{TYPES[dtype]}"
        content = pack(form, *values)
        self.bits = (dtype, tuple(sides), content)
        self.values, self.sides, self.dtype = unpack(form, content), tuple(sides), dtype
        self.shape = Shape(sides if sized else (None, *sides[1:]))

    def get_shape(self) -> Shape:
        """What is known of the shape."""
        return self.shape

    def __mul__(self, other: Tensor) -> Tensor:
        if self.dtype != other.dtype:
            raise TypeError(f"{self.dtype} is multiplied by {other.dtype}")
        rank = max(len(self.sides), len(other.sides))
        one, two = ((1,) * (rank - len(each.sides)) + each.sides for each in (self, other))
        sides = [max(pair) for pair in zip(one, two, strict=True)]
        values = map(mul, _spread(self.values, one, sides), _spread(other.values, two, sides))
        return Tensor(list(values), sides, self.dtype, None not in self.shape)

    __rmul__ = __mul__


def _spread(values: Sequence[float], old: Sequence[int], new: Sequence[int]) -> Sequence[float]:
    """Numbers repeated along the sides of 1, to fill a shape of longer ones."""
    size = 1
    for side, wanted in zip(reversed(old), reversed(new), strict=True):
        if side not in (1, wanted):
            raise ValueError(f"shapes {list(old)} and {list(new)} do not go together")
        if side != wanted:
            chunks = (values[at : at + size] for at in range(0, len(values), size))
            values = [each for chunk in chunks for each in list(chunk) * wanted]
        size *= wanted
    return values


def reshape(tensor: Tensor, shape: Sequence[int], name: str | None = None) -> Tensor:
    """The tensor in another shape, of which one side may be -1."""
    sides, size = [int(side) for side in shape], len(tensor.values)
    if min(sides, default=0) < -1:
        raise ValueError(f"a side of {min(sides)} was asked for")
    known = prod(side for side in sides if side != -1)
    found = [size // known if side == -1 and known else side for side in sides]
    if sides.count(-1) > 1 or prod(found) != size:
        raise ValueError(f"cannot reshape {size} numbers to {sides}")
    return Tensor(tensor.values, found, tensor.dtype, -1 not in sides)


def ones(shape: Sequence[int], dtype: str = "float32", name: str | None = None) -> Tensor:
    """A tensor of ones."""
    return Tensor([1] * prod(shape), shape, dtype)


def shape(tensor: Tensor, name: str | None = None) -> list[int]:
    """The shape that the tensor has when it runs."""
    return list(tensor.sides)
