"""What the test of an `if` asks: alone, among further clauses, or turned round."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from patcher.code.equivalence import opposite, same, walk
from patcher.code.rewriting import rewritten


def asks(wanted: cst.BaseExpression, test: cst.BaseExpression) -> bool:
    """Whether a test asks what is wanted, perhaps among further clauses of an `and`.

    A further clause on the same things is not taken for one beside it: what is meant by both
    together cannot be told.
    """
    found, clauses = list(_clauses(test)), list(_clauses(wanted))
    ours = [each for each in found if any(same(clause, each) for clause in clauses)]
    if len(ours) != len(clauses) or not all(any(same(c, o) for o in ours) for c in clauses):
        return False
    names = _names(wanted)
    return not any(_names(each) & names for each in found if each not in ours)


def turned(wanted: cst.BaseExpression, node: cst.If) -> bool:
    """Whether an `if` asks the opposite, and has an `else` for what is wanted."""
    return isinstance(node.orelse, cst.Else) and opposite(wanted, node.test)


def asked(
    before: cst.BaseExpression, after: cst.BaseExpression, test: cst.BaseExpression
) -> cst.BaseExpression:
    """A test that asks `before`, made to ask `after`; its further clauses stay."""
    if same(before, test):
        return rewritten(before, after, test)
    olds, news = list(_clauses(before)), list(_clauses(after))
    for old, new in zip(olds, [after] if len(olds) == 1 else news, strict=True):
        (found,) = (each for each in _clauses(test) if same(old, each))
        test = test.deep_replace(found, rewritten(old, new, found))
    return test


def negated(test: cst.BaseExpression) -> cst.BaseExpression:
    """The test that holds where this one does not."""
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        return test.expression
    return cst.UnaryOperation(cst.Not(), test)


def _clauses(test: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    if isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And):
        yield from _clauses(test.left)
        yield from _clauses(test.right)
    else:
        yield test


def _names(node: cst.CSTNode) -> set[str]:
    return {part.value for part in walk(node) if isinstance(part, cst.Name)} - {"None"}
