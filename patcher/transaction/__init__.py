"""Changing the files of a tree: all of them or none, whatever happens meanwhile.

What does that is loaded where something is to be done; most commands only look.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from patcher.tree import state
from patcher.tree.files import Tree

if TYPE_CHECKING:
    from patcher.transaction.run import Run

__all__ = ["hold", "interrupted", "recover"]


def hold(tree: Tree, command: str) -> AbstractContextManager[Run]:
    """Keep other runs off a tree, as `patcher.transaction.lock.hold` does."""
    from patcher.transaction import lock

    return lock.hold(tree, command)


def recover(tree: Tree) -> str:
    """Complete or undo an interrupted run, as `patcher.transaction.lock.recover` does."""
    if not _is_begun(tree):
        return ""
    from patcher.transaction import lock

    return lock.recover(tree)


def interrupted(tree: Tree) -> list[str]:
    """The files of an interrupted run, as `patcher.transaction.lock.interrupted` gives them."""
    if not _is_begun(tree):
        return []
    from patcher.transaction import lock

    return lock.interrupted(tree)


def _is_begun(tree: Tree) -> bool:
    """Whether there is more of a tree's state than receipts."""
    return not all(name.startswith(state.RECEIPT) for name in state.names(tree))
