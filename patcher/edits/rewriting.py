"""Making code mean something else, with as much of its layout as can stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar, cast

import libcst as cst

from patcher.edits.meaning import meaningful, same

_N = TypeVar("_N", bound=cst.CSTNode)


def rewritten(before: cst.CSTNode, after: cst.CSTNode, node: _N) -> _N:
    """`node`, which means `before`, made to mean `after`.

    Only what differs between the two is replaced; the rest keeps the layout it has in `node`.
    """
    if same(before, after):
        return node
    if not type(before) is type(after) is type(node) or isinstance(after, cst.SimpleString):
        return _in_brackets_of(node, cast(_N, after))
    changes: dict[str, object] = {}
    for name in meaningful(type(node)):
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
