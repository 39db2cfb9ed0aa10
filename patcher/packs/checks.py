"""The checks that a pack can declare, and the options that each of them takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Option(NamedTuple):
    """The type that the check takes an option in, and whether it has to be given."""

    type: object
    required: bool = True


STRINGS = tuple[str, ...]
RANGE = tuple[int, int]  # the smallest and the largest

# What each option stands for, the function of the check in `patcher.checks` says.
CHECKS: Mapping[str, Mapping[str, Option]] = {
    "settings": {"params": Option(str, required=False)},
    "optional_module": {
        "title": Option(str),
        "module": Option(str),
        "names": Option(STRINGS),
        "enabled": Option(str),
        "counts": Option(STRINGS, required=False),
    },
    "equal_forms": {
        "file": Option(str),
        "function": Option(str),
        "array_rank": Option(int),
        "module": Option(str),
        "alias": Option(str),
        "sides": Option(RANGE, required=False),
        "integer": Option(RANGE, required=False),
    },
    "tensor_rank": {"max_rank": Option(int)},
}
