"""Changing the files of a tree: all of them or none, whatever happens meanwhile."""

from patcher.transaction.commit import commit
from patcher.transaction.lock import Held, hold, interrupted, recover

__all__ = ["Held", "commit", "hold", "interrupted", "recover"]
