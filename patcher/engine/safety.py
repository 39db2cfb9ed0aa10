"""Whether an edit is safe where its place was found: names it counts on, names it takes away."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import libcst as cst

from patcher.code import quotes
from patcher.code.bindings import assigned, is_bound, is_defined, is_local, reads
from patcher.code.equivalence import dotted, evaluated, walk
from patcher.code.flags import defined_flag, flag_name
from patcher.code.imports import aliases, imported_names, imports_in, quoted_import
from patcher.code.outline import Outline
from patcher.edits.base import Match, edit_kind
from patcher.engine.aliases import imported, localized, newly_imported
from patcher.model import Rule

_NAME = re.compile(r"[^\W\d]\w*")
_QUOTES = "'\""
_FLAG = re.compile(r"FLAGS\.\w+")


class Blocker(NamedTuple):
    """What forbids an edit although its place was found: the node to point at, and the reason."""

    node: cst.CSTNode
    reason: str


def find_blocker(
    rules: Sequence[Rule],
    rule: Rule,
    names: Mapping[str, str],
    outline: Outline,
    matches: Sequence[Match],
) -> Blocker | None:
    """What forbids an edit at its matches.

    Args:
        rules: All of the section.
        rule: In the file's own names, which `names` has by those in quotes.
        names: Those.
        outline: The file's outline.
        matches: Where the rule is pending.
    """
    node = next(match.node for match in matches if match.replacement is not None)
    if rule.edit.is_import:
        used = _still_used(rules, rule, names, outline) if rule.removes else ""
        return Blocker(node, f"`{used}` is still used in this file") if used else None
    if found := already_done(rule, rules, outline):
        return found
    if name := _orphaned_variable(rule, outline):
        return Blocker(node, f"`{name}` is used elsewhere in `{rule.edit.within}`")
    if name := _name_clash(rule, rules, outline):
        return Blocker(node, f"`{name}` is something else in this file")
    nodes = {match.node for match in matches}
    for scope in sorted({line.suite.scope for line in outline.lines() if line.origin in nodes}):
        there = replace(rule, edit=replace(rule.edit, within=scope))
        if name := _shadowed_name(there, rules, names, outline):
            return Blocker(node, f"`{name}` is a parameter or variable of `{scope}` there")
    return None


def _still_used(
    rules: Sequence[Rule], rule: Rule, names: Mapping[str, str], outline: Outline
) -> str:
    """A name of a removed import that is still used once all rules are applied; or ""."""
    wanted = imported_names(quoted_import(rule.before))
    uses = Counter(name for name in reads(outline.rebuild().module) if name in wanted)
    for each in rules if uses else ():
        if each.edit.owns_statements and each.removes:
            said = localized(each, names)
            kind = edit_kind(said.edit)
            found = kind.find(said, outline)
            if len(found) == kind.expected(said) and not kind.lookalikes(said, outline, found):
                uses -= Counter(name for match in found for name in reads(match.node))
    return min(+uses, default="")


def _shadowed_name(
    rule: Rule, rules: Iterable[Rule], names: Mapping[str, str], outline: Outline
) -> str:
    """A name of a rule that is local to its function, though its section imports it; or ""."""
    scope = rule.edit.within
    if not scope:
        return ""
    known = {names.get(name, name) for each in rules for name in imported(each)}
    said = known.intersection(_NAME.findall(f"{rule.before}\n{rule.after}"))
    return min((name for name in said if is_local(name, scope, outline.code)), default="")


def _name_clash(rule: Rule, rules: Iterable[Rule], outline: Outline) -> str:
    """A name that a rule takes from an import, and that the file defines itself; or ""."""
    new = set(_NAME.findall(rule.after)) - set(_NAME.findall(rule.before))
    said = new & {name for each in rules for name in newly_imported(each)}
    return min((name for name in said if is_defined(name, outline)), default="")


def _orphaned_variable(rule: Rule, outline: Outline) -> str:
    """A variable that an edit of statements no longer sets, and other lines still read; or ""."""
    if not rule.edit.owns_statements or rule.adds or not rule.edit.within:
        return ""
    before = quotes.statements(rule.before)
    lost = assigned(before) - assigned(quotes.statements(rule.after) if rule.after else ())
    lines = (line for suite in outline.within(rule.edit.within) for line in suite.lines if lost)
    used = Counter(name for line in lines for part in _own_parts(line.node) for name in reads(part))
    used -= Counter(name for node in before for name in reads(node))
    return min((name for name in lost if used[name]), default="")


def _own_parts(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A simple statement, or what a compound one tests or iterates over."""
    if isinstance(node, cst.SimpleStatementLine):
        yield node
    elif isinstance(node, cst.If | cst.While):
        yield node.test
    elif isinstance(node, cst.For):
        yield node.iter


def provides(rule: Rule) -> set[str]:
    """The names that a rule brings in for the ones behind it, flags as `FLAGS.name`."""
    nodes = quotes.statements(rule.after) if rule.edit.owns_statements and rule.after else ()
    flags = filter(None, map(defined_flag, nodes))
    return newly_imported(rule) | {f"FLAGS.{name.strip(_QUOTES)}" for name in flags}


def unavailable(rule: Rule, missing: Iterable[str], outline: Outline) -> str:
    """A name that a rule needs and that only a rule that does not fit would bring in; or ""."""
    old, new = ({*_NAME.findall(q), *_FLAG.findall(q)} for q in (rule.before, rule.after))
    needed = (new - old - provides(rule)).intersection(missing)
    return min((name for name in needed if not _is_there(name, outline)), default="")


def _is_there(name: str, outline: Outline) -> bool:
    """Whether the file defines a flag, or its module binds a name."""
    flag = name.partition("FLAGS.")[2]
    if not flag:
        return is_bound(name, outline)
    return any(defined_flag(line.node) == repr(flag) for line in outline.lines())


def already_done(rule: Rule, rules: Iterable[Rule], outline: Outline) -> Blocker | None:
    """The line that already does what a rule, in the file's own names, would add.

    That is a call of what only an added import brings in, a value under the same key, or a flag
    of the same name that another function defines.
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
