"""The names that code binds and reads, and what a name stands for where it is read."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from patcher.verify.module import Function, Loop, Module

# Whether a name is the one meant inside a function; None where the function does not bind it.
Meaning = Callable[[Function, str], bool | None]


def of_module(function: Function, name: str) -> bool | None:
    """The meaning of a module's own name: any local of that name is something else."""
    return False if name in parameters(function) or binders(function, name) else None


def reads(
    module: Module, name: str, meaning: Meaning = of_module, outside: bool = True
) -> set[int]:
    """Ids of the nodes that read a name.

    Args:
        module: What to look through.
        name: The name.
        meaning: Whether the name is the one meant in a function.
        outside: Whether it is the one meant outside of functions.
    """
    known = cache(lambda function: meaning(function, name))
    return {
        id(node)
        for node in (module.every(ast.Name) if name.encode() in module.content else ())
        if node.id == name
        and isinstance(node.ctx, ast.Load)
        and _is_meant(module, node, known, outside)
    }


def parameters(function: Function) -> list[str]:
    """The names of a function's parameters; `**name` is left out, being a dictionary of its own."""
    arguments = function.args
    star = [arguments.vararg] if arguments.vararg else []
    named = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *star)
    return [argument.arg for argument in named]


def binders(function: Function, name: str) -> list[ast.AST]:
    """What binds a name in a function itself; nothing where it is declared to be another's."""
    inside = list(of_scope(_body(function)))
    if any(isinstance(node, ast.Global | ast.Nonlocal) and name in node.names for node in inside):
        return []
    keywords = function.args.kwarg
    stars = [keywords] if keywords and keywords.arg == name else []
    return [*stars, *(node for node in inside if name in bound_by(node))]


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


def bound_by(node: ast.AST) -> list[str]:
    """The names that a node by itself binds in its scope."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            return [name]
        case ast.alias():
            return [node.asname or node.name.partition(".")[0]]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return [name]
        case ast.ClassDef(name=str() as name) | ast.MatchAs(name=str() as name):
            return [name]
        case ast.MatchStar(name=str() as name) | ast.MatchMapping(rest=str() as name):
            return [name]
    return []


def _is_meant(
    module: Module, node: ast.Name, known: Callable[[Function], bool | None], outside: bool
) -> bool:
    """What the innermost function around a name that binds it makes of it."""
    if any(_spans(loop, loop, node) and _binds(loop, node.id) for loop in module.loops):
        return False
    holders = (function for function in module.functions if _holds(function, node))
    answers = map(known, sorted(holders, key=_start, reverse=True))
    return next((answer for answer in answers if answer is not None), outside)


def _binds(loop: Loop, name: str) -> bool:
    """Whether a comprehension has a name for itself."""
    targets = (each for part in loop.generators for each in ast.walk(part.target))
    return any(name in bound_by(target) for target in targets)


def _holds(function: Function, node: ast.Name) -> bool:
    """Whether a node stands in a function's body; defaults and decorators are outside."""
    body = _body(function)
    return _spans(body[0], body[-1], node)


def _body(function: Function) -> list[ast.stmt] | list[ast.expr]:
    return [function.body] if isinstance(function, ast.Lambda) else function.body


def _spans(first: ast.stmt | ast.expr, last: ast.stmt | ast.expr, node: ast.Name) -> bool:
    end = (last.end_lineno or 0, last.end_col_offset or 0)
    return _start(first) <= _start(node) < end


def _start(node: ast.stmt | ast.expr) -> tuple[int, int]:
    """Line and column; the decorators of a function or class belong to it."""
    start = (node.lineno, node.col_offset)
    return min([start, *map(_start, getattr(node, "decorator_list", ()))])
