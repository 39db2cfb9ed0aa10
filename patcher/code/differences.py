"""Where code differs from a pattern: the smallest part, and what is expected in its place."""

from collections.abc import Iterator, Sequence
from itertools import takewhile, zip_longest
from typing import Any, NamedTuple

import libcst as cst

from patcher.code import quotes
from patcher.code.equivalence import (
    dotted,
    equivalent,
    meaningful,
    parameters,
    slots,
    statements_of,
)
from patcher.code.flags import flag_name
from patcher.errors.visible import visible

_SUITES = (cst.IndentedBlock, cst.SimpleStatementSuite)
_CLAUSES = (cst.ExceptHandler, cst.Else, cst.Finally)
# What has parts of which one can differ from its counterpart whatever the others do.
_ROWS = (cst.SimpleStatementLine, cst.BaseCompoundStatement, *_SUITES, *_CLAUSES)
# What a printed module knows the place of, with the rows.
_POINTED = (
    *_ROWS, cst.BaseExpression, cst.BaseSmallStatement, cst.Arg, cst.Param, cst.ImportAlias,
    cst.Element, cst.DictElement, cst.AssignTarget, cst.BaseCompOp, cst.BaseBinaryOp,
    cst.BaseBooleanOp, cst.BaseUnaryOp,
)  # fmt: skip
# What may hold parts that its counterpart lacks.
_OPEN = (*_ROWS, cst.Call, cst.Import, cst.ImportFrom, cst.Parameters)
_LONGEST = 80  # quoted code, in characters
_Pair = tuple[Any, Any]


class Difference(NamedTuple):
    """The part to point at, and what was found and expected there, in words."""

    place: cst.CSTNode
    words: str


def difference(
    pattern: cst.CSTNode, other: cst.CSTNode, *, in_blocks: bool = True
) -> Difference | None:
    """The smallest part in which code differs from a pattern; None where it means the same.

    Without `in_blocks`, the blocks of a compound statement may hold anything.
    """
    if in_blocks and equivalent(pattern, other):
        return None
    if not _is_alike(pattern, other):
        return _of_pair(pattern, other, other)
    return _inside(pattern, other, other, in_blocks)


def _inside(
    pattern: cst.CSTNode, other: cst.CSTNode, around: cst.CSTNode, in_blocks: bool = True
) -> Difference | None:
    """The difference in the parts of two nodes of one kind; their own where there are several."""
    place = other if isinstance(other, _POINTED) else around
    pairs = [(p, o) for p, o in _parts(pattern, other, in_blocks) if not _same(p, o)]
    if not pairs:
        return _of_pair(pattern, other, place) if in_blocks else None
    if len(pairs) > 1 and not _differs_by_part(pattern, other):
        return _of_pair(pattern, other, place)
    one, two = pairs[0]
    is_open = isinstance(pattern, _OPEN) and not isinstance(one or two, cst.Dot)
    lacks_part = None in (one, two) and not is_open
    are_nodes = all(each is None or isinstance(each, cst.CSTNode) for each in (one, two))
    if not are_nodes or lacks_part:
        return _of_pair(pattern, other, place)
    if one is None or two is None or not _is_alike(one, two):
        return _of_pair(one, two, two if isinstance(two, _POINTED) else place)
    return _inside(one, two, place)


def _differs_by_part(pattern: cst.CSTNode, other: cst.CSTNode) -> bool:
    """Whether the first of several parts that differ says enough."""
    if isinstance(pattern, cst.Call) and isinstance(other, cst.Call):
        return equivalent(pattern.func, other.func)
    return isinstance(pattern, _ROWS)


def _same(one: Any, two: Any) -> bool:
    return one is two or (one is not None and two is not None and equivalent(one, two))


def _is_alike(one: Any, two: Any) -> bool:
    if isinstance(one, cst.Attribute) and isinstance(two, cst.Attribute):
        return not all(map(_is_name, (one, two)))  # which are shown whole
    return type(one) is type(two) or (isinstance(one, _SUITES) and isinstance(two, _SUITES))


