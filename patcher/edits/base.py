"""What every kind of edit offers to the engine."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Protocol

import libcst as cst

from patcher.code import quotes
from patcher.code.equivalence import walk
from patcher.code.outline import Line, Outline
from patcher.model import Rule, State


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A place where a rule holds.

    Attributes:
        at: What to point at, a node of the file as it was read; None for code that is gone.
        rewrite: Makes the edit in the outline; None where it is made already.
    """

    at: cst.CSTNode | None
    rewrite: Callable[[], None] | None

    @property
    def state(self) -> State:
        """Pending or applied."""
        return State.PENDING if self.rewrite else State.APPLIED

    def edit(self) -> None:
        """Make the edit, if it is not made already."""
        if self.rewrite:
            self.rewrite()


def removed(spots: Sequence[Spot], likes: Sequence[cst.CSTNode]) -> list[Spot]:
    """The sites of code to remove, or the one without a place where it is gone.

    What is only like it must not be left behind, nor be taken for it: beside a site it is one
    too many, alone it means that the code has changed.
    """
    if not spots and not likes:
        return [Spot(None, None)]
    return [*spots, *(Spot(at, _stay) for at in likes)] if spots else []


def _stay() -> None:
    """Edit nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """Something that a rule might have meant: how like it is, 0 to 1, and what differs."""

    at: cst.CSTNode
    text: str
    likeness: float
    why: str


class Kind(Protocol):
    """How one kind of edit finds its sites, and says what it misses."""

    def expected(self, rule: Rule) -> int:
        """Number of sites that the rule owns."""

    def wants(self, rule: Rule) -> str:
        """What the rule looks for, in words."""

    def find(self, rule: Rule, outline: Outline) -> list[Spot]:
        """Every site of the rule, pending or applied."""

    def candidates(self, rule: Rule, outline: Outline) -> Iterator[Candidate]:
        """What comes close, where `find` finds nothing."""

    def subject(self, rule: Rule) -> frozenset[str]:
        """Names without which a file cannot hold what the rule is about; none for an addition."""

    def tells(self, rule: Rule, outline: Outline) -> bool:
        """Whether what a rule is about has left its place, and tells the new one by itself."""


def names(*nodes: cst.CSTNode) -> frozenset[str]:
    """The names that code mentions, as variables, attributes or keywords; Python's own left out."""
    found = (part.value for node in nodes for part in walk(node) if isinstance(part, cst.Name))
    return frozenset(name for name in found if name not in vars(builtins))


def telling(quote: str) -> bool:
    """Whether a quote is about more than one thing: `bs = -1 if bs is None else bs` is not."""
    return len(names(*quotes.statements(quote))) > 1


def has_left(subject: frozenset[str], rule: Rule, outline: Outline) -> bool:
    """Whether no line at a rule's place, nor in a function inside it, is about its subject."""
    lines = (line.node for suite in outline.within(rule.edit.within) for line in suite.lines)
    return bool(subject) and not any(subject <= names(node) for node in lines)


def likely(
    rule: Rule, wanted: str, lines: Iterator[Line], why: str = "the closest line"
) -> Iterator[Candidate]:
    """The lines as candidates, by how like their code is to what was wanted."""
    matcher = SequenceMatcher(None, b=" ".join(wanted.split()))
    for line in lines:
        text = quotes.header(line.node)
        matcher.set_seq1(text)
        if matcher.quick_ratio() > 0.5:
            scope = line.suite.scope
            place = f"in `{scope}`" if scope else "at module level"
            reason = why if scope == rule.edit.within else f"{why}, {place}"
            yield Candidate(line.origin, text, matcher.ratio(), reason)


def scope_words(within: str) -> str:
    """Where a rule looks, for sentences."""
    return f"in `{within}`" if within else "at module level"
