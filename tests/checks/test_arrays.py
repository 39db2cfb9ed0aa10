"""The stand-in for a module of tensors gives the bits of NumPy, and the shapes of a graph."""

from math import prod
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from patcher.checks import arrays
from patcher.checks.arrays import Side, Tensor, multiply

Numbers = NDArray[np.float64]


def made(random: Random, sides: list[int], dtype: str) -> tuple[Tensor, Numbers]:
    values = [random.randint(-128, 127) for _ in range(prod(sides))]
    return Tensor(values, sides, dtype), np.array(values, dtype).reshape(sides)


@pytest.mark.parametrize("dtype", arrays.TYPES)
@pytest.mark.parametrize("seed", range(20))
def test_products_have_the_bits_of_numpy(dtype: str, seed: int) -> None:
    random = Random(seed)
    sides = [random.randint(0, 4) for _ in range(random.randint(0, 4))]
    other = [random.choice((1, side)) for side in sides][random.randint(0, len(sides)) :]
    (one, first), (two, second) = made(random, sides, dtype), made(random, other, dtype)
    for _ in range(12):  # also numbers that are too large for their type
        one, first = multiply(one, two), with_errors_ignored(first, second)
        two, second = multiply(two, two), with_errors_ignored(second, second)
        assert one.bits[:2] == (dtype, first.shape)
        expected = np.frombuffer(one.bits[2], dtype).reshape(first.shape)
        np.testing.assert_array_equal(expected, first)


def with_errors_ignored(one: Numbers, two: Numbers) -> Numbers:
    with np.errstate(all="ignore"):
        product: Numbers = one * two
    return product


@pytest.mark.parametrize(
    ("shape", "sides"),
    [
        pytest.param([2, -1], [2, 3], id="the rest"),
        pytest.param([6], [6], id="flat"),
        pytest.param((1, 6, 1), [1, 6, 1], id="sides of 1"),
        pytest.param([Side(3, False), 2], [None, 2], id="side of the graph"),
        pytest.param([Side(3, True), 2], [3, 2], id="known side of the graph"),
        pytest.param([Side(3, False), -1], [None, None], id="rest of an unknown side"),
    ],
)
def test_a_reshaped_array_has_the_shape_that_a_graph_knows(
    shape: object, sides: list[int | None]
) -> None:
    assert arrays.reshape(Tensor(range(6), [3, 2], "int32"), shape).shape == sides


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param([4], id="too small"),
        pytest.param([-1, -1], id="two of -1"),
        pytest.param([-2, 3], id="negative"),
        pytest.param([3.0, 2], id="float"),
        pytest.param([None, 2], id="unknown"),
        pytest.param(["3", 2], id="string"),
        pytest.param(6, id="number"),
        pytest.param([[3, 2]], id="nested"),
    ],
)
def test_a_shape_that_does_not_fit_is_an_error(shape: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        arrays.reshape(Tensor(range(6), [3, 2], "int32"), shape)
