"""The checks that a pack can declare, and the options that each of them takes."""

from collections.abc import Mapping

from patcher.packs.tables import NUMBER, RANGE, TEXT, TEXTS, Key

# What each option stands for, the function of the check in `patcher.checks` says; an option that
# may be left out has the same default there.
CHECKS: Mapping[str, Mapping[str, Key]] = {
    "settings": {"params": Key(TEXT, "")},
    "optional_module": {
        "title": Key(),
        "module": Key(),
        "names": Key(TEXTS),
        "enabled": Key(TEXTS),
        "counts": Key(TEXTS, []),
    },
    "equal_forms": {
        "file": Key(),
        "function": Key(),
        "array_rank": Key(NUMBER),
        "module": Key(),
        "alias": Key(),
        "sides": Key(RANGE, [1, 5]),
        "integer": Key(RANGE, [1, 5]),
    },
    "tensor_rank": {"max_rank": Key(NUMBER)},
    "legacy_variables": {},
}
