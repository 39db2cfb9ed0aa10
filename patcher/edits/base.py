"""What every edit kind offers the engine: `find`, and with defaults all that only diagnoses."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from importlib import import_module
from typing import NamedTuple

import libcst as cst

from patcher.code import quotes
from patcher.code.bindings import mentioned
from patcher.code.changes import Change
from patcher.code.differences import cut, difference
from patcher.code.outline import Line, Outline, Statement
from patcher.model import Edit, Rule, State

_TOKEN = re.compile(r"\w+|[^\w\s]")
_ALIKE = 0.6  # above which one line is like another


class Match(NamedTuple):
    """A place where a rule holds.

    Attributes:
        node: What to point at, in the file as it was read.
        replacement: The changes that make the edit; None where it is made already.
        line: The line of the outline where an edit that is made already stands.
    """

    node: cst.CSTNode
    replacement: Sequence[Change] | None = None
    line: Line | None = None

    @property
    def state(self) -> State:
        """Pending or applied."""
        return State.APPLIED if self.replacement is None else State.PENDING


def pending(line: Line, *changes: Change) -> Match:
    """A line where the edit is to be made."""
    return Match(line.origin, changes)


def applied(line: Line) -> Match:
    """A line where the edit is made already."""
    return Match(line.origin, line=line)


class NearMiss(NamedTuple):
    """A place that comes close to what a rule looks for, in the file as it was read.

    The one of the highest likeness is shown first. `part` is what differs in it, if not all does.
    """

    node: cst.CSTNode
    text: str
    likeness: float
    difference: str
    part: cst.CSTNode | None = None


class EditKind(ABC):
    """How one kind of edit finds its places. A new kind is one method: `find`."""

    @abstractmethod
    def find(self, rule: Rule, outline: Outline) -> list[Match]:
        """Every place of the rule, pending or applied; none of code that is gone. Edits nothing."""

    def expected(self, rule: Rule) -> int:
        """Number of places that the rule owns."""
        return 1

    def lookalikes(
        self, rule: Rule, outline: Outline, matches: Sequence[Match]
    ) -> list[cst.CSTNode]:
        """What is only like the code that a rule removes, next to its matches.

        It must neither be left behind unseen nor be taken for it: with a match it makes the rule
        ambiguous, without one it means that the code has changed.
        """
        return []

    def sought(self, rule: Rule) -> frozenset[str]:
        """Names that the rule is about wherever in the file they stand.

        A function that mentions none of them, and holds no place of the rule, need not be parsed.
        """
        return words(rule.before) if rule.removes else frozenset()

    def can_relocate(self, rule: Rule, outline: Outline) -> bool:
        """Whether the code has left its place and is distinctive enough to be found elsewhere."""
        return False

    def has_left_scope(self, rule: Rule, outline: Outline) -> bool:
        """Whether no line at a rule's place, nor in a function inside it, is about its subject."""
        subject, lines = self.subject(rule), outline.lines(rule.edit.within)
        return bool(subject) and not any(subject <= mentioned(line.node) for line in lines)

    # What follows only diagnoses: it words why a rule does not fit.

    def wants(self, rule: Rule) -> str:
        """What the rule looks for, in words."""
        header = quotes.header(quotes.statements(rule.before or rule.after)[0])
        return f"`{header}` {scope_phrase(rule.edit.within)}"

    def near_misses(self, rule: Rule, outline: Outline) -> Iterator[NearMiss]:
        """What comes close, where `find` finds nothing."""
        wanted = quotes.statements(rule.before or rule.after)[0]
        return similar_lines(rule, wanted, outline.lines())

    def subject(self, rule: Rule) -> frozenset[str]:
        """Names without which a file cannot hold what the rule is about; none for an addition."""
        return frozenset()

    def is_reworded(self, rule: Rule, outline: Outline) -> bool:
        """Whether code at the rule's place does what its quote does, in other words."""
        return False


def edit_kind(edit: Edit) -> EditKind:
    """What finds and makes an edit: `KIND` in the module of its kind's name."""
    kind: EditKind = import_module(f"patcher.edits.{edit.kind}").KIND
    return kind


def words(quote: str) -> frozenset[str]:
    """The names that a quote mentions."""
    return mentioned(*quotes.statements(quote))


def is_distinctive(quote: str) -> bool:
    """Whether a quote is about more than one name: `bs = -1 if bs is None else bs` is not."""
    return len(words(quote)) > 1


def similar_lines(rule: Rule, wanted: Statement, lines: Iterable[Line]) -> Iterator[NearMiss]:
    """The lines as near misses whose first line shares a name with what is wanted, and most else.

    The blocks of compound statements do not count.
    """
    tokens, names = _tokens(quotes.header(wanted)), mentioned(wanted)
    matcher = SequenceMatcher(None, b=tokens)
    for line in lines:
        text = quotes.header(line.node)
        matcher.set_seq1(_tokens(text))
        if matcher.quick_ratio() <= _ALIKE or matcher.ratio() <= _ALIKE:
            continue
        if names.isdisjoint(_TOKEN.findall(text)):
            continue
        scope, likeness = line.suite.scope, matcher.ratio() / 2
        elsewhere = f", {scope_phrase(scope)}" if scope != rule.edit.within else ""
        if found := difference(wanted, line.node, in_blocks=False):
            yield near_miss(line, likeness, f"{found.words}{elsewhere}", found.place)
        elif elsewhere:
            place = f"stands {scope_phrase(scope)}, expected {scope_phrase(rule.edit.within)}"
            yield near_miss(line, likeness, place)


def _tokens(text: str) -> list[str]:
    """The words and signs of a line."""
    return _TOKEN.findall(text)


def compared(wanted: Statement, line: Line, likeness: float, *, in_blocks: bool = True) -> NearMiss:
    """A line as a near miss of the statement that is wanted."""
    found = difference(wanted, line.node, in_blocks=in_blocks)
    if not found:
        return near_miss(line, likeness, f"expected `{cut(quotes.header(wanted))}`")
    return near_miss(line, likeness, found.words, found.place)


def near_miss(
    line: Line, likeness: float, difference: str, part: cst.CSTNode | None = None
) -> NearMiss:
    """A line as a near miss."""
    return NearMiss(line.origin, quotes.header(line.node), likeness, difference, part)


def scope_phrase(within: str) -> str:
    """A place in words, for sentences."""
    return f"in `{within}`" if within else "at module level"
