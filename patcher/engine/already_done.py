"""What an edit would add, where a file has it already: a call, a key, a flag."""

from collections.abc import Iterable, Iterator

import libcst as cst

from patcher.code import quotes
from patcher.code.bindings import own_parts
from patcher.code.equivalence import dotted, evaluated, walk
from patcher.code.flags import defined_flag, flag_name
from patcher.code.imports import aliases, imports_in
from patcher.code.outline import Line, Outline, Suite
from patcher.engine.aliases import newly_imported
from patcher.engine.blockers import Blocker
from patcher.model import Rule


def already_done(
    rule: Rule, rules: Iterable[Rule], outline: Outline, places: Iterable[Suite]
) -> Blocker | None:
    """The line that already does what a rule, in the file's own names, would add to some blocks.

    That is a call of what only an added import brings in, a value under the same key, or a flag
    of the same name, anywhere in the file but in another branch of the same function.
    """
    if not rule.edit.owns_statements or rule.removes:
        return None
    wanted = () if rule.before else quotes.statements(rule.after)
    keys = {key for node in wanted for key in _keys_set(node)}
    flags = {flag for node in wanted if (flag := defined_flag(node))}
    called = newly_called(rule, rules)
    if not any(name.strip("'\"") in outline.code for name in keys | flags | called):
        return None
    names, suites = _local_names(called, outline), list(places)
    for line in (each for each in outline.lines() if not (each.is_dead or each.suite.is_dead)):
        if reason := _reason(line, keys, flags, names):
            same = [suite for suite in suites if suite.scope == line.suite.scope]
            if not same or not all(line.suite.is_apart(suite) for suite in same):
                return Blocker(line.origin, reason)
    return None


def _reason(line: Line, keys: set[str], flags: set[str], names: set[str]) -> str:
    """What a line does of what is wanted, in words; "" for nothing."""
    if found := keys.intersection(_keys_set(line.node)):
        return f"sets `{min(found)}` already"
    if found := flags.intersection(_flags_defined(line.node)):
        return f"defines the flag {min(found)} already"
    if found := names.intersection(name for _, name in _callees(own_parts(line.node))):
        return f"calls `{min(found)}` already"
    return ""


def keys_added(rule: Rule) -> set[str]:
    """The keys, without quotes, that a rule adds values under."""
    if not (rule.edit.owns_statements and rule.adds):
        return set()
    keys = (key for node in quotes.statements(rule.after) for key in _keys_set(node))
    return {key.strip("'\"") for key in keys}


def newly_called(rule: Rule, rules: Iterable[Rule]) -> set[str]:
    """What an edit newly calls of what the imports that its section adds bring in."""
    if not rule.edit.owns_statements or rule.removes:
        return set()
    added = {name for each in rules if not each.before for name in newly_imported(each)}
    before = quotes.statements(rule.before) if rule.before else ()
    known = {name for node in before for _, name in _callees(walk(node))}
    calls = (pair for node in quotes.statements(rule.after) for pair in _callees(walk(node)))
    return {name for root, name in calls if root in added} - known


def _local_names(names: set[str], outline: Outline) -> set[str]:
    """The names, and what the file imports them as."""
    imports = (
        alias for line in outline.lines() for e in imports_in(line.node) for alias in aliases(e)
    )
    return names | {a.evaluated_alias or "" for a in imports if a.evaluated_name in names} - {""}


def _callees(parts: Iterable[cst.CSTNode]) -> Iterator[tuple[str, str]]:
    """The first and the last part of the name of everything that is called among some nodes."""
    for part in parts:
        if isinstance(part, cst.Call):
            words = dotted(part.func).split(".")
            yield words[0], words[-1]


def _flags_defined(node: cst.CSTNode) -> Iterator[str]:
    """The flags that a line defines, whatever it does with them."""
    return (flag_name(part) for part in own_parts(node) if isinstance(part, cst.Call))


def _keys_set(node: cst.CSTNode) -> Iterator[str]:
    """The keys that a line gives values: by index, by keyword, in a dictionary."""
    for part in own_parts(node):
        if isinstance(part, cst.AssignTarget):
            targets = [each for each in walk(part.target) if isinstance(each, cst.Subscript)]
            indexes = (each.slice for target in targets for each in target.slice)
            yield from (_key(each.value) for each in indexes if isinstance(each, cst.Index))
        elif isinstance(part, cst.DictElement):
            yield _key(part.key)
        elif isinstance(part, cst.Call):
            last = dotted(part.func).rpartition(".")[2]
            if last in ("dict", "update"):
                yield from (repr(arg.keyword.value) for arg in part.args if arg.keyword)
            elif last in ("setdefault", "__setitem__") and part.args:
                yield _key(part.args[0].value)


def _key(node: cst.CSTNode) -> str:
    """A key's code, a text as `repr` gives it."""
    return repr(evaluated(node.value)) if isinstance(node, cst.SimpleString) else quotes.code(node)
