"""Code with another meaning and, as far as possible, its old layout."""

from collections.abc import Callable, Mapping
from typing import TypeVar, cast

import libcst as cst

from patcher.code.equivalence import (
    equivalent,
    in_brackets,
    meaningful,
    negated,
    opposite,
    parameters,
    slots,
)
from patcher.code.sequences import rearranged

_N = TypeVar("_N", bound=cst.CSTNode)
_NO_SPACE = cst.SimpleWhitespace("")


def rewritten(before: cst.CSTNode, after: cst.CSTNode, node: _N) -> _N:
    """`node`, which means `before`, made to mean `after`.

    Only what differs between the two is replaced; the rest keeps the layout it has in `node`.
    """
    if equivalent(before, after):
        return node
    if not type(before) is type(after) is type(node) or _is_arranged_otherwise(before, node):
        return cast(_N, _in_brackets_of(node, after))
    if isinstance(node, cst.Call):
        return cast(_N, _call(cast(cst.Call, before), cast(cst.Call, after), node))
    changes: dict[str, object] = {}
    for name in meaningful(type(node)):
        old, new, own = (getattr(part, name) for part in (before, after, node))
        rows = all(isinstance(part, list | tuple) for part in (old, new, own))
        if rows and len(old) == len(new) == len(own):
            changes[name] = [rewritten(*parts) for parts in zip(old, new, own, strict=True)]
        elif all(isinstance(part, cst.CSTNode) for part in (old, new, own)):
            changes[name] = rewritten(old, new, own)
        elif not equivalent(old, new):
            changes[name] = new
    try:
        return node.with_changes(**changes)
    except cst.CSTValidationError:  # a bracket went that had stood in for a space
        return cast(_N, _in_brackets_of(node, after))


def _is_arranged_otherwise(before: cst.CSTNode, node: cst.CSTNode) -> bool:
    """Whether two equivalent nodes have their parts in different places."""
    if isinstance(before, cst.Comparison):
        return not equivalent(before.left, cst.ensure_type(node, cst.Comparison).left)
    if isinstance(before, cst.IfExp):
        return not equivalent(before.test, cst.ensure_type(node, cst.IfExp).test)
    return isinstance(node, cst.SimpleString)


def _in_brackets_of(node: cst.CSTNode, after: cst.CSTNode) -> cst.CSTNode:
    if not isinstance(node, cst.BaseExpression) or not isinstance(after, cst.BaseExpression):
        return after
    return after if after.lpar else after.with_changes(lpar=node.lpar, rpar=node.rpar)


def _call(before: cst.Call, after: cst.Call, node: cst.Call) -> cst.Call:
    """A call with its arguments paired by keyword, else by position."""
    words = parameters(before)
    old, wanted = (dict(slots(call.args, words)) for call in (before, after))
    added = [arg for place, arg in wanted.items() if place not in old]
    func = rewritten(before.func, after.func, node.func)
    if len(after.args) != len(before.args) + len(added):
        return node.with_changes(func=func, args=after.args)
    row = [
        arg.with_changes(value=rewritten(old[place].value, wanted[place].value, arg.value))
        for place, arg in slots(node.args, words)
    ]
    if added:
        separator = after.args[-len(added) - 1].comma if before.args else added[0].comma
        tail = row[-1].whitespace_after_arg if row else None
        bare = [*row[:-1], *(arg.with_changes(whitespace_after_arg=_NO_SPACE) for arg in row[-1:])]
        row, tail = rearranged(bare, [*bare, *added], node.whitespace_before_args, tail, separator)
        row[-1] = row[-1].with_changes(whitespace_after_arg=tail or _NO_SPACE)
    return node.with_changes(func=func, args=row)


def matches_test(wanted: cst.BaseExpression, test: cst.BaseExpression) -> bool:
    """Whether a test is the wanted one, perhaps among further clauses of an `and`."""
    return _clauses_of(wanted, test, equivalent, cst.And) is not None


def denies_test(wanted: cst.BaseExpression, test: cst.BaseExpression) -> bool:
    """Whether a test is the opposite of the wanted one, perhaps with more clauses of an `or`."""
    return opposite(wanted, test) or _clauses_of(wanted, test, opposite, cst.Or) is not None


def rewrite_test(
    before: cst.BaseExpression, after: cst.BaseExpression, test: cst.BaseExpression
) -> cst.BaseExpression:
    """The test with `after` in the place of `before`, or of its opposite; further clauses stay."""
    if equivalent(before, test):
        return rewritten(before, after, test)
    if opposite(before, test):
        return rewritten(negated(before), negated(after), test)
    found, denied = _clauses_of(before, test, equivalent, cst.And), False
    if found is None:
        found, denied = _clauses_of(before, test, opposite, cst.Or), True
    assert found is not None
    olds, news = _clauses(before, cst.And), _clauses(after, cst.And)
    if len(found) == 1:
        olds, news = [before], [after]
    elif len(olds) != len(news):  # the whole goes in the place of the first clause
        olds, news = olds[:1], [after]
    new: dict[int, cst.BaseExpression | None] = dict.fromkeys(map(id, found))
    for clause, old, each in zip(found, olds, news, strict=False):
        pair = (negated(old), negated(each)) if denied else (old, each)
        new[id(clause)] = _grouped(rewritten(*pair, clause))
    result = _with_clauses(test, new)
    assert result is not None
    return result


def _with_clauses(
    test: cst.BaseExpression, new: Mapping[int, cst.BaseExpression | None]
) -> cst.BaseExpression | None:
    """A test with other clauses, or none, in the place of some, by their id; None without any."""
    if id(test) in new or not isinstance(test, cst.BooleanOperation):
        return new.get(id(test), test)
    left, right = _with_clauses(test.left, new), _with_clauses(test.right, new)
    if left and right:
        return test.with_changes(left=left, right=right)
    rest = left or right
    if rest is None:
        return None
    lpar, rpar = (*test.lpar, *rest.lpar), (*rest.rpar, *test.rpar)
    return rest.with_changes(lpar=lpar, rpar=rpar)


def _clauses_of(
    wanted: cst.BaseExpression,
    test: cst.BaseExpression,
    match: Callable[[cst.BaseExpression, cst.BaseExpression], bool],
    operator: type[cst.BaseBooleanOp],
) -> list[cst.BaseExpression] | None:
    """The clause of a test that matches the whole of an `and`, or one for each of its clauses.

    These are in the order of the `and`; None where it is not there.
    """
    clauses = _clauses(test, operator)
    for parts in ([wanted], _clauses(wanted, cst.And)):
        pairs = [[each for each in clauses if match(one, each)] for one in parts]
        if all(len(found) == 1 for found in pairs):
            return [found[0] for found in pairs]
    return None


def _clauses(
    test: cst.BaseExpression, operator: type[cst.BaseBooleanOp]
) -> list[cst.BaseExpression]:
    if isinstance(test, cst.BooleanOperation) and isinstance(test.operator, operator):
        return [*_clauses(test.left, operator), *_clauses(test.right, operator)]
    return [test]


def _grouped(clause: cst.BaseExpression) -> cst.BaseExpression:
    """A clause, in brackets where it would be read otherwise without them."""
    loose = isinstance(clause, cst.IfExp | cst.Lambda | cst.NamedExpr) or (
        isinstance(clause, cst.BooleanOperation) and isinstance(clause.operator, cst.Or)
    )
    return in_brackets(clause) if loose else clause
