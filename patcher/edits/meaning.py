"""What code means, its layout left out: comparing nodes and rewriting one into another.

Layout is everything that a formatter may change: white space, comments, brackets that only
group, trailing commas, quotes, the order of keyword arguments, a block on its own line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import cache
from typing import TypeVar, cast

import libcst as cst

_N = TypeVar("_N", bound=cst.CSTNode)
_Strings = cst.SimpleString | cst.ConcatenatedString
_LAYOUT = {
    "colon", "comma", "dot", "equal", "first_colon", "footer", "header", "indent",
    "lbrace", "lbracket", "leading_lines", "lines_after_decorators", "lpar", "rbrace",
    "rbracket", "rpar", "second_colon", "semicolon", "trailing_whitespace",
}  # fmt: skip


@cache
def _meaningful(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    names = (field.name for field in fields(kind))
    return tuple(n for n in names if n not in _LAYOUT and not n.startswith("whitespace"))


def same(pattern: object, other: object) -> bool:
    """Whether two nodes, or sequences of nodes, mean the same.

    In `pattern`, `...` stands for any one expression, and as a call's last argument for any
    further arguments.
    """
    if isinstance(pattern, cst.Ellipsis):
        return True
    if isinstance(pattern, _Strings) and isinstance(other, _Strings):
        return _string(pattern) == _string(other)
    if isinstance(pattern, cst.BaseSuite) and isinstance(other, cst.BaseSuite):
        return same(flat(pattern), flat(other))
    if isinstance(pattern, list | tuple) and isinstance(other, list | tuple):
        return len(pattern) == len(other) and all(map(same, pattern, other))
    if isinstance(pattern, cst.MaybeSentinel) or isinstance(other, cst.MaybeSentinel):
        return pattern is other
    if not isinstance(pattern, cst.CSTNode):
        return pattern == other
    if type(pattern) is not type(other):
        return False
    if isinstance(pattern, cst.Call) and isinstance(other, cst.Call):
        return same(pattern.func, other.func) and _same_arguments(pattern.args, other.args)
    return all(same(getattr(pattern, n), getattr(other, n)) for n in _meaningful(type(pattern)))


def flat(suite: cst.BaseSuite) -> list[cst.BaseSmallStatement | cst.BaseCompoundStatement]:
    """The statements of a block, several on one line counted each."""
    if isinstance(suite, cst.SimpleStatementSuite):
        return list(suite.body)
    statements: list[cst.BaseSmallStatement | cst.BaseCompoundStatement] = []
    for node in suite.body:
        if isinstance(node, cst.SimpleStatementLine):
            statements.extend(node.body)
        else:
            statements.append(cast(cst.BaseCompoundStatement, node))
    return statements


def _string(node: _Strings) -> object:
    value = node.evaluated_value
    return value if value is not None else cst.Module([]).code_for_node(node)


def _same_arguments(pattern: Sequence[cst.Arg], other: Sequence[cst.Arg]) -> bool:
    if any(arg.star for arg in (*pattern, *other)):
        return len(pattern) == len(other) and all(map(_same_argument, pattern, other))
    wanted, found = _split(pattern), _split(other)
    if wanted[0] and isinstance(wanted[0][-1], cst.Ellipsis):
        return same(wanted[0][:-1], found[0][: len(wanted[0]) - 1])
    return same(wanted[0], found[0]) and (
        wanted[1].keys() == found[1].keys()
        and all(same(value, found[1][name]) for name, value in wanted[1].items())
    )


def _same_argument(pattern: cst.Arg, other: cst.Arg) -> bool:
    return pattern.star == other.star and same(
        (pattern.keyword, pattern.value), (other.keyword, other.value)
    )


def _split(
    args: Sequence[cst.Arg],
) -> tuple[list[cst.BaseExpression], dict[str, cst.BaseExpression]]:
    positional = [arg.value for arg in args if arg.keyword is None]
    return positional, {arg.keyword.value: arg.value for arg in args if arg.keyword}


def walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The node and every meaningful node below it."""
    yield node
    for name in _meaningful(type(node)):
        value = getattr(node, name)
        for part in value if isinstance(value, list | tuple) else (value,):
            if isinstance(part, cst.CSTNode):
                yield from walk(part)


