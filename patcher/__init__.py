"""effpatch: documented ports as executable edits.

The functions are the commands of the same names. What they need is loaded when it is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from patcher.resources import __version__

if TYPE_CHECKING:
    from patcher.errors import PatchError
    from patcher.model import Pack, Plan, Rule
    from patcher.operations.api import apply, plan, revert, verify
    from patcher.packs import load_pack

_PLACES = {
    "patcher.errors": ["PatchError"],
    "patcher.model": ["Pack", "Plan", "Rule"],
    "patcher.operations.api": ["apply", "plan", "revert", "verify"],
    "patcher.packs": ["load_pack"],
}
__all__ = [
    "Pack",
    "PatchError",
    "Plan",
    "Rule",
    "__version__",
    "apply",
    "load_pack",
    "plan",
    "revert",
    "verify",
]


def __getattr__(name: str) -> object:
    for place, names in _PLACES.items():
        if name in names:
            return getattr(import_module(place), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
