"""The tests of `if` statements: alone, among further clauses of an `and`, or inverted."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from patcher.code.bindings import mentioned
from patcher.code.equivalence import equivalent, opposite
from patcher.code.rewriting import rewritten


def matches_test(wanted: cst.BaseExpression, test: cst.BaseExpression) -> bool:
    """Whether a test is the wanted one, perhaps among further clauses of an `and`.

    Not where a further clause is about the same names: what both mean together is unknown.
    """
    found, clauses = list(_clauses(test)), list(_clauses(wanted))
    ours = [each for each in found if any(equivalent(clause, each) for clause in clauses)]
    if len(ours) != len(clauses) or not all(any(equivalent(c, o) for o in ours) for c in clauses):
        return False
    names = mentioned(wanted)
    return not any(mentioned(each) & names for each in found if each not in ours)


def is_inverted(wanted: cst.BaseExpression, node: cst.If) -> bool:
    """Whether an `if` tests the opposite and has an `else`."""
    return isinstance(node.orelse, cst.Else) and opposite(wanted, node.test)


def rewrite_test(
    before: cst.BaseExpression, after: cst.BaseExpression, test: cst.BaseExpression
) -> cst.BaseExpression:
    """The test with `after` in the place of `before`; its further clauses stay."""
    if equivalent(before, test):
        return rewritten(before, after, test)
    olds, news = list(_clauses(before)), list(_clauses(after))
    for old, new in zip(olds, [after] if len(olds) == 1 else news, strict=True):
        (found,) = (each for each in _clauses(test) if equivalent(old, each))
        test = test.deep_replace(found, rewritten(old, new, found))
    return test


def negated(test: cst.BaseExpression) -> cst.BaseExpression:
    """The test that is true where this one is false."""
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        return test.expression
    return cst.UnaryOperation(cst.Not(), test)


def _clauses(test: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    if isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And):
        yield from _clauses(test.left)
        yield from _clauses(test.right)
    else:
        yield test
