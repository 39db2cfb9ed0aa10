"""The builtin functions that the code of a tree may call, none of them without a limit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from patcher.checks.comparisons import less, truth
from patcher.checks.functions import Function, items, listed
from patcher.checks.limits import Meter
from patcher.checks.operators import Number, kind_of, number
from patcher.checks.refusals import Refusal

_TYPES: dict[str, type] = {"bool": bool, "float": float, "int": int, "list": list, "tuple": tuple}


def builtins(meter: Meter) -> dict[str, Function]:
    """The builtin functions by their names; what they do is counted."""
    return {name: Function(name, partial(run, meter)) for name, run in _FUNCTIONS.items()}


def _bool(_: Meter, value: object = False, /) -> object:
    return truth(value)


def _int(_: Meter, value: object = 0, /) -> object:
    if not isinstance(value, Number | str):
        raise _no(value, "number")
    return number(int(value))


def _float(_: Meter, value: object = 0, /) -> object:
    if not isinstance(value, Number | str):
        raise _no(value, "number")
    return float(value)


def _list(meter: Meter, value: object = (), /) -> object:
    return listed(items(value, meter))


def _tuple(meter: Meter, value: object = (), /) -> object:
    return tuple(listed(items(value, meter)))


def _len(_: Meter, value: object, /) -> object:
    if not isinstance(value, str | list | tuple | range):
        raise _no(value, "sequence")
    return len(value)


def _range(_: Meter, first: object, *more: object) -> object:
    given = [first, *more]
    if len(given) > 3 or not all(isinstance(each, int) for each in given):
        raise TypeError("`range` takes one to three integers")
    return range(*given)  # type: ignore[call-overload]  # see above


def _isinstance(_: Meter, value: object, kinds: object, /) -> object:
    names = list[type]()
    for each in kinds if isinstance(kinds, tuple) else [kinds]:
        if not isinstance(each, Function) or each.name not in _TYPES:
            raise Refusal("calls `isinstance` with other types")
        names.append(_TYPES[each.name])
    return isinstance(value, tuple(names))


def _enumerate(meter: Meter, iterable: object, start: object = 0) -> object:
    if not isinstance(start, int):
        raise _no(start, "integer")
    return enumerate(items(iterable, meter), start)


def _zip(meter: Meter, *values: object, strict: object = False) -> object:
    given = (items(each, meter) for each in values)
    return zip(*given, strict=truth(strict))


def _max(meter: Meter, *values: object) -> object:
    return _best(values, meter, lambda one, two: less(two, one, meter))


def _min(meter: Meter, *values: object) -> object:
    return _best(values, meter, lambda one, two: less(one, two, meter))


def _best(
    values: tuple[object, ...], meter: Meter, precedes: Callable[[object, object], bool]
) -> object:
    """The first item that no other precedes, of one sequence or of several arguments."""
    found = listed(items(values[0] if len(values) == 1 else values, meter))
    best = found[0] if found else None
    if not found:
        raise ValueError("the largest or smallest of nothing was requested")
    for each in found[1:]:
        if precedes(each, best):
            best = each
    return best


def _no(value: object, wanted: str) -> TypeError:
    return TypeError(f"{kind_of(value)} is no {wanted}")


_FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "bool": _bool,
    "enumerate": _enumerate,
    "float": _float,
    "int": _int,
    "isinstance": _isinstance,
    "len": _len,
    "list": _list,
    "max": _max,
    "min": _min,
    "range": _range,
    "tuple": _tuple,
    "zip": _zip,
}
NAMES = frozenset(_FUNCTIONS)
