"""Changes of an outline, as values: a match carries them, and the fold makes them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import libcst as cst

from patcher.code.outline import Line, Statement, Suite


class Rewrite(NamedTuple):
    """Another statement for a line; the blocks that the old one had and the new one has stay."""

    line: Line
    node: Statement


class Splice(NamedTuple):
    """Statements in the place of consecutive lines; none where the lines are removed."""

    lines: Sequence[Line]
    nodes: Sequence[Statement] = ()


class Insertion(NamedTuple):
    """A statement behind a line of a block; None is the head of the block."""

    suite: Suite
    anchor: Line | None
    node: Statement


class Footer(NamedTuple):
    """Other blank lines and comments behind the last statement of a block."""

    suite: Suite
    lines: Sequence[cst.EmptyLine]


Change = Rewrite | Splice | Insertion | Footer


def make(changes: Iterable[Sequence[Change]]) -> list[Line | None]:
    """Make the changes of each match, in order; gives for each the line that stands there then.

    What is inserted behind the same line stands in the order in which it comes. None stands for
    a match that leaves no line.
    """
    tails: dict[int, Line] = {}
    made = ([_make(change, tails) for change in each] for each in changes)
    return [next(filter(None, reversed(lines)), None) for lines in made]


def _make(change: Change, tails: dict[int, Line]) -> Line | None:
    match change:
        case Rewrite(line, node):
            line.node = node
            return line
        case Splice(lines, nodes) if nodes:
            return _replace(lines, nodes)
        case Splice(lines):
            for line in lines:
                _remove(line)
        case Insertion(suite, anchor, node):
            behind = tails.get(id(anchor or suite), anchor)
            line = Line(node, suite, (behind or suite.lines[0]).origin)
            suite.lines.insert(suite.lines.index(behind) + 1 if behind else 0, line)
            tails[id(anchor or suite)] = line
            return line
        case Footer(suite, empty_lines):
            suite.footer = list(empty_lines)
    return None


def _replace(lines: Sequence[Line], nodes: Sequence[Statement]) -> Line:
    first = lines[0]
    index = first.suite.lines.index(first)
    new = [Line(node, first.suite, first.origin) for node in nodes]
    first.suite.lines[index : index + len(lines)] = new
    return new[0]


def _remove(line: Line) -> None:
    """Take a line out of its block; the blank lines and comments above it stay."""
    suite = line.suite
    index = suite.lines.index(line)
    leading = list(line.node.leading_lines)
    if len(suite.lines) == 1 and suite.owner:
        _replace([line], [cst.SimpleStatementLine([cst.Pass()], leading_lines=leading)])
        return
    del suite.lines[index]
    if index < len(suite.lines):
        follower = suite.lines[index]
        leading.extend(follower.node.leading_lines)
        follower.node = follower.node.with_changes(leading_lines=leading)
    else:
        suite.footer[:0] = leading
