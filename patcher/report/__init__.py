"""What plans, checks and runs come to, for people and for machines."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from patcher.model import Plan


def on_terminal() -> bool:
    """Whether a person reads standard output."""
    return sys.stdout is not None and sys.stdout.isatty()


def count(number: int, noun: str, plural: str = "") -> str:
    """A number and its noun."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"


def tally(plan: Plan) -> str:
    """The number of rules in each state that there is, in words; what others make, apart."""
    from patcher.model import State

    others = sum(bool(each.made_by) for each in plan.outcomes)
    counts = {**plan.summary, State.APPLIED: plan.summary[State.APPLIED] - others}
    words = {**{str(state): number for state, number in counts.items()}, "made by others": others}
    return ", ".join(f"{number} {what}" for what, number in words.items() if number)
