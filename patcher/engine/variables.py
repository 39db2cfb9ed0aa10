"""Variables that an edit no longer sets, or not in every case, though other lines read them."""

from collections.abc import Iterable, Iterator, Sequence, Set

import libcst as cst

from patcher.code.bindings import assigned, bound_by, declared, parameters_of, reads
from patcher.code.changes import Change, Rewrite, Splice
from patcher.code.equivalence import equivalent, leaves, statements_of
from patcher.code.outline import Line, Outline, Suite
from patcher.edits.base import Match


def unset_variable(matches: Iterable[Match], outline: Outline) -> str:
    """A variable that its function reads though edits no longer set it in every case; or ""."""
    changes = (change for match in matches for change in match.replacement or ())
    return min((name for change in changes for name in _unset(change, outline)), default="")


def _unset(change: Change, outline: Outline) -> Set[str]:
    match change:
        case Rewrite(line, node):
            lines, new = [line], [node]
        case Splice(run, nodes):
            lines, new = list(run), list(nodes)
        case _:
            return frozenset()
    scope, old = lines[0].suite.scope, [line.node for line in lines]
    always, still = _always_set(old), _always_set(new)
    lost = always - still
    perhaps = assigned(old) - always - still if _is_retested(old, new) else set[str]()
    if not scope or not (lost or perhaps):
        return frozenset()
    every = list(_lines_of(scope, outline))
    others = [each for each in every if not _is_part_of(each, lines)]
    own = [each.node for each in others if each.suite.scope == scope]
    bound = parameters_of(scope, outline).union(*map(bound_by, own), *map(declared, own))
    lost -= set().union(*map(declared, own))
    start = next(i for i, each in enumerate(every) if lines[0] in each.chain())
    behind = [each for each in every[start:] if each in others]
    return lost & _read_by(others) | (perhaps - bound) & _read_by(behind)


def _read_by(lines: Iterable[Line]) -> set[str]:
    return {name for line in lines for name in reads(line.node, of_line=True)}


def _is_retested(old: Sequence[cst.CSTNode], new: Sequence[cst.CSTNode]) -> bool:
    """Whether one `if` becomes one with another test."""
    match old, new:
        case [cst.If(test=one)], [cst.If(test=two)]:
            return not equivalent(one, two)
    return False


def _lines_of(scope: str, outline: Outline) -> Iterator[Line]:
    """The lines of a function and of those inside it, from the top."""
    for suite in outline.within(scope):
        if suite.owner and suite.owner.suite.scope != scope:
            yield from _in_order(suite)


def _in_order(suite: Suite) -> Iterator[Line]:
    for line in suite.lines:
        yield line
        for inner in (each for part in line.chain() for each in part.suites):
            yield from _in_order(inner)


def _is_part_of(line: Line, lines: Sequence[Line]) -> bool:
    """Whether a line is one of some lines, or stands in a block of one."""
    chains = [each for line in lines for each in line.chain()]
    return line in chains or any(owner in chains for owner in line.suite.owners())


def _always_set(nodes: Iterable[cst.CSTNode]) -> set[str]:
    """The variables that statements set, whichever way they go."""
    found = set[str]()
    for node in nodes:
        if isinstance(node, cst.BaseCompoundStatement):
            found |= _set_in_blocks(node)
        if not isinstance(node, cst.If | cst.For | cst.Try | cst.While):
            found |= bound_by(node)
    return found


def _set_in_blocks(node: cst.CSTNode) -> set[str]:
    """The variables that the blocks of a statement set, whichever of them runs."""
    match node:
        case cst.With(body=body):
            return _always_set(statements_of(body))
        case cst.If(body=body, orelse=cst.Else(body=other)):
            blocks = [statements_of(each) for each in (body, other)]
        case cst.If(body=body, orelse=cst.If() as other):
            blocks = [statements_of(body), [other]]
        case _:
            return set()
    going_on = [_always_set(block) for block in blocks if not leaves(block[-1])]
    return set.intersection(*going_on) if going_on else set()
