"""An edit of a file, as two versions of it show it: lines of one, and what the other has there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from patcher.drafting.from_port.statements import Row, Source

_LONG = 40  # lines, above which edits are not joined


class Part(Enum):
    """What an edit is about."""

    STATEMENTS = "statements"
    HEADER = "header"
    COMMENTS = "comments"


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """The statements next to an edit in its block, None for none: in the old file, in the new."""

    old: Row | None = None
    new: Row | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """Lines of the old file, and what stands in their place in the new one.

    Attributes:
        part: What it is about.
        old: The lines of the old file; an empty range where some are added.
        new: The lines of the new file.
        scope: Dotted name of the class or function around them; "" at module level.
        before: The statements of the old file that it changes; of a header, that of the block.
        after: What they are in the new file.
        above: The statements above it.
        below: The statements below it.
        block: All statements of its block, in each version.
        inner: The edits inside of the statement, where that is in both files; the edit itself is
            made only where one of these cannot be.
        pieces: The edits that it consists of, made only where it cannot be made as one.
    """

    part: Part
    old: range
    new: range
    scope: str
    before: tuple[Row, ...] = ()
    after: tuple[Row, ...] = ()
    above: Neighbours = field(default_factory=Neighbours)
    below: Neighbours = field(default_factory=Neighbours)
    block: tuple[Sequence[Row], Sequence[Row]] = field(default=((), ()), repr=False)
    inner: tuple[Edit, ...] = ()
    pieces: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Versions:
    """The two versions of a file."""

    path: str
    old: Source
    new: Source

    def before(self, edit: Edit) -> str:
        """What an edit's lines are in the old file, as a quote."""
        return self.old.quote(edit.old)

    def after(self, edit: Edit) -> str:
        """What an edit's lines are in the new file, as a quote."""
        return self.new.quote(edit.new)


def joined(one: Edit, other: Edit) -> Edit | None:
    """Two edits of a block as one, with the statements between them; None where that is long."""
    if not one.part is other.part is Part.STATEMENTS or one.block != other.block:
        return None
    ranges = range(one.old.start, other.old.stop), range(one.new.start, other.new.stop)
    old, new = (
        tuple(row for row in rows if lines.start <= row.lines.start < lines.stop)
        for rows, lines in zip(one.block, ranges, strict=True)
    )
    if not old or not new or max(len(lines_of(old)), len(lines_of(new))) > _LONG:
        return None
    return replace(
        one, old=lines_of(old), new=lines_of(new), before=old, after=new, below=other.below,
        inner=(), pieces=(),
    )  # fmt: skip


def lines_of(rows: Sequence[Row]) -> range:
    """The lines of consecutive statements."""
    return range(rows[0].lines.start, rows[-1].lines.stop)
