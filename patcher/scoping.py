"""Names that stand for something else inside a function than at the top of its module."""

from __future__ import annotations

import re
import symtable
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from patcher.edits.dialect import gained, imported
from patcher.edits.imported import is_made
from patcher.model import Rule
from patcher.outline import Outline

_WORD = re.compile(r"[^\W\d]\w*")


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
