"""The names that a file has for what the quotes call by another name.

A file may `import numpy` where the document says `import numpy as np`, or take a name from a module
under an alias. Where it does so throughout, quotes are read with its own name.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from functools import cache

import libcst as cst

from patcher.code import quotes
from patcher.code.bindings import own_parts, reads
from patcher.code.equivalence import dotted, walk
from patcher.code.imports import Import, aliases, imports_in, source
from patcher.code.outline import Line, Outline
from patcher.model import Edit, Rule

# What is imported: from where, under what name, and the name that it gets.
Imported = tuple[str, str, str]
_FROM = re.compile(r"^\s*from\b.*\bimport\b")


def local_aliases(rules: Iterable[Rule], outline: Outline) -> dict[str, str]:
    """The file's names, by those in the quotes, for what its rules import, where they differ.

    None that the file uses as well.
    """
    rules = list(rules)
    quoted = {each for rule in rules for each in imports_of(rule.before) | imports_of(rule.after)}
    known = {name for rule in rules for _, _, name in imports_of(rule.before)}
    nodes = (node for line in outline.lines() for node in imports_in(line.node))
    found = {each for node in nodes for each in imported_by(node)}
    pairs = {
        theirs: ours
        for where, original, ours in found
        for place, wanted, theirs in quoted
        if (where, original) == (place, wanted)
        and theirs in known
        and ours != theirs
        and (not where or ours != original)
    }
    if not pairs:
        return pairs
    used, read = {node.value for node in _uses(outline.module)}, {*reads(outline.module)}
    return {
        theirs: ours
        for theirs, ours in pairs.items()
        if theirs not in used and (ours in read or ("", ours, ours) not in found)
    }


def imported(rule: Rule) -> set[str]:
    """The names that a rule's quotes import."""
    return {name for _, _, name in imports_of(rule.before) | imports_of(rule.after)}


def newly_imported(rule: Rule) -> set[str]:
    """The names that a rule imports anew."""
    after, before = ({name for _, _, name in imports_of(q)} for q in (rule.after, rule.before))
    return after - before


def localized(rule: Rule, names: Mapping[str, str]) -> Rule:
    """The rule with its quotes in a file's own names."""
    for theirs, ours in names.items():
        before, after = (_renamed(quote, theirs, ours) for quote in (rule.before, rule.after))
        edit = _localized_edit(rule.edit, theirs, ours)
        rule = replace(rule, before=before, after=after, edit=edit)
    return rule


def _localized_edit(edit: Edit, theirs: str, ours: str) -> Edit:
    keys = [key.name for key in fields(edit) if key.name != "within"]
    return replace(edit, **{key: _renamed(getattr(edit, key), theirs, ours) for key in keys})


def _renamed(code: str, theirs: str, ours: str) -> str:
    """Code in which one name stands for another; a name that is imported gets an alias."""
    lines = []
    for line in code.splitlines(keepends=True):
        line = re.sub(rf"(?<= as ){theirs}\b", ours, line)
        new = f"{theirs} as {ours}" if _FROM.match(line) else ours
        lines.append(re.sub(rf"(?<![\w.']){theirs}(?![\w'=])(?! as )", new, line))
    return "".join(lines)


def imports_of(quote: str) -> frozenset[Imported]:
    """What a quote imports."""
    return frozenset(each for node in _imports_in(quote) for each in imported_by(node))


@cache
def _imports_in(quote: str) -> tuple[Import, ...]:
    """The imports in a quote."""
    try:
        nodes = quotes.statements(quote) if "import " in quote else ()
    except cst.ParserSyntaxError:  # a fragment, which imports nothing
        return ()
    return tuple(part for node in nodes for part in walk(node) if isinstance(part, Import))


def imported_by(node: Import) -> Iterator[Imported]:
    """What an import brings in."""
    for alias in aliases(node):
        name = alias.evaluated_name
        yield source(node), name, alias.evaluated_alias or name


def calls_under_other_names(rule: Rule, rules: Iterable[Rule], outline: Outline) -> Iterator[Line]:
    """The lines that call what a rule's quote calls, by whichever name the file imports it.

    That is known of what the rules' own quotes import.
    """
    calls = [part for part in _parts(rule) if isinstance(part, cst.Call)][:1]
    quoted = {each for one in rules for each in imports_of(one.before)}
    wanted = {name for call in calls for name in _full_names(dotted(call.func), quoted)}
    nodes = (node for line in outline.lines() for node in imports_in(line.node) if wanted)
    here = {each for node in nodes for each in imported_by(node)}
    for line in outline.lines() if wanted else ():
        calls = [part for part in own_parts(line.node) if isinstance(part, cst.Call)]
        if any(wanted.intersection(_full_names(dotted(call.func), here)) for call in calls):
            yield line


def _parts(rule: Rule) -> Iterator[cst.CSTNode]:
    """The nodes of the first statement of what a rule of whole statements quotes."""
    first = quotes.statements(rule.before)[:1] if rule.edit.owns_statements and rule.before else ()
    return (part for node in first for part in walk(node))


def _full_names(name: str, imports: Iterable[Imported]) -> Iterator[str]:
    """The dotted name of something where it is defined, by imports of its first part."""
    first, _, rest = name.partition(".")
    for where, original, here in imports:
        if here == first:
            yield ".".join(filter(None, (where, original, rest)))


def _uses(module: cst.Module) -> Iterator[cst.Name]:
    """The names of a module, without those that are only imported under another name."""
    nodes = list(walk(module))
    renamed = (node for node in nodes if isinstance(node, cst.ImportAlias) and node.asname)
    originals = {id(part) for node in renamed for part in walk(node.name)}
    return (node for node in nodes if isinstance(node, cst.Name) and id(node) not in originals)
