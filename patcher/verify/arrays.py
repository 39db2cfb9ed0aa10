"""A stand-in for a module of tensors, on NumPy arrays: reshaping and multiplying."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import numpy as np

Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"


class Shape(list[int | None]):
    """What is known of a shape before anything runs; None where a side is not known."""

    def as_list(self) -> list[int | None]:
        """The sides."""
        return list(self)


class Tensor:
    """An array with what is known of its shape beforehand.

    Args:
        value: The array.
        sized: Whether the first side is known.
    """

    def __init__(self, value: Array, sized: bool = True) -> None:
        self.value = value
        self.dtype = value.dtype
        self.shape = Shape(value.shape if sized else (None, *value.shape[1:]))

    def get_shape(self) -> Shape:
        """What is known of the shape."""
        return self.shape

    def __mul__(self, other: Tensor) -> Tensor:
        return Tensor(self.value * other.value, None not in self.shape)

    __rmul__ = __mul__


def reshape(tensor: Tensor, shape: Sequence[int], name: str | None = None) -> Tensor:
    """The tensor in another shape, by the rules of graphs: NumPy takes any negative for -1.

    Raises:
        ValueError: There is no such shape.
    """
    sides = [int(side) for side in shape]
    if min(sides) < -1:
        raise ValueError(f"a side of {min(sides)} was asked for")
    return Tensor(tensor.value.reshape(sides), -1 not in sides)


def ones(shape: Sequence[int], dtype: Any = np.float32, name: str | None = None) -> Tensor:
    """A tensor of ones."""
    return Tensor(np.ones(shape, dtype))


def shape(tensor: Tensor, name: str | None = None) -> list[int]:
    """The shape that the tensor has when it runs."""
    return list(tensor.value.shape)


@contextmanager
def name_scope(*_: object) -> Iterator[None]:
    """Nothing: arrays have no names."""
    yield
