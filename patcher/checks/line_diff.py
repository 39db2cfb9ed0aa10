"""Where two sequences differ, in time that grows with their length and little else.

`difflib` compares every place of a line in one file with every place of it in the other, again for
each piece that it finds. It does so here for short stretches alone. Longer ones are cut first at
what both sides have exactly once, as in patience diff; what has no such line counts as replaced.
"""

from bisect import bisect
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher

_MOST = 4_000_000  # comparisons that difflib may have to make
_DEEPEST = 20  # cuts inside of cuts


def differences(one: Sequence[Hashable], other: Sequence[Hashable]) -> list[tuple[range, range]]:
    """Where two sequences differ: the indices in each, in order."""
    return list(_between(one, other, range(len(one)), range(len(other)), _DEEPEST))


def _between(
    one: Sequence[Hashable], other: Sequence[Hashable], old: range, new: range, depth: int
) -> Iterator[tuple[range, range]]:
    """Where a stretch of one sequence differs from a stretch of the other."""
    old, new = _without_common_ends(one, other, old, new)
    if not (old and new):
        if old or new:
            yield old, new
        return
    left, right = one[old.start : old.stop], other[new.start : new.stop]
    if _is_cheap(left, right):
        matcher = SequenceMatcher(None, left, right, autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag != "equal":
                yield old[a:b], new[c:d]
        return
    anchors = _anchors(left, right) if depth else []
    if not anchors:
        yield old, new
        return
    a, c = 0, 0
    for b, d in (*anchors, (len(old), len(new))):
        yield from _between(one, other, old[a:b], new[c:d], depth - 1)
        a, c = b + 1, d + 1


def _without_common_ends(
    one: Sequence[Hashable], other: Sequence[Hashable], old: range, new: range
) -> tuple[range, range]:
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if one[old[i]] != other[new[i]]), shorter)
    rest = shorter - head
    tail = next((i for i in range(rest) if one[old[-1 - i]] != other[new[-1 - i]]), rest)
    return old[head : len(old) - tail], new[head : len(new) - tail]


def _is_cheap(left: Sequence[Hashable], right: Sequence[Hashable]) -> bool:
    """Whether difflib compares them soon; it may look at each pair once per piece that it finds."""
    times = Counter(right)
    pairs = sum(times[each] for each in left)
    return pairs * min(len(left), len(right)) <= _MOST


def _anchors(left: Sequence[Hashable], right: Sequence[Hashable]) -> list[tuple[int, int]]:
    """The indices of what both have once, as many as are in the same order in both."""
    once = [{each for each, n in Counter(side).items() if n == 1} for side in (left, right)]
    places = {each: i for i, each in enumerate(right) if each in once[1]}
    shared = once[0] & places.keys()
    pairs = [(i, places[each]) for i, each in enumerate(left) if each in shared]
    ends, last, before = list[int](), list[int](), dict[int, int]()
    for number, (_, place) in enumerate(pairs):
        at = bisect(ends, place)
        ends[at : at + 1], last[at : at + 1] = [place], [number]
        before[number] = last[at - 1] if at else -1
    number, found = last[-1] if last else -1, list[tuple[int, int]]()
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]
