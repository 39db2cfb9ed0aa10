"""Changing the files of a tree: all of them or none, whatever happens meanwhile."""

from patcher.transaction.lock import hold, interrupted, recover

__all__ = ["hold", "interrupted", "recover"]
