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
)
from patcher.errors.runs import (
    BadJournal,
    BadReceipt,
    Conflict,
    EditedSince,
    Interrupted,
    Locked,
    NoReceipt,
    NotApplied,
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
    "NoReceipt",
    "NotAFolder",
    "NotApplied",
    "NotEmpty",
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
    "Unwritable",
    "WrongContent",
]
