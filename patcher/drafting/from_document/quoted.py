"""What a document quotes of an edit."""

from __future__ import annotations

from dataclasses import dataclass

from patcher.edits.kinds import Kind
from patcher.model import Rule


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a document quotes of an edit, and what it says of its place, if anything.

    Attributes:
        scopes: The functions and classes that it may be in.
        follows: The statement that what is added comes after.
        precedes: The statement that it comes before.
    """

    before: str
    after: str
    scopes: tuple[str, ...] = ()
    follows: str = ""
    precedes: str = ""

    @property
    def place(self) -> str:
        """The place that it states for what is added, for a sentence; "" for none."""
        if self.follows:
            return f"after `{self.follows}`"
        return f"before `{self.precedes}`" if self.precedes else ""

    def rule(self, edit: Kind) -> Rule:
        """The edit as a rule, to be tried."""
        return Rule(item=1, title="", before=self.before, after=self.after, edit=edit, why="")
