"""Rules whose subject a file has not got: told from those that do not fit."""

from __future__ import annotations

import re
from operator import eq

import libcst as cst

from patcher.code import quotes
from patcher.code.equivalence import mentions, text_of, walk
from patcher.code.outline import Outline
from patcher.edits.registry import KINDS
from patcher.edits.subjects import makers
from patcher.model import Rule

# Kinds whose quotes are whole statements, or the heads of some.
_QUOTED = ("statement", "if_statement", "if_test")
_IMPORT = re.compile(r"(?m)^\s*(import|from) ")
_STAR = "*"


def absent(rule: Rule, blocks: Outline) -> bool:
    """Whether a file cannot hold what a rule is about, and says nothing like it at its place."""
    return bool(missing(rule, blocks.module)) and not _otherwise(rule, blocks)


def missing(rule: Rule, module: cst.Module) -> frozenset[str]:
    """Names that a module lacks, so that it cannot hold what the rule is about; else none.

    Of an import all names must be missing, as it may bring in fewer, or others beside them; and
    no `*` may stand for them.
    """
    subject = KINDS[rule.edit.kind].subject(rule)
    if not subject:
        return subject
    found = {_name(node) for node in walk(module)}
    lacking = subject - found
    if _IMPORT.search(rule.before) and (lacking != subject or _STAR in found):
        return frozenset()
    return lacking


def _name(node: cst.CSTNode) -> str:
    """A name, the text of a string as `repr` gives it, or a `*`; "" for anything else."""
    if isinstance(node, cst.ImportStar):
        return _STAR
    if isinstance(node, cst.SimpleString):
        return repr(text_of(node.value))
    return node.value if isinstance(node, cst.Name) else ""


def _otherwise(rule: Rule, blocks: Outline) -> bool:
    """Whether the rule's place says what its quote says, in other words.

    That is an `if` around what the rule names, a line that differs in few of the names, or one
    anywhere that makes the same thing without its name.
    """
    if rule.edit.kind not in _QUOTED:
        return False
    wanted, holding = quotes.statements(rule.before)[0], rule.edit.holding
    lines = [line.node for suite in blocks.within(rule.edit.within) for line in suite.lines]
    around = (node for node in lines if holding and isinstance(node, cst.If))
    return (
        any(mentions(node.body, holding) for node in around)
        or any(_reads_like(wanted, node) for node in lines)
        or bool(makers(wanted, blocks))
    )


def _reads_like(wanted: cst.CSTNode, node: cst.CSTNode) -> bool:
    mine, other = (_named(_head(each)) for each in (wanted, node))
    shared = sum(map(eq, mine[1], other[1]))
    return mine[0] == other[0] and 2 * shared > len(mine[1])


def _head(node: cst.CSTNode) -> cst.CSTNode:
    return node.test if isinstance(node, cst.If) else node


def _named(node: cst.CSTNode) -> tuple[list[type[cst.CSTNode]], list[str]]:
    """The make-up of code, and the names in it, each in order."""
    parts = list(walk(node))
    return [type(part) for part in parts], [p.value for p in parts if isinstance(p, cst.Name)]
