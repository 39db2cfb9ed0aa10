"""The checks that a pack can declare, and the options that each of them takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from patcher.errors import PackError


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a check.

    Attributes:
        type: `str`, `int`, `tuple[str, ...]` for a list of strings, or `tuple[int, int]` for a
            list of the smallest and the largest number allowed.
        meaning: What it stands for.
        required: Whether it has to be given.
    """

    type: object
    meaning: str
    required: bool = True


_STRINGS, _RANGE = tuple[str, ...], tuple[int, int]

CHECKS: Mapping[str, Mapping[str, Option]] = {
    "settings": {
        "params": Option(str, "the mapping that the program keeps its parameters in", False),
    },
    "optional_module": {
        "title": Option(str, "what the module is called in sentences"),
        "module": Option(str, "the module's dotted name"),
        "names": Option(_STRINGS, "its names where it is imported from another module"),
        "enabled": Option(str, "the function that tells whether the module is in use"),
        "counts": Option(_STRINGS, "attributes that are 1 where it is not in use", False),
    },
    "equal_forms": {
        "file": Option(str, "the file that holds the function, below the checkout's root"),
        "function": Option(str, "the function, which takes an array and an integer"),
        "array_rank": Option(int, "the number of dimensions of the array"),
        "module": Option(str, "the module of tensors that the function uses"),
        "alias": Option(str, "what the function calls that module"),
        "sides": Option(_RANGE, "the smallest and the largest side of the array", False),
        "integer": Option(_RANGE, "the smallest and the largest integer", False),
    },
    "tensor_rank": {
        "max_rank": Option(int, "the number of dimensions that a tensor may have"),
    },
}


def check_options(place: str, check: str, values: Mapping[str, object]) -> dict[str, object]:
    """The options of a check as it takes them, lists as tuples.

    Args:
        place: The file and table that they stand in, for sentences.
        check: The check.
        values: Its options as TOML has them.

    Raises:
        PackError: There is no such check, or it takes no such options.
    """
    if check not in CHECKS:
        raise _unknown(f"{place}: check", f"no check `{check}`", check, CHECKS)
    known = CHECKS[check]
    for name in values:
        if name not in known:
            raise _unknown(f"{place}: {name}", f"no option of `{check}`", name, known)
    for name, option in known.items():
        if option.required and name not in values:
            raise PackError(f"{place}: {name}", "missing", "", f"`{check}` needs it")
    return {name: _value(f"{place}: {name}", known[name], values[name]) for name in values}


def _unknown(place: str, found: str, name: str, known: Mapping[str, object]) -> PackError:
    near = get_close_matches(name, known, 1)
    hint = f"did you mean `{near[0]}`?" if near else "remove it"
    return PackError(place, found, f"one of {', '.join(known)}", hint)


def _value(place: str, option: Option, value: object) -> object:
    if option.type in (str, int):
        if type(value) is option.type:
            return value
        raise PackError(place, f"found {value!r}", "a string" if option.type is str else "a number")
    values = value if isinstance(value, list) else []
    if option.type == _STRINGS:
        if values and all(isinstance(each, str) for each in values):
            return tuple(values)
        raise PackError(place, f"found {value!r}", "a list of strings")
    if [type(each) for each in values] == [int, int] and values[0] <= values[1]:
        return tuple(values)
    raise PackError(place, f"found {value!r}", "the smallest number and the largest, in a list")
