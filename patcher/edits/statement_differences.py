"""What differs around a line that starts as a quote of statements does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

import libcst as cst

from patcher.code import quotes
from patcher.code.conditions import matches_test
from patcher.code.equivalence import equivalent, opposite
from patcher.code.outline import Line, Statement, Suite
from patcher.edits.base import scope_phrase
from patcher.edits.subjects import first_difference, states, subject_of
from patcher.model import Rule


def context_difference(rule: Rule, wanted: Sequence[Statement], line: Line) -> str:
    """What differs where a line is the first of a quote, or has its subject; "" for nothing."""
    first, scope, within = wanted[0], line.suite.scope, rule.edit.within
    exact = states(first, line.node)
    if not exact and not equivalent(subject_of(first) or None, subject_of(line.node)):
        return first_difference(first, line.node)
    if scope != within:
        place = f"stands {scope_phrase(scope)}, expected {scope_phrase(within)}"
        return place if exact else ""
    index = line.suite.lines.index(line)
    for node, other in zip_longest(wanted[1:], line.suite.lines[index + 1 : index + len(wanted)]):
        if other is None or not states(node, other.node):
            found = f"`{quotes.header(other.node)}`" if other else "nothing"
            return f"followed by {found}, expected `{quotes.header(node)}`"
    guarding = [o for o in owners_of(line.suite) if guards(quotes.statements(rule.after), o)]
    if exact:
        return f"stands under `{quotes.header(guarding[0].node)}` already" if guarding else ""
    return "" if rule.before else f"expected `{quotes.header(first)}`"


def owners_of(suite: Suite) -> Iterator[Line]:
    """The compound statements around a block, the innermost first."""
    while suite.owner:
        yield suite.owner
        suite = suite.owner.suite


def guards(after: Sequence[Statement], line: Line) -> bool:
    """Whether a line is an `if` with the test of one that an edit puts there, or its opposite."""
    if not isinstance(line.node, cst.If):
        return False
    found = line.node.test
    wanted = [node.test for node in after if isinstance(node, cst.If)]
    return any(matches_test(test, found) or opposite(test, found) for test in wanted)
