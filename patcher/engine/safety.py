"""Names that stand for something else inside a function than at the top of its module."""

from __future__ import annotations

import re
import symtable
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

import libcst as cst

from patcher.code import quotes
from patcher.code.equivalence import reads, walk
from patcher.code.flags import defined_flag
from patcher.code.imports import is_bound, is_made
from patcher.code.outline import Outline
from patcher.engine.aliases import gained, imported
from patcher.model import Rule

_WORD = re.compile(r"[^\W\d]\w*")
_QUOTES = "'\""
_FLAG = re.compile(r"FLAGS\.\w+")


def own(rule: Rule, rules: Iterable[Rule], names: Mapping[str, str], blocks: Outline) -> str:
    """A name of a rule that is its function's own, though its section imports it; or "".

    Args:
        rule: In the file's own names.
        rules: All of its section.
        names: What the file calls the things that quotes import.
        blocks: The file's outline.
    """
    scope = rule.edit.within
    if not scope:
        return ""
    known = {names.get(name, name) for each in rules for name in imported(each)}
    said = known.intersection(_WORD.findall(f"{rule.before}\n{rule.after}"))
    return min((name for name in said if _is_own(name, scope, blocks)), default="")


def other(rule: Rule, rules: Iterable[Rule], blocks: Outline) -> str:
    """A name that a rule brings in from an import, and that the file makes itself; or "".

    Args:
        rule: In the file's own names.
        rules: All of its section.
        blocks: The file's outline.
    """
    new = set(_WORD.findall(rule.after)) - set(_WORD.findall(rule.before))
    said = new & {name for each in rules for name in gained(each)}
    return min((name for name in said if is_made(name, blocks)), default="")


def bereft(rule: Rule, blocks: Outline) -> str:
    """A variable that an edit of statements no longer sets, and other lines still read; or "".

    Args:
        rule: In the file's own names.
        blocks: The file's outline.
    """
    if rule.edit.kind != "statement" or not rule.before or not rule.edit.within:
        return ""
    before, after = (
        quotes.statements(quote) if quote else () for quote in (rule.before, rule.after)
    )
    lost = _set_by(before) - _set_by(after)
    lines = (line for suite in blocks.within(rule.edit.within) for line in suite.lines if lost)
    used = Counter(name for line in lines for part in _own_parts(line.node) for name in reads(part))
    used -= Counter(name for node in before for name in reads(node))
    return min((name for name in lost if used[name]), default="")


def _set_by(nodes: Iterable[cst.CSTNode]) -> set[str]:
    """The variables that statements assign to."""
    parts = (part for node in nodes for part in walk(node) if isinstance(part, cst.AssignTarget))
    return {part.target.value for part in parts if isinstance(part.target, cst.Name)}


def _own_parts(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A simple statement, or what a compound one asks or goes through."""
    if isinstance(node, cst.SimpleStatementLine):
        yield node
    elif isinstance(node, cst.If | cst.While):
        yield node.test
    elif isinstance(node, cst.For):
        yield node.iter


def provided(rule: Rule) -> set[str]:
    """The names that a rule brings in for the ones behind it, flags as `FLAGS.name`."""
    nodes = quotes.statements(rule.after) if rule.edit.kind == "statement" and rule.after else ()
    flags = filter(None, map(defined_flag, nodes))
    return gained(rule) | {f"FLAGS.{name.strip(_QUOTES)}" for name in flags}


def unprovided(rule: Rule, lost: Iterable[str], blocks: Outline) -> str:
    """A name that a rule needs, and that is not there as the rule which brings it in is not; or "".

    Args:
        rule: In the file's own names.
        lost: What the rules before it would have brought in, had they fitted.
        blocks: The file's outline.
    """
    old, new = (
        {*_WORD.findall(quote), *_FLAG.findall(quote)} for quote in (rule.before, rule.after)
    )
    needed = (new - old - provided(rule)).intersection(lost)
    return min((name for name in needed if not _is_there(name, blocks)), default="")


def _is_there(name: str, blocks: Outline) -> bool:
    """Whether the file defines a flag, or its module binds a name."""
    flag = name.partition("FLAGS.")[2]
    if not flag:
        return is_bound(name, blocks)
    return any(defined_flag(line.node) == repr(flag) for line in blocks.lines())


def _is_own(name: str, scope: str, blocks: Outline) -> bool:
    """Whether a function, or one around it, has a parameter or variable of a name."""
    symbols = (
        table.lookup(name)
        for table in _tables(_table(blocks.code), scope.split("."))
        if table.get_type() == "function" and name in table.get_identifiers()
    )
    return any(symbol.is_local() or symbol.is_free() for symbol in symbols)


@lru_cache(maxsize=1)
def _table(code: str) -> symtable.SymbolTable:
    """The symbols of a module; of an empty one where only running it would tell."""
    try:
        return symtable.symtable(code, "", "exec")
    except SyntaxError:
        return symtable.symtable("", "", "exec")


def _tables(table: symtable.SymbolTable, path: list[str]) -> Iterator[symtable.SymbolTable]:
    """The tables of all functions of a dotted name."""
    if not path:
        yield table
        return
    for child in table.get_children():
        if child.get_name() == path[0]:
            yield from _tables(child, path[1:])
