"""The names that a file has for what the document's quotes call otherwise.

A file may `import horovod.tensorflow as horovod` where the document says `hvd`, or take a name
from a module under an alias. Where it does so throughout, quotes are read with its own name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

import libcst as cst

from patcher.code.equivalence import walk
from patcher.code.imports import Import, aliases, every, source
from patcher.code.outline import Outline
from patcher.model import Rule

# What is imported, from where, and what it is called then.
_Bound = tuple[str, str, str]
_FROM = re.compile(r"^\s*from\b.*\bimport\b")


def own_names(rules: Iterable[Rule], blocks: Outline) -> dict[str, str]:
    """What a file calls the things that its rules' quotes import, where that differs.

    Args:
        rules: The rules of the file.
        blocks: The file's outline.

    Returns:
        The file's name by the quotes' one; none that the file uses as well.
    """
    rules = list(rules)
    quoted = {each for rule in rules for each in _quoted(rule.before) | _quoted(rule.after)}
    known = {theirs for rule in rules for _, _, theirs in _quoted(rule.before)}
    found = {each for line in blocks.lines() for part in every(line.node) for each in _bound(part)}
    pairs = {
        theirs: ours
        for where, name, ours in found
        for place, wanted, theirs in quoted
        if (where, name) == (place, wanted) and theirs in known and ours not in (theirs, name)
    }
    if not pairs:
        return pairs
    used = {node.value for node in _uses(blocks.module)}
    return {theirs: ours for theirs, ours in pairs.items() if theirs not in used}


def imported(rule: Rule) -> set[str]:
    """The names that a rule's quotes import."""
    return {ours for _, _, ours in _quoted(rule.before) | _quoted(rule.after)}


def gained(rule: Rule) -> set[str]:
    """The names that a rule newly imports."""
    bound = ({ours for _, _, ours in _quoted(quote)} for quote in (rule.after, rule.before))
    return set.difference(*bound)


def spoken(rule: Rule, names: Mapping[str, str]) -> Rule:
    """The rule with its quotes in a file's own names."""
    for theirs, ours in names.items():
        edit = replace(
            rule.edit,
            holding=_renamed(rule.edit.holding, theirs, ours),
            after=_renamed(rule.edit.after, theirs, ours),
            call=_renamed(rule.edit.call, theirs, ours),
        )
        before, after = (_renamed(quote, theirs, ours) for quote in (rule.before, rule.after))
        rule = replace(rule, before=before, after=after, edit=edit)
    return rule


def _renamed(code: str, theirs: str, ours: str) -> str:
    """Code in which one name stands for another; a name that is imported gets an alias."""
    lines = []
    for line in code.splitlines(keepends=True):
        line = re.sub(rf"(?<= as ){theirs}\b", ours, line)
        new = f"{theirs} as {ours}" if _FROM.match(line) else ours
        lines.append(re.sub(rf"(?<![\w.']){theirs}(?![\w'=])(?! as )", new, line))
    return "".join(lines)


@cache
def _quoted(quote: str) -> frozenset[_Bound]:
    """What a quote imports."""
    module = _module(quote) if "import " in quote else None
    nodes = walk(module) if module else ()
    return frozenset(
        each
        for node in nodes
        if isinstance(node, cst.Import | cst.ImportFrom)
        for each in _bound(node)
    )


def _module(quote: str) -> cst.Module | None:
    try:
        return cst.parse_module(quote)
    except cst.ParserSyntaxError:  # a fragment, which imports nothing
        return None


def _bound(node: Import) -> Iterator[_Bound]:
    for alias in aliases(node):
        name = alias.evaluated_name
        yield source(node), name, alias.evaluated_alias or name


def _uses(module: cst.Module) -> Iterator[cst.Name]:
    """The names of a module, those left out that are only imported under another."""
    nodes = list(walk(module))
    renamed = (node for node in nodes if isinstance(node, cst.ImportAlias) and node.asname)
    imported = {id(node.name) for node in renamed}
    return (node for node in nodes if isinstance(node, cst.Name) and id(node) not in imported)
