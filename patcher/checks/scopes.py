"""The names that code binds and reads, and what a name stands for where it is read."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import get_args

from patcher.checks.module import Comprehension, Function, Module

# Whether a name is the one meant inside a function; None where the function does not bind it.
Meaning = Callable[[Function, str], bool | None]
Place = tuple[int, int]  # line and column
_SCOPES = (*get_args(Function), *get_args(Comprehension))


def of_module(function: Function, name: str) -> bool | None:
    """The meaning of a module's own name: any local of that name is something else."""
    return False if binders(function, name) else None


def reads(
    module: Module, name: str, meaning: Meaning = of_module, outside: bool = True
) -> set[int]:
    """Ids of the nodes that read a name where it is the one meant.

    `meaning` says so of the places inside functions, `outside` of those outside.
    """
    nodes = module.every(ast.Name) if name.encode() in module.content else []
    loads = (node for node in nodes if node.id == name and isinstance(node.ctx, ast.Load))
    found = sorted(((node.lineno, node.col_offset), id(node)) for node in loads)
    places, meant = [place for place, _ in found], {id_: outside for _, id_ in found}
    scopes: list[Function | Comprehension] = module.every(*_SCOPES) if found else []
    for start, end, scope in sorted(map(_span, scopes), key=itemgetter(0)):  # the outer first
        inside = found[bisect_left(places, start) : bisect_left(places, end)]
        if isinstance(scope, Function):
            answer = meaning(scope, name) if inside else None
        else:
            answer = False if inside and _binds(scope, name) else None
        if answer is not None:
            meant.update((id_, answer) for _, id_ in inside)
    return {id_ for id_, is_meant in meant.items() if is_meant}


def binders(function: Function, name: str) -> list[ast.AST]:
    """What binds a name in a function itself, parameters as well; nothing where it is another's."""
    inside = list(of_scope(_body(function)))
    if any(isinstance(node, ast.Global | ast.Nonlocal) and name in node.names for node in inside):
        return []
    return [n for n in (*ast.iter_child_nodes(function.args), *inside) if bound_by(n) == name]


def of_scope(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Some nodes and those below them in the same scope, in no particular order."""
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        yield node
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda() | ast.ClassDef():
                pass
            case ast.AnnAssign(value=None):  # it binds nothing
                pass
            case ast.comprehension(iter=source, ifs=tests):
                waiting += [source, *tests]
            case _:
                waiting += ast.iter_child_nodes(node)


def bound_by(node: ast.AST) -> str | None:
    """The name that a node by itself binds in its scope."""
    match node:
        case ast.alias():
            return node.asname or node.name.partition(".")[0]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
            return name
        case ast.MatchAs(name=name) | ast.MatchStar(name=name) | ast.MatchMapping(rest=name):
            return name
    return None


def _binds(comprehension: Comprehension, name: str) -> bool:
    """Whether a comprehension has a name for itself."""
    targets = (each for part in comprehension.generators for each in ast.walk(part.target))
    return any(bound_by(target) == name for target in targets)


def _body(scope: Function | Comprehension) -> Sequence[ast.stmt | ast.expr]:
    """Where a scope's own names stand; a function's defaults and decorators are outside."""
    if isinstance(scope, ast.Lambda):
        return [scope.body]
    return scope.body if isinstance(scope, Function) else [scope]


def _span(scope: Function | Comprehension) -> tuple[Place, Place, Function | Comprehension]:
    """Where a scope's own names start and end, and the scope."""
    first, last = _body(scope)[0], _body(scope)[-1]
    heads = (first, *getattr(first, "decorator_list", ()))
    start = min((each.lineno, each.col_offset) for each in heads)
    return start, (last.end_lineno or 0, last.end_col_offset or 0), scope
