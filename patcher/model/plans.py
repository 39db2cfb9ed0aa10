"""What a plan found in a tree, and what it would do to it."""

from collections import Counter
from dataclasses import dataclass
from enum import Enum


class State(str, Enum):
    """How a rule stands on a file, worked out on the file as it is now."""

    PENDING = "pending"
    APPLIED = "applied"
    DRIFTED = "drifted"
    AMBIGUOUS = "ambiguous"
    PARTIAL = "partial"
    ABSENT = "absent"

    __str__ = str.__str__

    @property
    def is_unresolved(self) -> bool:
        """True where the rule can neither be applied nor has been."""
        return self not in (State.PENDING, State.APPLIED)


@dataclass(frozen=True, slots=True)
class Site:
    """One place where a rule holds; line and column are 1-based, in the file as read."""

    line: int
    column: int
    state: State


@dataclass(frozen=True, slots=True)
class Nearest:
    """The closest thing to what a rule looked for, or what blocks it: line, text, what differs.

    Line and column are 1-based, width is in characters; no remedy where editing the line helps.
    """

    line: int
    text: str
    why: str
    column: int = 1
    width: int = 1
    is_blocker: bool = False
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule found in its file; it owns `expected` sites.

    Attributes:
        made_by: For an applied rule, the pending rule of another pack that makes this edit too; the
            file does not have it yet. Otherwise empty.
    """

    id: str
    file: str
    title: str
    state: State
    expected: int
    sites: tuple[Site, ...]
    wants: str
    nearest: Nearest | None = None
    made_by: str = ""


@dataclass(frozen=True, slots=True)
class FilePlan:
    """What rules would do to one file.

    Attributes:
        outcomes_after: How each stands on the bytes after, where all of them fit; else none.
        steps: The bytes after each edit, by the rule's id; only where that was asked for.
    """

    path: str
    before: bytes
    after: bytes
    outcomes: tuple[Outcome, ...]
    outcomes_after: tuple[Outcome, ...] = ()
    steps: tuple[tuple[str, bytes], ...] = ()

    @property
    def changed(self) -> bool:
        """True where the bytes differ."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Plan:
    """What packs would do to a tree."""

    packs: tuple[str, ...]
    files: tuple[FilePlan, ...]

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What every rule finds in the tree, file by file."""
        return tuple(outcome for file in self.files for outcome in file.outcomes)

    @property
    def outcomes_after(self) -> tuple[Outcome, ...]:
        """How every rule stands once the plan is applied; none unless all rules fit."""
        after = [file.outcomes_after for file in self.files]
        return tuple(outcome for file in after for outcome in file) if all(after) else ()

    @property
    def changed(self) -> tuple[FilePlan, ...]:
        """The files whose bytes would change."""
        return tuple(file for file in self.files if file.changed)

    @property
    def unresolved(self) -> tuple[Outcome, ...]:
        """The outcomes that are drifted, ambiguous, partial or absent."""
        return tuple(outcome for outcome in self.outcomes if outcome.state.is_unresolved)

    @property
    def blocking(self) -> tuple[Outcome, ...]:
        """All unresolved outcomes where no rule fits, else those that are not absent."""
        fits_nowhere = len(self.unresolved) == len(self.outcomes)
        return tuple(o for o in self.unresolved if fits_nowhere or o.state is not State.ABSENT)

    @property
    def summary(self) -> dict[State, int]:
        """Number of rules in each state, every state named."""
        return {**dict.fromkeys(State, 0), **Counter(each.state for each in self.outcomes)}
