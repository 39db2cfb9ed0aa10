"""Comparisons and conditions of Python: sequences item by item, each of which is a step."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from itertools import zip_longest
from typing import Any

from patcher.checks.limits import DEPTH, Meter
from patcher.checks.operators import Number, kind_of
from patcher.checks.refusals import Excess, Refusal

_SEQUENCES = (list, tuple)
# What has no surprise in store when it is compared.
_PLAIN = (type(None), bool, int, float, str, list, tuple, range)
_ORDER: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def truth(value: object) -> bool:
    """Whether a value counts as true."""
    if value is None or isinstance(value, Number | str | list | tuple | range):
        return bool(value)
    raise Refusal(f"uses {kind_of(value)} as a condition")


def compare(kind: ast.cmpop, one: object, two: object, meter: Meter) -> bool:
    """What a comparison of two values says."""
    if isinstance(kind, ast.Is | ast.IsNot):
        if not any(each is None or isinstance(each, bool) for each in (one, two)):
            raise Refusal("uses `is` on values that are neither None nor truth values")
        return (one is two) is isinstance(kind, ast.Is)
    if isinstance(kind, ast.In | ast.NotIn):
        return _contains(two, one, meter) is isinstance(kind, ast.In)
    if isinstance(kind, ast.Eq | ast.NotEq):
        return equal(one, two, meter) is isinstance(kind, ast.Eq)
    return _ordered(_ORDER[type(kind)], one, two, meter)


def less(one: object, two: object, meter: Meter) -> bool:
    """Whether a value comes before another."""
    return _ordered(operator.lt, one, two, meter)


def equal(one: object, two: object, meter: Meter, depth: int = 0) -> bool:
    """Whether two values are equal; sequences are compared item by item."""
    meter.step()
    if depth > DEPTH:
        raise Excess("compares sequences that are nested too deeply")
    if one is None or two is None:
        return one is two
    for kind in (Number, str, range):
        if isinstance(one, kind) and isinstance(two, _PLAIN):
            return one == two
    if isinstance(one, _SEQUENCES) and isinstance(two, _PLAIN):
        return (
            isinstance(two, list if isinstance(one, list) else tuple)
            and len(one) == len(two)
            and all(_same(a, b, meter, depth + 1) for a, b in zip(one, two, strict=True))
        )
    raise Refusal(f"compares {kind_of(one)} with {kind_of(two)}")


def _same(one: object, two: object, meter: Meter, depth: int = 0) -> bool:
    """Whether two items of sequences are equal, or the very same."""
    return one is two or equal(one, two, meter, depth)


def _contains(owner: object, item: object, meter: Meter) -> bool:
    if isinstance(owner, str) and isinstance(item, str):
        meter.step(len(owner))
        return item in owner
    if isinstance(owner, list | tuple | range):
        return any(_same(each, item, meter) for each in owner)
    if isinstance(owner, Number | str) or owner is None:
        raise TypeError(f"`in` of {kind_of(owner)}")
    raise Refusal(f"looks for something in {kind_of(owner)}")


def _ordered(
    test: Callable[[Any, Any], bool], one: object, two: object, meter: Meter, depth: int = 0
) -> bool:
    """What `<` and the like say of two values."""
    meter.step()
    if depth > DEPTH:
        raise Excess("compares sequences that are nested too deeply")
    if isinstance(one, Number) and isinstance(two, Number):
        return test(one, two)
    if isinstance(one, str) and isinstance(two, str):
        return test(one, two)
    if isinstance(one, _SEQUENCES) and isinstance(two, list if isinstance(one, list) else tuple):
        missing = object()
        for a, b in zip_longest(one, two, fillvalue=missing):
            if a is missing or b is missing:
                return test(len(one), len(two))
            if not _same(a, b, meter, depth + 1):
                return _ordered(test, a, b, meter, depth + 1)
        return test(0, 0)
    if isinstance(one, _PLAIN) and isinstance(two, _PLAIN):
        raise TypeError(f"{kind_of(one)} and {kind_of(two)} have no order")
    raise Refusal(f"compares {kind_of(one)} with {kind_of(two)}")