def _is_name(node: cst.Attribute) -> bool:
    return all(dotted(node).split("."))


def _parts(pattern: Any, other: Any, in_blocks: bool) -> Iterator[_Pair]:
    """The parts of two nodes of one kind, each with its counterpart, or None for lack of one."""
    if isinstance(pattern, _SUITES):
        yield from _aligned(statements_of(pattern), statements_of(other))
        return
    kind: Any = type(pattern)
    for name in meaningful(kind):
        one, two = getattr(pattern, name), getattr(other, name)
        if not in_blocks and _is_block(pattern, name):
            continue
        if name == "args" and isinstance(pattern, cst.Call):
            yield from _arguments(pattern, other)
        elif not (isinstance(one, list | tuple) and isinstance(two, list | tuple)):
            yield one, two
        elif isinstance(next(iter(one), None), cst.ImportAlias):
            lacking = [each for each in one if not any(equivalent(each, e) for e in two)]
            extra = [each for each in two if not any(equivalent(e, each) for e in one)]
            yield from zip_longest(lacking, extra[: len(lacking)])
        else:
            yield from _aligned(one, two)


def _is_block(node: cst.CSTNode, name: str) -> bool:
    names = ("body", "handlers", "orelse", "finalbody")
    return isinstance(node, cst.BaseCompoundStatement) and name in names


def _arguments(pattern: cst.Call, other: cst.Call) -> Iterator[_Pair]:
    """The arguments of two calls, by the parameters that they are for."""
    more = bool(pattern.args) and isinstance(pattern.args[-1].value, cst.Ellipsis)
    defines_flag = bool(flag_name(pattern))
    words = ("name", "default") if defines_flag else parameters(pattern)
    wanted = dict(slots(pattern.args[:-1] if more else pattern.args, words))
    found = dict(slots(other.args, words))
    for place in {**wanted, **({} if more else found)}:
        if not defines_flag or place in words:  # whose help text may differ
            one, two = wanted.get(place), found.get(place)
            yield (one.value, two.value) if one and two and one.star == two.star else (one, two)


def _aligned(one: Sequence[Any], two: Sequence[Any]) -> Iterator[_Pair]:
    """The items of two sequences in pairs, from where they start to differ to where they end to."""
    start = len(list(takewhile(lambda pair: _same(*pair), zip(one, two, strict=False))))
    one, two = one[start:], two[start:]
    pairs = zip(reversed(one), reversed(two), strict=False)
    end = len(list(takewhile(lambda pair: _same(*pair), pairs)))
    yield from zip_longest(one[: len(one) - end], two[: len(two) - end])


def _of_pair(one: Any, two: Any, place: cst.CSTNode) -> Difference:
    """A difference in words, of what is expected and what is there; None for nothing."""
    wanted, found = (shown(each) if each is not None else "" for each in (one, two))
    if wanted and found:
        words = f"found `{found}`, expected `{wanted}`"
        if wanted == found:
            words = f"`{found}` is laid out or nested in another way"
    else:
        words = f"lacks `{wanted}`" if wanted else f"has `{found}` as well"
    return Difference(place, words)


def shown(node: cst.CSTNode) -> str:
    """A part's code on one line, of a block its header, cut where it is long."""
    if isinstance(node, _CLAUSES):
        hollow = node.with_changes(body=cst.SimpleStatementSuite([cst.Pass()]))
        text = quotes.code(hollow).partition(": pass")[0] + ":"
    elif isinstance(node, _SUITES):
        text = quotes.header(node.body[0])
    else:
        bare = (
            node.with_changes(comma=cst.MaybeSentinel.DEFAULT) if hasattr(node, "comma") else node
        )
        text = quotes.header(bare)
    return cut(text)


def cut(text: str) -> str:
    """A text without its end where it is long, its control characters as escapes."""
    text = visible(text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3].rstrip()}..."
