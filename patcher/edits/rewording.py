"""Code that does what a quote does, in other words."""

from __future__ import annotations

from operator import eq

import libcst as cst

from patcher.code import quotes
from patcher.code.equivalence import walk
from patcher.code.outline import Outline
from patcher.edits.subjects import callers
from patcher.model import Rule


def states_otherwise(rule: Rule, outline: Outline) -> bool:
    """Whether a line at the rule's place differs from its quote in few of the names.

    Or whether one anywhere makes the same thing without its name.
    """
    wanted = quotes.statements(rule.before)[0]
    lines = (line.node for suite in outline.within(rule.edit.within) for line in suite.lines)
    return any(_reads_like(wanted, node) for node in lines) or bool(callers(wanted, outline))


def _reads_like(wanted: cst.CSTNode, node: cst.CSTNode) -> bool:
    mine, other = (_shape(_head(each)) for each in (wanted, node))
    shared = sum(map(eq, mine[1], other[1]))
    return mine[0] == other[0] and 2 * shared > len(mine[1])


def _head(node: cst.CSTNode) -> cst.CSTNode:
    return node.test if isinstance(node, cst.If) else node


def _shape(node: cst.CSTNode) -> tuple[list[type[cst.CSTNode]], list[str]]:
    """The kinds of nodes in code, and the names in it, each in order."""
    parts = list(walk(node))
    return [type(part) for part in parts], [p.value for p in parts if isinstance(p, cst.Name)]
