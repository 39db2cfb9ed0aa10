"""The names that a module offers, and the parameters that its functions take."""

import ast
from collections.abc import Iterator, Sequence

from patcher.code.flow import truth

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_ANY = "__getattr__"  # which a module may define to make names when they are asked for


def binds(module: ast.Module, name: str) -> bool:
    """Whether a module offers a name: it binds it in every branch, and leaves it bound.

    What `import *` brings in is not known, and a `try` is taken to work.
    """
    bound = False
    for found, is_bound in _bindings(module.body):
        if found == name or (found == _ANY and is_bound):
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
                blocks = [
                    block
                    for block, never in ((then, False), (other, True))
                    if truth(test) is not never
                ]
                yield from _in_each([list(_bindings(block)) for block in blocks])
                continue
            case ast.Match(cases=cases):
                yield from _in_each([list(_bindings(case.body)) for case in cases] + [[]])
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
        for name in ("body", "orelse", "finalbody"):
            yield from _bindings(getattr(node, name, []))


def _in_each(blocks: Sequence[Sequence[tuple[str, bool]]]) -> Iterator[tuple[str, bool]]:
    """What each of some branches binds, and what any of them deletes."""
    for found, is_bound in (each for block in blocks for each in block):
        if not is_bound or all((found, True) in block for block in blocks):
            yield found, is_bound


def _stored(node: ast.stmt) -> Iterator[tuple[str, bool]]:
    """The names that a statement, without its blocks, assigns or deletes."""
    if isinstance(node, ast.AnnAssign) and node.value is None:
        return
    for part in ast.iter_child_nodes(node):
        inner = isinstance(part, ast.expr | ast.withitem)
        for each in ast.walk(part) if inner else ():
            if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load):
                yield each.id, isinstance(each.ctx, ast.Store)
