"""Each changed line belongs to the rules that changed it, whatever came before or after them."""

import random

import pytest

from patcher.checks.line_diff import differences
from patcher.checks.ownership import Ownership, parts, trace

A, B, AB = frozenset("a"), frozenset("b"), frozenset("ab")


def lines(text: str) -> list[bytes]:
    return [f"{line}\n".encode() for line in text.split()]


def owned(before: str, *steps: tuple[str, str]) -> Ownership:
    return trace(lines(before), [(id_, lines(after)) for id_, after in steps])


def test_a_line_belongs_to_the_rule_that_made_it() -> None:
    found = owned("1 2 3", ("a", "1 x 3"), ("b", "1 x 3 y"))
    assert found.made == [frozenset(), A, frozenset(), B]
    assert found.removed == {1: A}
    assert found.kept == [(0, 0), (2, 2)]


def test_a_line_that_is_made_and_rewritten_belongs_to_both() -> None:
    found = owned("1 2 3", ("a", "1 x 3"), ("b", "1 y 3"))
    assert found.made == [frozenset(), AB, frozenset()]
    assert found.removed == {1: A}


def test_what_is_made_and_removed_leaves_nothing() -> None:
    found = owned("1 2", ("a", "1 x 2"), ("b", "1 2"))
    assert found.made == [frozenset(), frozenset()]
    assert found.removed == {}


def test_equal_lines_are_taken_for_those_nearby() -> None:
    """Of three blank lines, git may show another as the new one than was added."""
    found = trace([b"\n", b"\n"], [("a", [b"\n", b"\n", b"\n"])])
    for index in range(3):
        assert found.of_change(range(0), range(index, index + 1)) == ([], [A])


def test_nobody_owns_what_nobody_changed() -> None:
    assert owned("1 2").of_change(range(1), range(1)) == ([frozenset()], [frozenset()])


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        pytest.param([A], [A], [(1, 1, A)], id="one rule"),
        pytest.param([A, B], [A, B], [(1, 1, A), (1, 1, B)], id="side by side"),
        pytest.param([A, A, B], [B], [(2, 0, A), (1, 1, B)], id="one only removes"),
        pytest.param([A], [B, A], [(0, 1, B), (1, 1, A)], id="one only adds"),
        pytest.param([A], [B], [(1, 0, A), (0, 1, B)], id="nothing in common"),
        pytest.param([A], [AB], [(1, 1, AB)], id="one rewrites what the other made"),
        pytest.param([A, B], [B, A], [(2, 2, AB)], id="in another order"),
        pytest.param([], [A, B], [(0, 1, A), (0, 1, B)], id="all added"),
    ],
)
def test_a_change_falls_into_parts(
    before: list[frozenset[str]],
    after: list[frozenset[str]],
    wanted: list[tuple[int, int, frozenset[str]]],
) -> None:
    assert parts(before, after) == wanted


@pytest.mark.parametrize("seed", range(200))
def test_parts_and_owners_cover_every_change(seed: int) -> None:
    """Random edits of random lines, many of them equal: none is lost, none is nobody's."""
    chance = random.Random(seed)
    before = [chance.choice([b"\n", b"x\n", b"y\n", b"z\n"]) for _ in range(chance.randrange(12))]
    steps, now = [], before
    for number in range(chance.randrange(1, 5)):
        start = chance.randrange(len(now) + 1)
        stop = min(start + chance.randrange(3), len(now))
        new = [chance.choice([b"\n", b"x\n", b"w\n"]) for _ in range(chance.randrange(3))]
        now = [*now[:start], *new, *now[stop:]]
        steps.append((f"rule-{number}", now))
    found = trace(before, steps)
    assert len(found.made) == len(now)
    rebuilt, at = [], 0
    for old, new_place in differences(before, now):
        gone, made = found.of_change(old, new_place)
        assert all((*gone, *made)), "every changed line belongs to a rule"
        pieces = parts(gone, made)
        assert sum(size for size, _, _ in pieces) == len(old)
        assert sum(size for _, size, _ in pieces) == len(new_place)
        assert all(owners for _, _, owners in pieces)
        rebuilt += [*before[at : old.start], *now[new_place.start : new_place.stop]]
        at = old.stop
    assert [*rebuilt, *before[at:]] == now
