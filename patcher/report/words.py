"""Which words differ in lines of which one was made of the other."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from patcher.checks.line_diff import differences

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_MOST, _MOST_IN_ALL = 60, 10_000  # lines of a hunk on one side, and characters on both
_SIMILAR = 0.4  # of the words of both that have to be equal


def changed_words(
    removed: Sequence[str], added: Sequence[str]
) -> tuple[dict[int, list[range]], dict[int, list[range]]]:
    """The characters that differ, by the index of a line: of those removed, of those added.

    A line that is like no other is left out: all of it differs.
    """
    old, new = dict[int, list[range]](), dict[int, list[range]]()
    for one, other in _pairs(removed, added):
        old[one], new[other] = _differing(removed[one], added[other])
    return old, new


def _pairs(removed: Sequence[str], added: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The lines that are similar, in order."""
    if max(len(removed), len(added)) > _MOST or sum(map(len, (*removed, *added))) > _MOST_IN_ALL:
        return
    old, new = ([_words(line) for line in lines] for lines in (removed, added))
    at = 0
    for index, words in enumerate(old):
        scores = [(_similarity(words, new[n]), -n) for n in range(at, len(added))]
        best, place = max(scores, default=(0.0, 0))
        if best >= _SIMILAR:
            yield index, -place
            at = 1 - place


def _words(line: str) -> Counter[str]:
    return Counter(each for each in _TOKEN.findall(line) if not each.isspace())


def _similarity(one: Counter[str], other: Counter[str]) -> float:
    every = one.total() + other.total()
    return 2 * (one & other).total() / every if every else 0


def _differing(one: str, other: str) -> tuple[list[range], list[range]]:
    left, right = _TOKEN.findall(one), _TOKEN.findall(other)
    found = differences(left, right)
    return _spans(left, [old for old, _ in found]), _spans(right, [new for _, new in found])


def _spans(tokens: Sequence[str], places: Sequence[range]) -> list[range]:
    """The characters of some tokens."""
    ends = [0]
    for token in tokens:
        ends.append(ends[-1] + len(token))
    return [range(ends[place.start], ends[place.stop]) for place in places if place]
