"""Whether an edit is safe where its place was found: names it counts on, names it takes away."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import libcst as cst

from patcher.code import quotes
from patcher.code.bindings import assigned, is_bound, is_defined, is_local, reads
from patcher.code.flags import defined_flag
from patcher.code.imports import imported_names, quoted_import
from patcher.code.outline import Outline
from patcher.edits.base import Match
from patcher.edits.registry import edit_kind
from patcher.engine.aliases import imported, localized, newly_imported
from patcher.engine.already_done import already_done
from patcher.engine.blocker import Blocker
from patcher.model import Rule

_NAME = re.compile(r"[^\W\d]\w*")
_QUOTES = "'\""
_FLAG = re.compile(r"FLAGS\.\w+")


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
        rule: In the file's own names.
        names: The file's names for what quotes import.
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
    """A name that a rule needs and that is not there, as the rule for it does not fit; or "".

    Args:
        rule: In the file's own names.
        missing: What the rules before it would have brought in, had they fitted.
        outline: The file's outline.
    """
    old, new = ({*_NAME.findall(q), *_FLAG.findall(q)} for q in (rule.before, rule.after))
    needed = (new - old - provides(rule)).intersection(missing)
    return min((name for name in needed if not _is_there(name, outline)), default="")


def _is_there(name: str, outline: Outline) -> bool:
    """Whether the file defines a flag, or its module binds a name."""
    flag = name.partition("FLAGS.")[2]
    if not flag:
        return is_bound(name, outline)
    return any(defined_flag(line.node) == repr(flag) for line in outline.lines())
