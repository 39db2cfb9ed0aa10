"""What packs would do to a tree. Pure: bytes in, a plan out."""

from patcher.engine.planner import plan, plan_alone, redone, steps

__all__ = ["plan", "plan_alone", "redone", "steps"]
