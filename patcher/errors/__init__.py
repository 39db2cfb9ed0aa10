"""One class per cause; each is told facts and writes its own sentence.

Every sentence reads `place: what was found, what was wanted; what to do next`.
"""

from patcher.errors.base import PatchError
from patcher.errors.history import (
    BranchExists,
    BrokenCheckout,
    GitFailed,
    NoHistory,
    NotAFolder,
    NotEmpty,
    WrongContent,
)
from patcher.errors.rules import (
    Drift,
    NoItems,
    NothingChosen,
    Uncovered,
    UnknownRule,
    Unsound,
)
from patcher.errors.runs import (
    BadJournal,
    BadReceipt,
    Conflict,
    EditedSince,
    Interrupted,
    Locked,
    NoOrigin,
    NoReceipt,
    NotApplied,
    NotPatched,
    RulesChanged,
    StandsOn,
    Unfinished,
)
from patcher.errors.tree import (
    DirtyTree,
    Irreproducible,
    NotUpstream,
    OutsideTree,
    TreeMissing,
    Unparsable,
    Unreadable,
    Unwritable,
)

__all__ = [
    "BadJournal",
    "BadReceipt",
    "BranchExists",
    "BrokenCheckout",
    "Conflict",
    "DirtyTree",
    "Drift",
    "EditedSince",
    "GitFailed",
    "Interrupted",
    "Irreproducible",
    "Locked",
    "NoHistory",
    "NoItems",
    "NoOrigin",
    "NoReceipt",
    "NotAFolder",
    "NotApplied",
    "NotEmpty",
    "NotPatched",
    "NotUpstream",
    "NothingChosen",
    "OutsideTree",
    "PatchError",
    "RulesChanged",
    "StandsOn",
    "TreeMissing",
    "Uncovered",
    "Unfinished",
    "UnknownRule",
    "Unparsable",
    "Unreadable",
    "Unsound",
    "Unwritable",
    "WrongContent",
]
