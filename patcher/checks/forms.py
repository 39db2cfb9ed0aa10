"""Forms of a function: its definitions before the edits and after them, and what else they use."""

import ast
from collections.abc import Iterator, Sequence, Set

from patcher.checks.builtin_functions import NAMES
from patcher.checks.module import Module, bound_by, of_scope

# A name, and the code that binds it.
_Binding = tuple[str, tuple[object, ...]]
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.pattern)
_BLOCKS = (ast.stmt, ast.excepthandler, ast.match_case)


def definitions(module: Module | None, name: str) -> list[ast.FunctionDef]:
    """The definitions of a function in a file, in its order."""
    found = module.statements if module else ()
    return [each for each in found if isinstance(each, ast.FunctionDef) and each.name == name]


def changed(
    old: Sequence[ast.FunctionDef], new: Sequence[ast.FunctionDef]
) -> Iterator[tuple[ast.FunctionDef, ast.FunctionDef]]:
    """Each definition that the edits changed or added, next to what it was before.

    So is the last one, which counts, where it is another of those that were there.
    """
    known = {code(each) for each in old}
    for at, form in enumerate(new):
        if code(form) not in known:
            yield old[min(at, len(old) - 1)], form
    if code(new[-1]) in known and code(new[-1]) != code(old[-1]):
        yield old[-1], new[-1]


def first_difference(old: ast.FunctionDef, new: ast.FunctionDef) -> int:
    """The line of the first simple statement of `new` that `old` lacks."""
    before = {code(node) for node in ast.walk(old) if _is_simple(node)}
    after = (node for node in ast.walk(new) if isinstance(node, ast.stmt) and _is_simple(node))
    return next((node.lineno for node in after if code(node) not in before), new.lineno)


def rebound(
    old: Module, new: Module, forms: Sequence[ast.FunctionDef], module: str, alias: str
) -> Iterator[tuple[int, str]]:
    """What forms use and the edits bind anew in their file: line, and name.

    An import of the module of tensors under its alias is none of that.
    """
    read = {n.id for form in forms for n in ast.walk(form) if isinstance(n, ast.Name)}
    names = {*(read & {alias, *NAMES}), *(form.name for form in forms), "*"}
    known = {binding for binding, _ in _bindings(old, names)}.union(_imports(module, alias))
    for binding, line in _bindings(new, names):
        if binding not in known:
            yield line, binding[0]


def _bindings(module: Module, names: Set[str]) -> Iterator[tuple[_Binding, int]]:
    """Where a module binds some names: each with the code that does, and its line."""
    for node in of_scope(module.tree.body):
        parts, key = _binding_part(node)
        for part in of_scope(parts):
            name = "*" if getattr(part, "name", "") == "*" else bound_by(part)
            if name and name in names:
                yield (name, key), getattr(node, "lineno", 1)
    for each in module.statements:
        if isinstance(each, ast.Global):
            for name in names & {*each.names}:
                yield (name, (ast.Global,)), each.lineno


def _binding_part(node: ast.AST) -> tuple[list[ast.AST], tuple[object, ...]]:
    """What of a node may bind names that no node below it is asked for, and the code of that."""
    if isinstance(node, ast.ExceptHandler):
        return [ast.Name(node.name or "", ast.Store())], (type(node),)
    if isinstance(node, _DEFINITIONS):
        return [node], (type(node),)
    if _is_simple(node):
        return [node], code(node)
    if not isinstance(node, ast.stmt):
        return [], ()
    heads = [each for each in ast.iter_child_nodes(node) if not isinstance(each, _BLOCKS)]
    return heads, tuple(map(code, heads))


def _imports(module: str, alias: str) -> Iterator[_Binding]:
    """The ways of importing a module under an alias."""
    above, _, last = module.rpartition(".")
    for name in (alias, None):
        yield alias, code(ast.ImportFrom(above, [ast.alias(last, name)], 0))
        yield alias, code(ast.Import([ast.alias(module, name)]))


def _is_simple(node: ast.AST) -> bool:
    return isinstance(node, ast.stmt) and not {"body", "cases"} & {*node._fields}


def code(node: ast.AST) -> tuple[object, ...]:
    """The code of a node without its places, by which it is compared however deeply it nests."""
    found, waiting = list[object](), list[object]([node])
    while waiting:
        each = waiting.pop()
        if isinstance(each, ast.AST):
            found.append(type(each))
            waiting += [value for _, value in ast.iter_fields(each)]
        elif isinstance(each, list):
            found.append(len(each))
            waiting += each
        else:
            found.append((type(each), each))
    return tuple(found)
