"""The names that a module offers, and the parameters that its functions take."""

import ast
from collections.abc import Iterator, Sequence

from patcher.code.flow import truth

_Function = ast.FunctionDef | ast.AsyncFunctionDef
# What can stand for any name: `from module import *`, and a module's own `__getattr__`.
_ANY = {"*", "__getattr__"}


def binds(module: ast.Module, name: str) -> bool:
    """Whether a module may offer a name: some way through it binds it, and leaves it bound."""
    bound = False
    for found, is_bound in _bindings(module.body):
        if found == name or (found in _ANY and is_bound):
            bound = is_bound
    return bound


def takes(function: _Function, name: str) -> bool:
    """Whether a function can be called with a keyword."""
    arguments = function.args
    named = {each.arg for each in (*arguments.args, *arguments.kwonlyargs)}
    return name in named or arguments.kwarg is not None


def _bindings(body: Sequence[ast.stmt]) -> Iterator[tuple[str, bool]]:
    """The names that a block binds or deletes, in order, and whether it binds them."""
    for node in body:
        match node:
            case ast.If(test=test, body=then, orelse=other):
                yield from _bindings(then) if truth(test) is not False else ()
                yield from _bindings(other) if truth(test) is not True else ()
                continue
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, True
                continue
            case ast.ClassDef(name=name):
                yield name, True
                continue
            case ast.Import(names=aliases):
                yield from ((e.asname or e.name.partition(".")[0], True) for e in aliases)
            case ast.ImportFrom(names=aliases):
                yield from ((each.asname or each.name, True) for each in aliases)
        yield from _stored(node)
        for name in ("body", "handlers", "orelse", "finalbody", "cases"):
            for part in getattr(node, name, []):
                inner = isinstance(part, ast.ExceptHandler | ast.match_case)
                yield from _bindings(part.body if inner else [part])


def _stored(node: ast.stmt) -> Iterator[tuple[str, bool]]:
    """The names that a statement, without its blocks, assigns or deletes."""
    if isinstance(node, ast.AnnAssign) and node.value is None:
        return
    for part in ast.iter_child_nodes(node):
        inner = isinstance(part, ast.expr | ast.withitem)
        for each in ast.walk(part) if inner else ():
            if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load):
                yield each.id, isinstance(each.ctx, ast.Store)
