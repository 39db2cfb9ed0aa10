"""Two versions of a file, block by block: which statements go together, and the edits between.

Equal statements are paired first, then those between them that are alike. A pair of compound ones
is looked into, header by header and block by block.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TypedDict

from patcher.checks.line_diff import differences
from patcher.drafting.from_port.edit import Edit, Neighbours, Part, Versions, lines_of
from patcher.drafting.from_port.likeness import ALIKE, likeness
from patcher.drafting.from_port.statements import Row, Source

_MOST = 4_000  # pairs of statements that are compared
# Statements of the old file, and those of the new one in their place; equal or alike, one of each.
_Group = tuple[Sequence[Row], Sequence[Row]]


class Around(TypedDict):
    """The statements above an edit, and those below it."""

    above: Neighbours
    below: Neighbours
    block: tuple[Sequence[Row], Sequence[Row]]


def edits(versions: Versions) -> list[Edit]:
    """The smallest edits that lead from one version of a file to the other, in order."""
    old, new = versions.old, versions.new
    rows = old.rows, new.rows
    return [*_Block(versions, "", range(len(old.lines)), range(len(new.lines))).edits(*rows)]


class _Block:
    """A block that is in both versions: its scope, and its lines in each."""

    def __init__(self, versions: Versions, scope: str, old: range, new: range) -> None:
        self.versions, self.scope = versions, scope
        self.old, self.new = old, new

    def edits(self, old: Sequence[Row], new: Sequence[Row]) -> Iterator[Edit]:
        """The edits between its statements, and between the comments around these."""
        groups = [*_groups(old, new, self.versions)]
        one, two, above = self.old.start, self.new.start, Neighbours()
        for index, (mine, other) in enumerate(groups):
            below = _first(groups[index + 1 :])
            around: Around = {"above": above, "below": below, "block": (old, new)}
            ends = mine[-1].lines.stop if mine else one, other[-1].lines.stop if other else two
            if mine or not self._goes_below_gap(other, one, two, below):
                yield from self._group(mine, other, one, two, around)
            elif below.old and below.new:
                ends = below.old.lines.start, below.new.lines.start
                places = ends[0], other[0].lines.start
                yield from self._added(other, *places, around, ends[1])
            one, two = ends
            above = Neighbours(mine[-1] if mine else above.old, other[-1] if other else above.new)
        gap, other_gap = range(one, self.old.stop), range(two, self.new.stop)
        yield from self._comments(gap, other_gap)

    def _group(
        self, old: Sequence[Row], new: Sequence[Row], one: int, two: int, around: Around
    ) -> Iterator[Edit]:
        """The edits of a group, and of the comments above it, from some line of each file on."""
        if not old:
            yield from self._added(new, one, two, around)
        elif not new:
            yield from self._removed(old, one, two, around)
        else:
            gap, other_gap = range(one, old[0].lines.start), range(two, new[0].lines.start)
            yield from self._comments(gap, other_gap)
            if edit := self._changed(old, new, around):
                yield self._with_comments(edit, gap, other_gap)

    def _goes_below_gap(self, rows: Sequence[Row], one: int, two: int, below: Neighbours) -> bool:
        """Whether what comes stands below the comments and blank lines that were there, not above.

        The lines are those behind the statements above it, in each version.
        """
        if not below.old or not below.new:
            return False
        gap, above = range(one, below.old.lines.start), range(two, rows[0].lines.start)
        under = range(rows[-1].lines.stop, below.new.lines.start)
        texts, others = _comment_texts(self.versions, gap, above)
        return texts == others and texts != _comment_texts(self.versions, gap, under)[1]

    def _added(
        self, rows: Sequence[Row], place: int, start: int, around: Around, stop: int = 0
    ) -> Iterator[Edit]:
        """Statements that come, the imports among those of a module one by one.

        Up to `stop`, lines behind the last come with it.
        """
        above = around["above"]
        for is_import, group in groupby(rows, lambda row: not self.scope and row.is_import):
            run, singles = list(group), list[Edit]()
            for row in run:
                end = max(stop, row.lines.stop) if row is rows[-1] else row.lines.stop
                near: Around = {**around, "above": above}
                old, new = range(place, place), range(start, end)
                singles.append(Edit(Part.STATEMENTS, old, new, self.scope, (), (row,), **near))
                start, above = end, replace(above, new=row)
            if is_import or len(singles) == 1:
                yield from singles
            else:
                lines = range(singles[0].new.start, singles[-1].new.stop)
                yield replace(singles[0], new=lines, after=(*run,), pieces=tuple(singles))

    def _removed(
        self, rows: Sequence[Row], start: int, place: int, around: Around
    ) -> Iterator[Edit]:
        """Statements that go, those as one between which nothing stands; and their comments."""
        runs = list[list[Row]]()
        for row in rows:
            if runs and runs[-1][-1].lines.stop == row.lines.start:
                runs[-1].append(row)
            else:
                runs.append([row])
        for run in runs:
            lines = lines_of(run)
            yield from self._comments(range(start, lines.start), range(0))
            whole, *singles = (
                Edit(Part.STATEMENTS, lines_of(e), range(place, place), self.scope, (*e,), **around)
                for e in (run, *([row] for row in run))
            )
            yield replace(whole, pieces=tuple(singles)) if singles[1:] else whole
            start = lines.stop

    def _comments(self, old: range, new: range) -> Iterator[Edit]:
        """The comments that go from what stands between two statements."""
        texts, others = _comment_texts(self.versions, old, new)
        for gone, _ in differences(texts, others):
            lines = [old[i] for i in gone if texts[i].startswith("#")]
            for _, run in groupby(enumerate(lines), lambda pair: pair[1] - pair[0]):
                rows = [line for _, line in run]
                yield Edit(Part.COMMENTS, range(rows[0], rows[-1] + 1), range(0), self.scope)

    def _with_comments(self, edit: Edit, gap: range, other_gap: range) -> Edit:
        """An edit with the comments that are new right above it."""
        texts, others = _comment_texts(self.versions, gap, other_gap)
        pairs = differences(texts, others)
        added = pairs[-1][1] if pairs else range(0)
        if not added or added.stop != len(others) or not edit.old:
            return edit
        start = next((other_gap[i] for i in added if others[i].startswith("#")), other_gap.stop)
        if start == other_gap.stop:
            return edit
        if edit.part is Part.STATEMENTS and edit.new.start == other_gap.stop:
            return replace(edit, new=range(start, edit.new.stop), pieces=(edit,))
        return edit

    def _changed(self, old: Sequence[Row], new: Sequence[Row], around: Around) -> Edit | None:
        """The edit of statements into others; None where they are equal."""
        one, two = self.versions.old, self.versions.new
        lines, others = lines_of(old), lines_of(new)
        if one.lines[lines.start : lines.stop] == two.lines[others.start : others.stop]:
            return None
        edit = Edit(Part.STATEMENTS, lines, others, self.scope, (*old,), (*new,), **around)
        if len(old) == len(new) == 1 and _same_clauses(old[0], new[0]):
            return replace(edit, inner=tuple(self._inside(old[0], new[0])))
        return edit

    def _inside(self, old: Row, new: Row) -> Iterator[Edit]:
        """The edits of the headers of a compound statement, and of what is in its blocks."""
        name = getattr(old.node, "name", "") if old.is_definition else ""
        scope = f"{self.scope}.{name}".strip(".") if name else self.scope
        one, two = self.versions.old, self.versions.new
        for mine, other in zip(old.clauses, new.clauses, strict=True):
            if one.quote(mine.header) != two.quote(other.header):
                yield Edit(Part.HEADER, mine.header, other.header, self.scope, (old,), (new,))
            lines, others = (range(e.header.stop, e.end) for e in (mine, other))
            yield from _Block(self.versions, scope, lines, others).edits(mine.rows, other.rows)


def _first(groups: Sequence[_Group]) -> Neighbours:
    """The statements below a group: the first of those that follow, in each version."""
    olds = (group[0][0] for group in groups if group[0])
    news = (group[1][0] for group in groups if group[1])
    return Neighbours(next(olds, None), next(news, None))


def _comment_texts(versions: Versions, old: range, new: range) -> tuple[list[str], list[str]]:
    texts = [versions.old.texts[i].strip() for i in old if i < versions.old.size]
    return texts, [versions.new.texts[i].strip() for i in new if i < versions.new.size]


def _same_clauses(old: Row, new: Row) -> bool:
    words = [[clause.word for clause in row.clauses] for row in (old, new)]
    same_name = getattr(old.node, "name", "") == getattr(new.node, "name", "")
    return bool(words[0]) and words[0] == words[1] and same_name


def _groups(old: Sequence[Row], new: Sequence[Row], versions: Versions) -> Iterator[_Group]:
    """The statements of a block in groups: one of each version that go together, or the rest."""
    keys = [[_key(row, versions.old) for row in old], [_key(row, versions.new) for row in new]]
    one, two = 0, 0
    for gone, come in differences(keys[0], keys[1]):
        yield from (([a], [b]) for a, b in zip(old[one : gone.start], new[two:], strict=False))
        yield from _alike(old[gone.start : gone.stop], new[come.start : come.stop], versions)
        one, two = gone.stop, come.stop
    yield from (([a], [b]) for a, b in zip(old[one:], new[two:], strict=True))


def _key(row: Row, source: Source) -> str:
    return source.quote(row.lines)


def _alike(old: Sequence[Row], new: Sequence[Row], versions: Versions) -> Iterator[_Group]:
    """Statements of which none is equal: those that are alike, in order, and what is between."""
    one, two = 0, 0
    for a, b in (*_pairs(old, new, versions), (len(old), len(new))):
        if one < a or two < b:
            yield old[one:a], new[two:b]
        if a < len(old):
            yield [old[a]], [new[b]]
        one, two = a + 1, b + 1


def _pairs(old: Sequence[Row], new: Sequence[Row], versions: Versions) -> list[tuple[int, int]]:
    """The indices of statements that are alike, in the same order in both, the most alike ones."""
    if not old or not new or len(old) * len(new) > _MOST:
        return []
    best = [[(0.0, 0)] * (len(new) + 1) for _ in range(len(old) + 1)]
    for a in reversed(range(len(old))):
        for b in reversed(range(len(new))):
            like = likeness(old[a], versions.old, new[b], versions.new)
            choices = [(best[a + 1][b][0], 1), (best[a][b + 1][0], 2)]
            if like >= ALIKE:
                choices.append((like + best[a + 1][b + 1][0], 3))
            best[a][b] = max(choices)
    found, a, b = list[tuple[int, int]](), 0, 0
    while a < len(old) and b < len(new):
        step = best[a][b][1]
        if step == 3:
            found.append((a, b))
        a, b = a + (step != 2), b + (step != 1)
    return found
