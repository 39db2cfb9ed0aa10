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
    "Pack": "patcher.model",
    "PatchError": "patcher.errors",
    "Plan": "patcher.model",
    "Rule": "patcher.model",
    "apply": "patcher.operations.api",
    "load_pack": "patcher.packs",
    "plan": "patcher.operations.api",
    "revert": "patcher.operations.api",
    "verify": "patcher.operations.api",
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
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)
