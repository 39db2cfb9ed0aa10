"""What the page shows of a change: its lines in pairs, with those around them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from typing import NamedTuple

from markupsafe import Markup

from patcher.operations.changes import FileChange, Hunk
from patcher.report.page.code import Side, code
from patcher.report.words import changed_words

_CONTEXT = 3  # lines around a change


class Cell(NamedTuple):
    """A line on one side: its number, and its code."""

    number: int
    code: Markup


class Row(NamedTuple):
    """What stands side by side; None where a side has nothing."""

    old: Cell | None
    new: Cell | None


class Group(NamedTuple):
    """Rows that are the same on both sides, or not."""

    is_change: bool
    rows: Sequence[Row]


class Block(NamedTuple):
    """Groups that follow each other, what lines they show, and the other rules of these."""

    title: str
    groups: Sequence[Group]
    others: Sequence[str]


@dataclass(frozen=True)
class Shown:
    """A file that changes, ready to show parts of it."""

    change: FileChange

    @cached_property
    def _old(self) -> Side:
        return Side(_plain(self.change.before))

    @cached_property
    def _new(self) -> Side:
        return Side(_plain(self.change.after))

    def blocks(self, hunks: Sequence[Hunk], id_: str) -> Iterator[Block]:
        """Some hunks of the file with their surroundings, as those of a rule.

        What other rules change around them is shown as it is in the end.
        """
        start = 0
        while start < len(hunks):
            stop = start + 1
            while stop < len(hunks) and _are_near(hunks[stop - 1], hunks[stop]):
                stop += 1
            yield self._block(hunks[start:stop], id_)
            start = stop

    def _block(self, hunks: Sequence[Hunk], id_: str) -> Block:
        first, last = hunks[0].new, hunks[-1].new
        begin = max(first.start - _CONTEXT, 0)
        end = min(last.stop + _CONTEXT, len(self.change.after))
        groups, at = list[Group](), begin
        if begin < end:
            self._new.row(begin, end - 1)  # all of them at once
        for hunk in hunks:
            groups += self._around(range(at, hunk.new.start))
            groups.append(Group(True, [*self._changed(hunk)]))
            at = hunk.new.stop
        groups += self._around(range(at, end))
        others = dict.fromkeys(each for hunk in hunks for each in hunk.rules if each != id_)
        return Block(_title(hunks), groups, [*others])

    def _around(self, lines: range) -> Iterator[Group]:
        """Lines of the file after all edits that the rule leaves alone."""
        if lines:
            yield Group(False, [self._same(number) for number in lines])

    def _same(self, index: int) -> Row:
        shown = code(self._new.row(index, index))
        old = self._origins.get(index, 0)
        return Row(Cell(old, shown), Cell(index + 1, shown))

    @cached_property
    def _origins(self) -> Mapping[int, int]:
        """The number before of each line that no rule made, by its index after."""
        found, old, new = dict[int, int](), 0, 0
        for hunk in self.change.hunks:
            for index in range(new, hunk.new.start):
                found[index] = old + index - new + 1
            old, new = hunk.old.stop, hunk.new.stop
        for index in range(new, len(self.change.after)):
            found[index] = old + index - new + 1
        return found

    def _changed(self, hunk: Hunk) -> Iterator[Row]:
        removed = [line for line in hunk.lines if line.old]
        added = [line for line in hunk.lines if line.new]
        last = hunk.old.stop - 1
        gone, made = changed_words([e.text for e in removed], [e.text for e in added])
        for index, (old, new) in enumerate(zip_longest(removed, added)):
            yield Row(
                old and Cell(old.old, code(self._old.row(old.old - 1, last), gone.get(index, ()))),
                new
                and Cell(
                    new.new, code(self._new.row(new.new - 1, new.new - 1), made.get(index, ()))
                ),
            )


def _plain(lines: Sequence[str]) -> Sequence[str]:
    """The lines of a file, without carriage returns where each ends in one."""
    ended = lines[:-1] or lines
    has_all = all(line.endswith("\r") for line in ended)
    return [line.removesuffix("\r") for line in lines] if has_all else lines


def _are_near(one: Hunk, other: Hunk) -> bool:
    return other.new.start - one.new.stop <= 2 * _CONTEXT


def _title(hunks: Sequence[Hunk]) -> str:
    """Where hunks are, for a heading: in the file after the edits, or before where they remove."""
    first, last = hunks[0], hunks[-1]
    if first.new.start == last.new.stop:
        return _span("was ", first.old.start + 1, last.old.stop)
    return _span("", first.new.start + 1, last.new.stop)


def _span(words: str, start: int, stop: int) -> str:
    return f"{words}line {start}" if stop <= start else f"{words}lines {start} to {stop}"
