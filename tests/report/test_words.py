import pytest

from patcher.report.words import changed_words

Marks = dict[int, list[str]]


def marked(removed: list[str], added: list[str]) -> tuple[Marks, Marks]:
    """The parts that are marked, by the index of a line."""
    old, new = changed_words(removed, added)
    return _parts(removed, old), _parts(added, new)


def _parts(lines: list[str], spans: dict[int, list[range]]) -> Marks:
    return {n: [lines[n][each.start : each.stop] for each in spans[n]] for n in spans}


def test_the_words_that_differ_are_marked() -> None:
    assert marked(["steps = save(every=600)"], ["steps = save(every=FLAGS.n)"]) == (
        {0: ["600"]},
        {0: ["FLAGS.n"]},
    )


def test_what_is_only_added_marks_nothing_before() -> None:
    assert marked(["from a import b"], ["from a import b, c"]) == ({0: []}, {0: [", c"]})


def test_lines_that_are_not_alike_are_left_alone() -> None:
    assert marked(["if ready:"], ["print('nothing of it')"]) == ({}, {})


def test_lines_are_paired_in_their_order() -> None:
    """A line is not compared with one above that another was compared with."""
    removed = ["one(a, b, c)", "two(a, b, c)", "three(a, b, c)"]
    added = ["two(a, b, c)", "three(a, b, d)", "four(a, b, c)"]
    old, new = marked(removed, added)
    assert list(old) == sorted(old)
    assert list(new) == sorted(new)
    assert len(old) == len(new)


@pytest.mark.parametrize(
    ("removed", "added"),
    [
        pytest.param(["x = 1"] * 100, ["x = 2"] * 100, id="many lines"),
        pytest.param(["a " * 9_000], ["b " * 9_000], id="long lines"),
    ],
)
def test_what_would_take_long_is_not_compared(removed: list[str], added: list[str]) -> None:
    assert changed_words(removed, added) == ({}, {})
