"""Whether an edit is safe where its place was found: names it counts on, names it takes away."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from patcher.code import quotes
from patcher.code.bindings import exported, is_bound, reads
from patcher.code.changes import Change, Footer, Insertion, Splice
from patcher.code.flags import defined_flag
from patcher.code.imports import aliases, imported_names, imports_in, quoted_import
from patcher.code.outline import Outline, Suite
from patcher.edits.base import Match, edit_kind
from patcher.engine.aliases import localized, newly_imported
from patcher.engine.already_done import already_done
from patcher.engine.blockers import Blocker
from patcher.engine.names import find_other_binding, shadowed_name
from patcher.engine.variables import unset_variable
from patcher.model import Rule

_NAME = re.compile(r"[^\W\d]\w*")
_QUOTES = "'\""
_FLAG = re.compile(r"FLAGS\.\w+\b(?!\()")


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
    if not rule.removes and (found := find_other_binding(rule, rules, names, outline)):
        return found
    if rule.edit.is_import:
        used = _still_used(rules, rule, names, outline) if rule.removes else ""
        return Blocker(node, used) if used else None
    suites = [_suite(change) for match in matches for change in match.replacement or ()]
    if found := already_done(rule, rules, outline, suites):
        return found
    if flag := _undefined_flag(rule, rules, outline):
        return Blocker(node, f"needs the flag '{flag}', which is not defined here")
    if name := unset_variable(matches, outline):
        return Blocker(node, f"`{name}` is used elsewhere in `{suites[0].scope}`")
    for scope in sorted({suite.scope for suite in suites}):
        there = replace(rule, edit=replace(rule.edit, within=scope))
        if name := shadowed_name(there, rules, names, outline):
            return Blocker(node, f"`{name}` is a parameter or variable of `{scope}` there")
    return None


def _suite(change: Change) -> Suite:
    """The block in which a change is made."""
    match change:
        case Footer(suite) | Insertion(suite):
            return suite
        case Splice(lines):
            return lines[0].suite
    return change.line.suite


def _still_used(
    rules: Sequence[Rule], rule: Rule, names: Mapping[str, str], outline: Outline
) -> str:
    """Which name of a removed import is still used once all rules are applied, in words; or ""."""
    wanted = imported_names(quoted_import(rule.before))
    module = outline.rebuild().module
    if shown := wanted & exported(module):
        return f"`{min(shown)}` is in `__all__`"
    named = (
        e for line in outline.lines("") for node in imports_in(line.node) for e in aliases(node)
    )
    if again := [
        e.evaluated_name for e in named if e.evaluated_name == e.evaluated_alias in wanted
    ]:
        return f"`{again[0]}` is imported for others, under its own name"
    uses = Counter(name for name in reads(module) if name in wanted)
    for each in rules if uses else ():
        if each.edit.owns_statements and each.removes:
            said = localized(each, names)
            kind = edit_kind(said.edit)
            found = kind.find(said, outline)
            if len(found) == kind.expected(said) and not kind.lookalikes(said, outline, found):
                uses -= Counter(name for match in found for name in reads(match.node))
    used = min(+uses, default="")
    return f"`{used}` is still used in this file" if used else ""


def _undefined_flag(rule: Rule, rules: Iterable[Rule], outline: Outline) -> str:
    """A flag that new code reads, in a file that defines its flags but not this one; or ""."""
    new = set(_FLAG.findall(rule.after)) - set(_FLAG.findall(rule.before))
    new -= {name for each in rules for name in provides(each)}
    flags = {defined_flag(line.node) for line in outline.lines("") if new} - {""}
    known = {f"FLAGS.{flag.strip(_QUOTES)}" for flag in flags}
    return min(new - known, default="").removeprefix("FLAGS.") if known else ""


def provides(rule: Rule) -> set[str]:
    """The names that a rule brings in for the ones behind it, flags as `FLAGS.name`."""
    nodes = quotes.statements(rule.after) if rule.edit.owns_statements and rule.after else ()
    flags = filter(None, map(defined_flag, nodes))
    return newly_imported(rule) | {f"FLAGS.{name.strip(_QUOTES)}" for name in flags}


def newly_used(rule: Rule) -> set[str]:
    """The names that new code mentions and its rule does not bring in, flags as `FLAGS.name`."""
    old, new = ({*_NAME.findall(q), *_FLAG.findall(q)} for q in (rule.before, rule.after))
    return new - old - provides(rule)


def unavailable(rule: Rule, missing: Iterable[str], outline: Outline) -> str:
    """A name that a rule needs and that only a rule that does not fit would bring in; or ""."""
    needed = newly_used(rule).intersection(missing)
    return min((name for name in needed if not _is_there(name, outline)), default="")


def _is_there(name: str, outline: Outline) -> bool:
    """Whether the file defines a flag, or its module binds a name."""
    flag = name.partition("FLAGS.")[2]
    if not flag:
        return is_bound(name, outline)
    return any(defined_flag(line.node) == repr(flag) for line in outline.suites[0].lines)
