"""Arguments or imported names: some removed, some added, the layout kept."""

from collections.abc import Sequence
from typing import TypeGuard, TypeVar, cast

import libcst as cst

_N = TypeVar("_N", cst.Arg, cst.ImportAlias)
Comma = cst.Comma | cst.MaybeSentinel
Space = cst.BaseParenthesizableWhitespace


def rearranged(
    old: Sequence[_N],
    new: Sequence[_N],
    opening: Space | None = None,
    tail: Space | None = None,
    separator: Comma = cst.MaybeSentinel.DEFAULT,
) -> tuple[list[_N], Space | None]:
    """`new`, with commas laid out as `old` has them, and the white space to close the row with.

    A comment stays with its item.

    Args:
        old: The row as it stands.
        new: The row as it is to be; items of `old` in it are the very same nodes.
        opening: The white space behind the bracket that opens the row.
        tail: The white space in front of the bracket that closes it.
        separator: The comma to use where the row is on one line.
    """
    if not old:
        return list(new), tail
    between, closing = _between(old, opening, separator), old[-1].comma
    row = []
    for item in new:
        own: Comma | None = item.comma if item in old else None
        if item is old[-1] and item is not new[-1] and _has_comment(tail):
            own = cst.Comma(whitespace_after=tail)
            tail = tail.with_changes(first_line=cst.TrailingWhitespace())
        if item is new[-1]:
            comma = closing if item is old[-1] else _commented(closing, own)
        else:
            moved = own is None or item is old[-1]
            comma = _commented(between, own) if moved else item.comma
        row.append(item.with_changes(comma=comma))
    return row, tail


def _between(old: Sequence[_N], opening: Space | None, separator: Comma) -> cst.Comma:
    broken = [item.comma for item in old[:-1] if _break(item.comma)]
    if broken:
        return cast(cst.Comma, broken[-1])
    if isinstance(opening, cst.ParenthesizedWhitespace):
        return cst.Comma(whitespace_after=opening.with_changes(empty_lines=()))
    if isinstance(separator, cst.Comma):
        return separator
    return cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def _break(comma: Comma | None) -> cst.ParenthesizedWhitespace | None:
    """The line break behind a comma."""
    after = comma.whitespace_after if isinstance(comma, cst.Comma) else None
    return after if isinstance(after, cst.ParenthesizedWhitespace) else None


def _has_comment(space: Space | None) -> TypeGuard[cst.ParenthesizedWhitespace]:
    return isinstance(space, cst.ParenthesizedWhitespace) and bool(space.first_line.comment)


def _commented(comma: Comma, own: Comma | None) -> Comma:
    """`comma` with the comment behind `own` in the place of its own."""
    line_break, mine = _break(comma), _break(own)
    if not line_break:
        return comma
    first = mine.first_line if _has_comment(mine) else cst.TrailingWhitespace()
    return cst.Comma(whitespace_after=line_break.with_changes(first_line=first, empty_lines=()))
