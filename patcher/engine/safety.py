"""Whether an edit is safe where its place was found: names it counts on, names it takes away."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import libcst as cst

from patcher.code import quotes
from patcher.code.bindings import exported, is_bound, reads, still_read
from patcher.code.changes import Change, Footer, Insertion, Splice
from patcher.code.flags import defined_flag
from patcher.code.imports import aliases, imported_names, imports_in, quoted_import
from patcher.code.outline import Outline, Suite
from patcher.edits.base import Match, edit_kind
from patcher.edits.docstring_lines import is_about_prose
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
        return _still_used(rules, rule, names, outline, node) if rule.removes else None
    suites = [_suite(change) for match in matches for change in match.replacement or ()]
    if found := already_done(rule, rules, outline, suites):
        return found
    if flag := _undefined_flag(rule, rules, outline):
        return Blocker(
            node, f"needs the flag '{flag}', which is not defined here", f"define {flag}"
        )
    if name := unset_variable(matches, outline):
        used = f"`{name}` is used elsewhere in `{suites[0].scope}`"
        return Blocker(node, used, f"remove the other uses of `{name}`")
    for scope in sorted({suite.scope for suite in suites}):
        there = replace(rule, edit=replace(rule.edit, within=scope))
        if name := shadowed_name(there, rules, names, outline):
            bound = f"`{name}` is a parameter or variable of `{scope}` there"
            return Blocker(node, bound, "rename that")
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
    rules: Sequence[Rule],
    rule: Rule,
    names: Mapping[str, str],
    outline: Outline,
    node: cst.CSTNode,
) -> Blocker | None:
    """What forbids to remove an import: a name of it is still used once all rules are applied."""
    wanted = imported_names(quoted_import(rule.before))
    module = outline.rebuild().module
    if shown := wanted & exported(module):
        name = min(shown)
        return Blocker(node, f"`{name}` is in `__all__`", "take it out of `__all__`", name)
    if shown := wanted & set(_kept_for_others(outline)):
        reason = f"`{min(shown)}` is imported for others, under its own name"
        return Blocker(node, reason, "import it where it is used", min(shown))
    uses = Counter(name for name in still_read(module) if name in wanted)
    for each in rules if uses else ():
        if each.edit.owns_statements and each.removes:
            said = localized(each, names)
            kind = edit_kind(said.edit)
            found = kind.find(said, outline)
            if len(found) == kind.expected(said) and not kind.lookalikes(said, outline, found):
                uses -= Counter(name for match in found for name in reads(match.node))
    if used := min(+uses, default=""):
        reason = f"`{used}` is still used in this file"
        return Blocker(node, reason, f"remove the uses of `{used}`", used)
    return None


def _kept_for_others(outline: Outline) -> Iterator[str]:
    """The names that are imported as themselves, by which a module says that it passes them on."""
    for node in (node for line in outline.lines("") for node in imports_in(line.node)):
        for each in aliases(node):
            if each.evaluated_alias == each.evaluated_name:
                yield each.evaluated_name


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


def providers(rule: Rule, rules: Iterable[Rule]) -> Iterator[tuple[Rule, str]]:
    """Those of some rules that bring in what a rule newly uses, with the names in one text."""
    used = newly_used(rule)
    for each in rules:
        if each is not rule and (names := sorted(used & provides(each))):
            yield each, " and ".join(f"`{name}`" for name in names)


def newly_used(rule: Rule) -> set[str]:
    """The names that new code mentions and its rule does not bring in, flags as `FLAGS.name`."""
    if is_about_prose(rule):
        return set()
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