def mentions(node: cst.CSTNode, name: str) -> bool:
    """Whether `name` stands anywhere in the node, as a variable, attribute or keyword."""
    return any(isinstance(part, cst.Name) and part.value == name for part in walk(node))


def rewritten(before: cst.CSTNode, after: cst.CSTNode, node: _N) -> _N:
    """`node`, which means `before`, made to mean `after`.

    Only what differs between the two is replaced; the rest keeps the layout it has in `node`.
    """
    if same(before, after):
        return node
    if not type(before) is type(after) is type(node) or isinstance(after, cst.SimpleString):
        return _in_brackets_of(node, cast(_N, after))
    changes: dict[str, object] = {}
    for name in _meaningful(type(node)):
        old, new, own = (getattr(part, name) for part in (before, after, node))
        if isinstance(own, list | tuple):
            if isinstance(node, cst.Call):
                changes[name] = _arguments(old, new, own)
            elif len(old) == len(new) == len(own):
                changes[name] = [rewritten(*parts) for parts in zip(old, new, own, strict=True)]
            else:
                changes[name] = new
        elif all(isinstance(part, cst.CSTNode) for part in (old, new, own)):
            changes[name] = rewritten(old, new, own)
        elif old != new:
            changes[name] = new
    return node.with_changes(**changes)


def _in_brackets_of(node: cst.CSTNode, after: _N) -> _N:
    if getattr(node, "lpar", ()) and hasattr(after, "lpar") and not after.lpar:
        return after.with_changes(lpar=node.lpar, rpar=node.rpar)  # type: ignore[attr-defined]
    return after


def _arguments(
    before: Sequence[cst.Arg], after: Sequence[cst.Arg], own: Sequence[cst.Arg]
) -> list[cst.Arg]:
    positional = iter([arg for arg in own if arg.keyword is None])
    named = {arg.keyword.value: arg for arg in own if arg.keyword}
    of = {id(b): named[b.keyword.value] if b.keyword else next(positional) for b in before}
    pairs = {_slot(arg, index): arg for index, arg in enumerate(before)}
    added = [arg for index, arg in enumerate(after) if _slot(arg, index) not in pairs]
    if len(after) != len(before) + len(added):
        return list(after)
    new = {id(of[id(b)]): rewritten(b, a, of[id(b)]) for b, a in _paired(pairs, after)}
    return extended([new[id(arg)] for arg in own], added, after[-len(added) - 1].comma)


def _slot(arg: cst.Arg, index: int) -> str | int:
    return arg.keyword.value if arg.keyword else index


def _paired(
    pairs: dict[str | int, cst.Arg], after: Sequence[cst.Arg]
) -> Iterator[tuple[cst.Arg, cst.Arg]]:
    for index, arg in enumerate(after):
        if _slot(arg, index) in pairs:
            yield pairs[_slot(arg, index)], arg


def extended(
    items: Sequence[_N], added: Sequence[_N], separator: cst.Comma | cst.MaybeSentinel
) -> list[_N]:
    """`items` with `added` behind them, commas laid out as `items` has them.

    Args:
        items: Arguments or imported names, as they stand.
        added: More of them.
        separator: The comma to put between, where `items` shows none of its own.
    """
    if not added:
        return list(items)
    commas = [item.comma for item in items]  # type: ignore[attr-defined]
    broken = [c for c in commas[:-1] if isinstance(c, cst.Comma) and _breaks(c)]
    between = broken[-1] if broken else separator
    if not isinstance(between, cst.Comma):
        between = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    last = commas[-1] if commas else cst.MaybeSentinel.DEFAULT
    row = [*items[:-1], *(item.with_changes(comma=between) for item in (*items[-1:], *added))]
    return [*row[:-1], row[-1].with_changes(comma=last)]


def _breaks(comma: cst.Comma) -> bool:
    return isinstance(comma.whitespace_after, cst.ParenthesizedWhitespace)
