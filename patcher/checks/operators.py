"""The operators of Python on numbers, texts, sequences and arrays, none of them without a limit."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Sequence
from typing import Any

from patcher.checks.arrays import Shape, Side, Sides, Tensor, multiply
from patcher.checks.limits import Meter, require_bits, require_items
from patcher.checks.refusals import Refusal

Number = bool | int | float
_MARKS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.MatMult: "@",
    ast.UAdd: "+",
    ast.USub: "-",
    ast.Invert: "~",
}
_BINARY: dict[type[ast.operator], Callable[[Any, Any], object]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
# What makes an integer of the graph from others.
_OF_SIDES = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod)
_UNARY: dict[type[ast.unaryop], Callable[[Any], object]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Invert: lambda value: ~(value + 0),  # a truth value would be warned of
}


def binary(kind: ast.operator, one: object, two: object, meter: Meter) -> object:
    """What an operator makes of two values.

    Raises:
        Refusal: It is not evaluated for such values, or what it makes is too large.
    """
    mark = _MARKS[type(kind)]
    if isinstance(kind, ast.Mult) and isinstance(one, Tensor) and isinstance(two, Tensor):
        product = multiply(one, two)
        meter.fill(len(product.values))
        return product
    if isinstance(one, Tensor) or isinstance(two, Tensor):
        raise Refusal(f"uses `{mark}` on an array and what is none")
    if isinstance(one, Number) and isinstance(two, Number):
        return _calculated(kind, one, two)
    if isinstance(one, Side | int) and isinstance(two, Side | int):
        if isinstance(kind, _OF_SIDES):
            return _of_sides(kind, one, two)
        raise Refusal(f"uses `{mark}` on an integer of the graph")
    if isinstance(one, str) and isinstance(kind, ast.Mod):
        raise Refusal("uses `%` on a string")
    for sort in (str, list, tuple):
        if isinstance(kind, ast.Add) and isinstance(one, sort) and isinstance(two, sort):
            return _joined(one, two, meter)
    if isinstance(kind, ast.Mult):
        for text, times in ((one, two), (two, one)):
            if isinstance(text, str | list | tuple) and isinstance(times, int):
                return _repeated(text, times, meter)
    raise TypeError(f"`{mark}` of {kind_of(one)} and {kind_of(two)}")


def _calculated(kind: ast.operator, one: Number, two: Number) -> Number:
    """A result that is a number, after a look at how large it would be."""
    if type(kind) not in _BINARY:
        raise TypeError(f"`{_MARKS[type(kind)]}` of numbers")
    if isinstance(one, int) and isinstance(two, int):
        if isinstance(kind, ast.Pow) and abs(one) > 1:
            require_bits((one.bit_length() - 1) * two)
        if isinstance(kind, ast.LShift) and one:
            require_bits(one.bit_length() + two)
    return number(_BINARY[type(kind)](one, two))


def number(value: object) -> Number:
    """A number that is not too large."""
    if isinstance(value, int):
        require_bits(value.bit_length())
    elif not isinstance(value, float):
        raise Refusal(f"makes a number of the type {type(value).__name__}")
    return value


def _of_sides(kind: ast.operator, one: Side | int, two: Side | int) -> Side:
    first, second = (e if isinstance(e, Side) else Side(e, True) for e in (one, two))
    value = _calculated(kind, first.value, second.value)
    return Side(int(value), first.known and second.known)


def _joined(one: Any, two: Any, meter: Meter) -> object:
    require_items(len(one) + len(two))
    meter.step(len(one) + len(two))
    return Shape(one + two) if isinstance(one, Shape) or isinstance(two, Shape) else one + two


def _repeated(value: Any, times: int, meter: Meter) -> object:
    count = len(value) * max(times, 0)
    require_items(count)
    meter.step(count)
    return list(value * times) if isinstance(value, list) else value * times


def unary(kind: ast.unaryop, value: object) -> object:
    """What an operator makes of one number; `not` is a condition, and not among them."""
    if isinstance(value, Number):
        return number(_UNARY[type(kind)](value))
    if isinstance(value, Tensor):
        raise Refusal(f"uses `{_MARKS[type(kind)]}` on an array")
    raise TypeError(f"`{_MARKS[type(kind)]}` of {kind_of(value)}")


def item(owner: object, key: object, meter: Meter) -> object:
    """An item of a sequence, or a slice of one."""
    if isinstance(owner, Tensor):
        raise Refusal("takes a part of an array")
    if not isinstance(owner, str | list | tuple | range | Sides):
        raise TypeError(f"{kind_of(owner)} has no items")
    if not isinstance(key, int | slice):
        raise TypeError(f"items are numbered, not found by {kind_of(key)}")
    if isinstance(owner, Sides):
        if isinstance(key, slice):
            return Sides(owner.values[key], owner.known)
        return Side(owner.values[key], owner.known)
    found: object = owner[key]
    if isinstance(key, slice) and isinstance(found, Sequence):
        meter.step(len(found))
        return Shape(found) if isinstance(owner, Shape) else found
    return found


def kind_of(value: object) -> str:
    """What a value is, for sentences."""
    if isinstance(value, Side | Sides):
        return "a shape or side of the graph"
    return "an array" if isinstance(value, Tensor) else f"`{type(value).__name__}`"
