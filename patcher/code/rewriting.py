"""Code with another meaning and, as far as possible, its old layout."""

from collections.abc import Iterator
from typing import TypeVar, cast

import libcst as cst

from patcher.code.bindings import mentioned
from patcher.code.equivalence import equivalent, meaningful, parameters, slots
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
    """Whether a test is the wanted one, perhaps among further clauses of an `and`.

    Not where a further clause is about the same names: what both mean together is unknown.
    """
    found, clauses = list(_clauses(test)), list(_clauses(wanted))
    ours = [each for each in found if any(equivalent(clause, each) for clause in clauses)]
    if len(ours) != len(clauses) or not all(any(equivalent(c, o) for o in ours) for c in clauses):
        return False
    names = mentioned(wanted)
    return not any(mentioned(each) & names for each in found if each not in ours)


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


def _clauses(test: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    if isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And):
        yield from _clauses(test.left)
        yield from _clauses(test.right)
    else:
        yield test
