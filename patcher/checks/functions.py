"""What the code of a tree may call, and the attributes that it may read: what is listed here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from inspect import signature

from patcher.checks import arrays
from patcher.checks.arrays import Shape, Sides, Tensor
from patcher.checks.limits import Meter, require_items
from patcher.checks.operators import kind_of
from patcher.checks.refusals import Refusal

# What a call takes besides its arguments.
_STEPS = 10
_OPERATIONS = {
    each.__name__: each for each in (arrays.name_scope, arrays.ones, arrays.reshape, arrays.shape)
}


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function that is evaluated, under the name that the code calls it by."""

    name: str
    run: Callable[..., object]


@dataclass(frozen=True, slots=True)
class Operations:
    """The module of tensors, under the name that the code has for it."""

    alias: str


def call(
    function: object, given: Sequence[object], named: dict[str, object], meter: Meter
) -> object:
    """What a function gives for arguments by place and by name.

    Raises:
        Refusal: It is not listed here, or does not take such arguments.
    """
    if not isinstance(function, Function):
        raise Refusal(f"calls {kind_of(function)}")
    meter.step(_STEPS + len(given))
    try:
        bound = signature(function.run).bind(*given, **named)
    except TypeError as error:
        raise Refusal(f"calls `{function.name}` with other arguments ({error})") from None
    result = function.run(*bound.args, **bound.kwargs)
    if isinstance(result, Tensor):
        meter.fill(len(result.values))
    return result


def attribute(owner: object, name: str) -> object:
    """What a value has under a name.

    Raises:
        Refusal: It is not listed here.
    """
    if isinstance(owner, Operations) and name in _OPERATIONS:
        return Function(f"{owner.alias}.{name}", _OPERATIONS[name])
    if isinstance(owner, Tensor) and name == "shape":
        return owner.shape
    if isinstance(owner, Tensor) and name == "dtype":
        return owner.dtype
    if isinstance(owner, Tensor) and name == "get_shape":
        return Function(name, lambda: owner.shape)
    if isinstance(owner, Shape) and name == "as_list":
        return Function(name, lambda: list(owner))
    text = f"{owner.alias}.{name}" if isinstance(owner, Operations) else name
    raise Refusal(f"uses `{text}`")


def items(value: object, meter: Meter) -> Iterator[object]:
    """The items of a sequence, each of which is a step."""
    if isinstance(value, Tensor | Sides):
        raise Refusal(f"goes through the parts of {kind_of(value)}")
    if not isinstance(value, list | tuple | str | range | Iterator):
        raise TypeError(f"{kind_of(value)} has no items")
    return _counted(value, meter)


def _counted(values: Iterable[object], meter: Meter) -> Iterator[object]:
    for each in values:
        meter.step()
        yield each


def listed(values: Iterator[object]) -> list[object]:
    """All items, of which there may be no more than a sequence may have."""
    found = list[object]()
    for each in values:
        found.append(each)
        require_items(len(found))
    return found
