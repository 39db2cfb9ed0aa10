"""Residue: what the document leaves behind. All of it is advice."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from importlib.machinery import PathFinder

from patcher.verify.guards import Guards, is_none_test
from patcher.verify.model import Finding, Subject
from patcher.verify.module import Module
from patcher.verify.scopes import reads
from patcher.verify.sources import Sources

_RUNTIME = "TensorFlow"


def check(subject: Subject) -> list[Finding]:
    """Tests for a missing Horovod, unguarded uses of it, and modules that nothing provides."""
    found: list[Finding] = []
    for module in subject.new.modules("hvd"):
        found += _horovod(module)
    for module in subject.new.modules(_RUNTIME):
        found += _unprovided(module, subject.new, subject.runtime)
    return sorted(found)


def _horovod(module: Module) -> Iterator[Finding]:
    horovod = set[int]().union(*(reads(module, name) for name in _names(module)))
    for test in _tests(module, horovod):
        text = f"`{ast.unparse(test)}` still asks whether Horovod is installed, expected "
        yield _advice(module, test, f"{text}`horovod_enabled()`")
    for use in Guards(module.every(ast.Assign), horovod).unguarded(module.tree):
        text = f"`{ast.unparse(use)}` is used where Horovod may not run, expected a guard"
        yield _advice(module, use, text)


def _advice(module: Module, node: ast.expr, text: str) -> Finding:
    return Finding(module.path, node.lineno, text, advice=True)


def _names(module: Module) -> set[str]:
    """The names by which a module imports Horovod, whatever it falls back on."""
    return {
        alias.asname or alias.name
        for statement in _outermost(module.tree)
        if isinstance(statement, ast.Import | ast.ImportFrom)
        for alias in statement.names
        if alias.name == "hvd" or (alias.name == "horovod.tensorflow" and alias.asname)
    }


def _outermost(holder: ast.AST) -> Iterator[ast.AST]:
    """The statements of a module that stand in no function or class."""
    for child in ast.iter_child_nodes(holder):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.expr):
            yield child
            yield from _outermost(child)


def _tests(module: Module, horovod: set[int]) -> Iterator[ast.expr]:
    """The tests of whether Horovod is there, against None or as a truth value."""
    for comparison in module.every(ast.Compare):
        if is_none_test(comparison, horovod) is not None:
            yield comparison
    asked = [node.test for node in module.every(ast.If)]
    asked += (node.test for node in module.every(ast.While))
    asked += (node.test for node in module.every(ast.IfExp))
    asked += (node.operand for node in module.every(ast.UnaryOp))
    asked += (value for node in module.every(ast.BoolOp) for value in node.values)
    yield from (test for test in asked if id(test) in horovod)


def _unprovided(
    module: Module, sources: Sources, runtime: Mapping[str, frozenset[str]]
) -> Iterator[Finding]:
    """The runtime's modules that a module imports, and that are neither given nor importable."""
    packages = {name.rpartition(".")[0] for name in runtime}
    told = {*runtime, *sources.paths, *sources.folders}
    for request in module.requests:
        implied = request.module in packages and request.module not in runtime
        name = f"{request.module}.{request.name}" if implied else request.module
        if name.partition(".")[0] != _RUNTIME or name in told or request.optional:
            continue
        told.add(name)
        if not _importable(name):
            text = f"{name} is imported, expected a runtime that provides it"
            yield Finding(module.path, request.line, text, advice=True)


def _importable(name: str) -> bool:
    """Whether Python here would find a module; nothing is imported to find out."""
    path: list[str] | None = None
    parts = name.split(".")
    for count in range(1, len(parts) + 1):
        spec = PathFinder.find_spec(".".join(parts[:count]), path)
        if spec is None:
            return False
        path = list(spec.submodule_search_locations or ())
    return True
