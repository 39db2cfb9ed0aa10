"""Values that belong to a name: what the kinds share that change a default or an argument."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import NamedTuple

import libcst as cst

from patcher.code import quotes
from patcher.code.changes import Rewrite
from patcher.code.differences import shown
from patcher.code.equivalence import equivalent
from patcher.code.layout import with_comments_of
from patcher.code.outline import Line, Outline, Statement
from patcher.code.rewriting import rewritten
from patcher.edits.base import (
    EditKind,
    Match,
    NearMiss,
    applied,
    near_miss,
    pending,
    scope_phrase,
)
from patcher.model import Rule

# A line, and the node in it that is the value.
Found = tuple[Line, cst.CSTNode]


class NamedValue(NamedTuple):
    """What a rule's quotes say of a value: of what, called what, before and after."""

    owner: str
    label: str
    before: cst.CSTNode
    after: cst.CSTNode
    preposition: str = "of"

    @property
    def value(self) -> str:
        """The value in words."""
        return f"{self.label} {self.preposition} {self.owner}"


class NamedValueKind(EditKind):
    """A value that belongs to a name; a subclass knows where such values stand."""

    @abstractmethod
    def wanted(self, rule: Rule) -> NamedValue:
        """What the rule's quotes say."""

    @abstractmethod
    def values(self, rule: Rule, outline: Outline) -> Iterator[Found]:
        """Where such values stand at the rule's place."""

    def find(self, rule: Rule, outline: Outline) -> list[Match]:
        wanted, found = self.wanted(rule), []
        for line, value in self.values(rule, outline):
            if equivalent(wanted.after, value):
                found.append(applied(line))
            elif equivalent(wanted.before, value):
                new = rewritten(wanted.before, wanted.after, value)
                found.append(pending(line, Rewrite(line, _with_value(line.node, value, new))))
        return found

    def wants(self, rule: Rule) -> str:
        wanted = self.wanted(rule)
        value = f"{wanted.label} {quotes.code(wanted.before)}"
        return f"{wanted.owner} with {value} {scope_phrase(rule.edit.within)}"

    def subject(self, rule: Rule) -> frozenset[str]:
        return frozenset(rule.edit.within.split("."))

    def near_misses(self, rule: Rule, outline: Outline) -> Iterator[NearMiss]:
        wanted = self.wanted(rule)
        for line, value in self.values(rule, outline):
            found, before = shown(value), shown(wanted.before)
            yield near_miss(line, 1.0, f"{wanted.value} is {found}, expected {before}", value)


def _with_value(node: Statement, old: cst.CSTNode, new: cst.CSTNode) -> Statement:
    """A line with another value in it."""
    changed: Statement
    if isinstance(node, cst.FunctionDef):  # its block stays the node that the outline knows
        params = node.params.deep_replace(old, new)
        changed = node.with_changes(params=params)
    else:
        changed = cst.ensure_type(node.deep_replace(old, new), cst.SimpleStatementLine)
    return with_comments_of(changed, [node])


def quoted_function(quote: str) -> cst.FunctionDef:
    """The function whose header a quote is."""
    return cst.ensure_type(quotes.statement(quote), cst.FunctionDef)


def namesakes(rule: Rule, outline: Outline) -> Iterator[tuple[Line, cst.FunctionDef]]:
    """The functions at a rule's place that have the quoted name."""
    name = quoted_function(rule.before).name
    for line in outline.lines(rule.edit.within):
        if isinstance(line.node, cst.FunctionDef) and equivalent(name, line.node.name):
            yield line, line.node
