"""What a file already does in other words than those that a rule would add."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import libcst as cst

from patcher.code import quotes
from patcher.code.equivalence import dotted, evaluated, walk
from patcher.code.flags import defined_flag, flag_name
from patcher.code.imports import aliases, imports_in
from patcher.code.outline import Outline
from patcher.engine.aliases import newly_imported
from patcher.engine.blocker import Blocker
from patcher.model import Rule


def already_done(rule: Rule, rules: Iterable[Rule], outline: Outline) -> Blocker | None:
    """The line that already does what a rule would add; None where there is none.

    That is a call of what only an added import brings in, a value under the same key, or a flag
    of the same name that another function defines.

    Args:
        rule: In the file's own names.
        rules: All of its section.
        outline: The file's outline.
    """
    if not rule.edit.owns_statements or rule.removes:
        return None
    wanted = () if rule.before else quotes.statements(rule.after)
    keys = {key for node in wanted for key in _keys_set(node)}
    flags = {flag for node in wanted if (flag := defined_flag(node))}
    called = newly_called(rule, rules)
    words = {name.strip("'\"") for name in keys | flags | called}
    if not any(word in outline.code for word in words):
        return None
    names = _local_names(called, outline)
    for line in outline.lines():
        if not isinstance(line.node, cst.SimpleStatementLine):
            continue
        if line.suite.scope == rule.edit.within and (
            found := keys.intersection(_keys_set(line.node))
        ):
            return Blocker(line.origin, f"sets `{min(found)}` already")
        if found := flags.intersection(_flags_defined(line.node)):
            return Blocker(line.origin, f"defines the flag {min(found)} already")
        if line.suite.scope and not rule.edit.within:  # which nothing may call
            continue
        for _, name in _callees(line.node):
            if name in names:
                return Blocker(line.origin, f"calls `{name}` already")
    return None


def newly_called(rule: Rule, rules: Iterable[Rule]) -> set[str]:
    """What an edit newly calls of what the imports that its section adds bring in."""
    if not rule.edit.owns_statements or rule.removes:
        return set()
    added = {name for each in rules if not each.before for name in newly_imported(each)}
    before = quotes.statements(rule.before) if rule.before else ()
    known = {name for node in before for _, name in _callees(node)}
    calls = (pair for node in quotes.statements(rule.after) for pair in _callees(node))
    return {name for root, name in calls if root in added} - known


def _local_names(names: set[str], outline: Outline) -> set[str]:
    """The names, and what the file imports them as."""
    imports = (
        alias for line in outline.lines() for e in imports_in(line.node) for alias in aliases(e)
    )
    return names | {a.evaluated_alias or "" for a in imports if a.evaluated_name in names} - {""}


def _callees(node: cst.CSTNode) -> Iterator[tuple[str, str]]:
    """The first and the last part of the name of everything that is called."""
    for part in walk(node):
        if isinstance(part, cst.Call):
            words = dotted(part.func).split(".")
            yield words[0], words[-1]


def _flags_defined(node: cst.CSTNode) -> Iterator[str]:
    """The flags that a line defines, whatever it does with them."""
    return (flag_name(part) for part in walk(node) if isinstance(part, cst.Call))


def _keys_set(node: cst.CSTNode) -> Iterator[str]:
    """The keys that a line gives values: by index, by keyword, in a dictionary."""
    for part in walk(node):
        if isinstance(part, cst.AssignTarget) and isinstance(part.target, cst.Subscript):
            indexes = (each.slice for each in part.target.slice)
            yield from (_key(each.value) for each in indexes if isinstance(each, cst.Index))
        elif isinstance(part, cst.DictElement):
            yield _key(part.key)
        elif isinstance(part, cst.Call):
            last = dotted(part.func).rpartition(".")[2]
            if last in ("dict", "update"):
                yield from (repr(arg.keyword.value) for arg in part.args if arg.keyword)
            elif last == "setdefault" and part.args:
                yield _key(part.args[0].value)


def _key(node: cst.CSTNode) -> str:
    """A key's code, a text as `repr` gives it."""
    return repr(evaluated(node.value)) if isinstance(node, cst.SimpleString) else quotes.code(node)
