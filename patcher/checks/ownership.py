"""Which rules made each line of a file, and which removed a line that it had before."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from patcher.checks.line_diff import differences

Owners = frozenset[str]
NOBODY: Owners = frozenset()


@dataclass(frozen=True, slots=True)
class Ownership:
    """The rules that lines of a file belong to.

    Attributes:
        made: For each line of the file after its rules, those that made it.
        removed: For lines of the file before, by index, those that removed them.
        kept: The lines that no rule touched: their indices before and after, in order.
    """

    made: Sequence[Owners]
    removed: dict[int, Owners] = field(default_factory=dict)
    kept: Sequence[tuple[int, int]] = ()

    def of_change(self, old: range, new: range) -> tuple[list[Owners], list[Owners]]:
        """The owners of the lines that differ in one place: of those before, of those after.

        Equal lines can be told apart in more than one way, as where a blank line was added next
        to another. A line that belongs to nobody here belongs to those of the line nearest to it.
        """
        before = [self.removed.get(index, NOBODY) for index in old]
        after = [self.made[index] for index in new]
        if not all((*before, *after)):
            others = [each for each in (*before, *after) if each]
            near = others[0] if others else self._nearest(new)
            before = _filled(before, near)
            after = _filled(after, near)
        return before, after

    def _nearest(self, new: range) -> Owners:
        """The rules that changed something right at some lines, or nearest to them."""
        befores = [old for old, _ in self.kept]
        places = [(index, owners) for index, owners in enumerate(self.made) if owners]
        for index, owners in self.removed.items():
            at = bisect_left(befores, index)
            places.append((self.kept[at][1] if at < len(self.kept) else len(self.made), owners))
        middle = (new.start + new.stop) / 2
        return min(places, key=lambda place: abs(place[0] - middle), default=(0, NOBODY))[1]


def trace(before: Sequence[bytes], steps: Iterable[tuple[str, Sequence[bytes]]]) -> Ownership:
    """Who owns the lines of a file after some steps: each a rule's id, and all lines after it.

    A rule that rewrites a line which another has made owns it together with that one.
    """
    content: Sequence[bytes] = before
    lines: list[tuple[int, Owners]] = [(index, NOBODY) for index in range(len(before))]
    removed = dict[int, Owners]()
    for id_, after in steps:
        made, at = list[tuple[int, Owners]](), 0
        for old, new in differences(content, after):
            replaced = lines[old.start : old.stop]
            owners = frozenset({id_}).union(*(owners for _, owners in replaced))
            removed.update((index, frozenset({id_})) for index, _ in replaced if index >= 0)
            made += [*lines[at : old.start], *[(-1, owners)] * len(new)]
            at = old.stop
        lines, content = [*made, *lines[at:]], after
    kept = [(index, now) for now, (index, _) in enumerate(lines) if index >= 0]
    return Ownership([owners for _, owners in lines], removed, kept)


def _filled(owners: Sequence[Owners], first: Owners) -> list[Owners]:
    """The owners, where nobody owns a line those of the line above; `first` above all."""
    filled = list[Owners]()
    for each in owners:
        first = each or first
        filled.append(first)
    return filled


def parts(before: Sequence[Owners], after: Sequence[Owners]) -> list[tuple[int, int, Owners]]:
    """How lines that differ in one place fall into parts that belong to the same rules.

    Args:
        before: The owners of the lines before.
        after: The owners of the lines after.

    Returns:
        For each part the number of its lines before and after, and the owners. Where rules have
        changed the order of lines, they own one part together.
    """
    left, right = ([(o, len([*g])) for o, g in groupby(side)] for side in (before, after))
    found = list[tuple[int, int, Owners]]()
    while left and right:
        (one, old), (other, new) = left[0], right[0]
        rest = {owners for owners, _ in (*left[1:], *right[1:])}
        if one == other or (one & other and not rest & {one, other}):
            found.append((old, new, one | other))
            left, right = left[1:], right[1:]
        elif one not in {owners for owners, _ in right}:
            found.append((old, 0, one))
            left = left[1:]
        elif other not in {owners for owners, _ in left}:
            found.append((0, new, other))
            right = right[1:]
        else:
            old, new = (sum(size for _, size in side) for side in (left, right))
            return [*found, (old, new, NOBODY.union(*(each for each, _ in (*left, *right))))]
    found += [(size, 0, owners) for owners, size in left]
    return found + [(0, size, owners) for owners, size in right]
