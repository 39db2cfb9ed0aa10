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
from patcher.code.equivalence import walk
from patcher.code.imports import Import, aliases, imports_in, source
from patcher.code.outline import Outline
from patcher.model import Edit, Rule

# What is imported: from where, under what name, and the name that it gets.
_Imported = tuple[str, str, str]
_FROM = re.compile(r"^\s*from\b.*\bimport\b")


def local_aliases(rules: Iterable[Rule], outline: Outline) -> dict[str, str]:
    """The file's names, by those in the quotes, for what its rules import, where they differ.

    None that the file uses as well.
    """
    rules = list(rules)
    quoted = {each for rule in rules for each in _imports(rule.before) | _imports(rule.after)}
    known = {name for rule in rules for _, _, name in _imports(rule.before)}
    nodes = (node for line in outline.lines() for node in imports_in(line.node))
    found = {each for node in nodes for each in _imported(node)}
    pairs = {
        theirs: ours
        for where, original, ours in found
        for place, wanted, theirs in quoted
        if (where, original) == (place, wanted)
        and theirs in known
        and ours not in (theirs, original)
    }
    if not pairs:
        return pairs
    used = {node.value for node in _uses(outline.module)}
    return {theirs: ours for theirs, ours in pairs.items() if theirs not in used}


def imported(rule: Rule) -> set[str]:
    """The names that a rule's quotes import."""
    return {name for _, _, name in _imports(rule.before) | _imports(rule.after)}


def newly_imported(rule: Rule) -> set[str]:
    """The names that a rule imports anew."""
    after, before = ({name for _, _, name in _imports(q)} for q in (rule.after, rule.before))
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


def _imports(quote: str) -> frozenset[_Imported]:
    """What a quote imports."""
    return frozenset(each for node in _imports_in(quote) for each in _imported(node))


@cache
def _imports_in(quote: str) -> tuple[Import, ...]:
    """The imports in a quote."""
    try:
        nodes = quotes.statements(quote) if "import " in quote else ()
    except cst.ParserSyntaxError:  # a fragment, which imports nothing
        return ()
    return tuple(part for node in nodes for part in walk(node) if isinstance(part, Import))


def _imported(node: Import) -> Iterator[_Imported]:
    for alias in aliases(node):
        name = alias.evaluated_name
        yield source(node), name, alias.evaluated_alias or name


def _uses(module: cst.Module) -> Iterator[cst.Name]:
    """The names of a module, without those that are only imported under another name."""
    nodes = list(walk(module))
    renamed = (node for node in nodes if isinstance(node, cst.ImportAlias) and node.asname)
    originals = {id(part) for node in renamed for part in walk(node.name)}
    return (node for node in nodes if isinstance(node, cst.Name) and id(node) not in originals)
