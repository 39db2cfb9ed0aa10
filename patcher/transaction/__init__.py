"""Changing the files of a tree: all of them or none, whatever happens meanwhile."""

from patcher.transaction.commit import commit, recover

__all__ = ["commit", "recover"]
