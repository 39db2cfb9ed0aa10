import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import pytest

from patcher.checks.line_diff import differences


@dataclass(frozen=True)
class Line:
    """A line that counts how often one is compared with another."""

    text: str
    compared: ClassVar[list[int]] = [0]

    def __eq__(self, other: object) -> bool:
        self.compared[0] += 1
        return isinstance(other, Line) and self.text == other.text

    def __hash__(self) -> int:
        self.compared[0] += 1
        return hash(self.text)


def rebuilt(one: Sequence[object], other: Sequence[object]) -> list[object]:
    made, at = list[object](), 0
    for old, new in differences(one, other):
        assert old or new
        made += [*one[at : old.start], *other[new.start : new.stop]]
        at = old.stop
    return [*made, *one[at:]]


def unique(number: int) -> list[str]:
    return [f"line {n}" for n in range(number)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param("abc", "abc", [], id="nothing"),
        pytest.param("", "abc", [(range(0), range(3))], id="all is new"),
        pytest.param("abc", "", [(range(3), range(0))], id="all is gone"),
        pytest.param("abc", "axc", [(range(1, 2), range(1, 2))], id="in the middle"),
        pytest.param("aaa", "aaaa", [(range(3, 3), range(3, 4))], id="one more of the same"),
        pytest.param("abcdef", "abxcef", [(range(2, 2), range(2, 3)), (range(3, 4), range(4, 4))],
                     id="in two places"),
    ],
)  # fmt: skip
def test_says_where(one: str, other: str, expected: list[tuple[range, range]]) -> None:
    assert differences(one, other) == expected


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("letters", [2, 20, 2000])
def test_one_side_with_the_differences_is_the_other(letters: int, seed: int) -> None:
    chance = random.Random(seed)
    one = [chance.randrange(letters) for _ in range(chance.randrange(3000))]
    other = list(one)
    for _ in range(chance.randrange(60)):
        at = chance.randrange(len(other) + 1)
        other[at : at + chance.randrange(4)] = [chance.randrange(letters)] * chance.randrange(4)
    assert rebuilt(one, other) == other
    assert rebuilt(other, one) == one


def test_an_edit_between_lines_of_which_there_are_many_is_found() -> None:
    one = [line for number in range(8000) for line in ("", f"line {number}")]
    other = [*one[:4001], "new", *one[4001:12000], *one[12002:]]
    found = differences(one, other)
    assert sum(len(old) + len(new) for old, new in found) == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(["x"] * 30_000, ["x"] * 29_000, id="equal lines"),
        pytest.param(["a", *["x"] * 30_000, "b"], ["c", *["x"] * 29_000, "d"], id="between others"),
        pytest.param(["x", "y"] * 15_000, ["y", "y", "x"] * 10_000, id="of two kinds"),
        pytest.param(unique(30_000), unique(30_000)[::-1], id="the other way round"),
        pytest.param(unique(30_000), [f"other {n}" for n in range(30_000)], id="nothing alike"),
        pytest.param(
            [line for line in unique(15_000) for _ in "ab"],
            [line for line in unique(15_000)[::-1] for _ in "ab"],
            id="each twice, the other way round",
        ),
    ],
)
def test_the_comparisons_grow_with_the_length_alone(one: list[str], other: list[str]) -> None:
    left, right = [*map(Line, one)], [*map(Line, other)]
    Line.compared[0] = 0
    assert rebuilt(left, right) == right
    assert Line.compared[0] < 40 * (len(left) + len(right))
