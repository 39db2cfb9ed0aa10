"""Optional module: where a tree still counts on a module that need not be there. All is advice."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from importlib.machinery import PathFinder

from patcher.checks.guards import Guards, is_none_test
from patcher.checks.model import Finding, Subject
from patcher.checks.module import Module
from patcher.checks.scopes import reads


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
    found, missing = list[Finding](), _unprovided(subject)
    imported = missing is not None
    for file in {each for word in (*names, module) for each in subject.new.modules(word)}:
        nodes = _reads(file, module, names)
        if nodes is None:
            continue
        imported = True
        for test in _tests(file, nodes):
            text = f"`{ast.unparse(test)}` still asks whether {title} is installed"
            text += f", expected `{enabled}()`"
            found.append(Finding(file.path, test.lineno, text, advice=True))
        for use in Guards(file.every(ast.Assign), nodes, enabled, counts).unguarded(file.tree):
            text = f"`{ast.unparse(use)}` is used where {title} may not run, expected a guard"
            found.append(Finding(file.path, use.lineno, text, advice=True))
    return sorted([*found, *(missing or ())]) if imported else None


def _reads(file: Module, module: str, names: Collection[str]) -> set[int] | None:
    """Ids of the nodes that read the module, whatever the file calls it; None without an import."""
    local = {
        alias.asname or alias.name
        for alias in _outermost_imports(file.tree)
        if alias.name in names or (alias.name == module and alias.asname)
    }
    return set[int]().union(*(reads(file, name) for name in local)) if local else None


def _outermost_imports(holder: ast.AST) -> Iterator[ast.alias]:
    """What a module imports outside of functions and classes."""
    for child in ast.iter_child_nodes(holder):
        match child:
            case ast.alias():
                yield child
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.expr():
                pass
            case _:
                yield from _outermost_imports(child)


def _tests(module: Module, nodes: Collection[int]) -> Iterator[ast.expr]:
    """The tests of whether the module is there, against None or as a truth value."""
    for comparison in module.every(ast.Compare):
        if is_none_test(comparison, nodes) is not None:
            yield comparison
    choices: list[ast.If | ast.While | ast.IfExp] = module.every(ast.If, ast.While, ast.IfExp)
    conditions = [choice.test for choice in choices]
    conditions += (node.operand for node in module.every(ast.UnaryOp))
    conditions += (value for node in module.every(ast.BoolOp) for value in node.values)
    yield from (condition for condition in conditions if id(condition) in nodes)


def _unprovided(subject: Subject) -> list[Finding] | None:
    """The modules that a tree imports of a runtime's package, and that nothing here provides.

    None where it imports none of such a package. All is advice: a runtime may be elsewhere.
    """
    files = [(module, p) for p in subject.packages for module in subject.new.modules(p)]
    if not any(_is_of(each.module, p) for module, p in files for each in module.requests):
        return None
    return [finding for module, p in files for finding in _unprovided_in(module, p, subject)]


def _unprovided_in(module: Module, package: str, subject: Subject) -> Iterator[Finding]:
    runtime, sources = subject.runtime, subject.new
    packages = {name.rpartition(".")[0] for name in runtime}
    known = {*runtime, *sources.paths, *sources.folders}
    for request in module.requests:
        implied = request.module in packages and request.module not in runtime
        name = f"{request.module}.{request.name}" if implied else request.module
        if not _is_of(name, package) or name in known or request.optional:
            continue
        known.add(name)
        if not _importable(name):
            text = f"{name} is imported, expected a runtime that provides it"
            yield Finding(module.path, request.line, text, advice=True)


def _is_of(name: str, package: str) -> bool:
    return name.partition(".")[0] == package


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
