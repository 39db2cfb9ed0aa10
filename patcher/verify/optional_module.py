"""Optional module: where a tree still counts on a module that need not be there. All is advice."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from patcher.verify.guards import Guards, is_none_test
from patcher.verify.model import Finding, Subject
from patcher.verify.module import Module
from patcher.verify.runtime import unprovided
from patcher.verify.scopes import reads


@dataclass(frozen=True, slots=True)
class _Optional:
    """The module that need not be there: what the options of the check say of it."""

    title: str
    module: str
    names: tuple[str, ...]
    enabled: str
    counts: tuple[str, ...]


def check(
    subject: Subject,
    *,
    title: str,
    module: str,
    names: tuple[str, ...],
    enabled: str,
    counts: tuple[str, ...] = (),
) -> list[Finding] | None:
    """Tests for the missing module, unguarded uses of it, and modules that no runtime provides.

    None where no file imports the module, and none a runtime's.

    Args:
        subject: A tree.
        title: What the module is called in sentences.
        module: The module's dotted name.
        names: What it is called where it is imported from another module.
        enabled: The function that tells whether the module is in use.
        counts: Attributes of the module that are 1 where it is not in use.
    """
    optional = _Optional(title, module, names, enabled, counts)
    found = list[Finding]()
    imported = list(_importers(subject, optional))
    for each, local_names in imported:
        found += _uses(each, local_names, optional)
    missing = unprovided(subject)
    if not imported and missing is None:
        return None
    return sorted([*found, *(missing or ())])


def _importers(subject: Subject, optional: _Optional) -> Iterator[tuple[Module, set[str]]]:
    """The files that import the module, and the names that they give it."""
    seen = set[str]()
    for word in (*optional.names, optional.module):
        for module in subject.new.modules(word):
            if module.path not in seen and (names := _local_names(module, optional)):
                yield module, names
            seen.add(module.path)


def _local_names(module: Module, optional: _Optional) -> set[str]:
    """The names by which a file imports the module, whatever it falls back on."""
    return {
        alias.asname or alias.name
        for statement in _outermost(module.tree)
        if isinstance(statement, ast.Import | ast.ImportFrom)
        for alias in statement.names
        if alias.name in optional.names or (alias.name == optional.module and alias.asname)
    }


def _outermost(holder: ast.AST) -> Iterator[ast.AST]:
    """The statements of a module that stand in no function or class."""
    for child in ast.iter_child_nodes(holder):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.expr):
            yield child
            yield from _outermost(child)


def _uses(module: Module, names: Collection[str], optional: _Optional) -> Iterator[Finding]:
    nodes = set[int]().union(*(reads(module, name) for name in names))
    title, enabled = optional.title, optional.enabled
    for test in _tests(module, nodes):
        text = f"`{ast.unparse(test)}` still asks whether {title} is installed, expected "
        yield Finding(module.path, test.lineno, f"{text}`{enabled}()`", advice=True)
    guards = Guards(module.every(ast.Assign), nodes, enabled, optional.counts)
    for use in guards.unguarded(module.tree):
        text = f"`{ast.unparse(use)}` is used where {title} may not run, expected a guard"
        yield Finding(module.path, use.lineno, text, advice=True)


def _tests(module: Module, nodes: Collection[int]) -> Iterator[ast.expr]:
    """The tests of whether the module is there, against None or as a truth value."""
    for comparison in module.every(ast.Compare):
        if is_none_test(comparison, nodes) is not None:
            yield comparison
    conditions = [node.test for node in module.every(ast.If)]
    conditions += (node.test for node in module.every(ast.While))
    conditions += (node.test for node in module.every(ast.IfExp))
    conditions += (node.operand for node in module.every(ast.UnaryOp))
    conditions += (value for node in module.every(ast.BoolOp) for value in node.values)
    yield from (condition for condition in conditions if id(condition) in nodes)
