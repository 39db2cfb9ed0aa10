"""What packs would do to a tree. Pure: bytes in, a plan out."""

from patcher.engine.planner import explained, plan, redone, steps

__all__ = ["explained", "plan", "redone", "steps"]
