"""The names that code binds and reads, and what a name stands for where it is read."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from operator import itemgetter

from patcher.verify.module import Function, Loop, Module

# Whether a name is the one meant inside a function; None where the function does not bind it.
Meaning = Callable[[Function, str], bool | None]
Place = tuple[int, int]  # line and column


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
    if name.encode() not in module.content:
        return set()
    known = cache(lambda function: meaning(function, name))
    spans = [(_span(_body(function)), function) for function in module.functions]
    spans.sort(key=itemgetter(0), reverse=True)  # the innermost first
    loops = [_span([loop]) for loop in module.loops if _binds(loop, name)]

    def is_meant(node: ast.Name) -> bool:
        """What the innermost function around a name that binds it makes of it."""
        place = _start(node)
        if any(start <= place < end for start, end in loops):
            return False
        answers = (known(each) for (start, end), each in spans if start <= place < end)
        return next((answer for answer in answers if answer is not None), outside)

    return {
        id(node)
        for node in module.every(ast.Name)
        if node.id == name and isinstance(node.ctx, ast.Load) and is_meant(node)
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


def _binds(loop: Loop, name: str) -> bool:
    """Whether a comprehension has a name for itself."""
    targets = (each for part in loop.generators for each in ast.walk(part.target))
    return any(name in bound_by(target) for target in targets)


def _body(function: Function) -> list[ast.stmt] | list[ast.expr]:
    """Where a function's own names stand; its defaults and decorators are outside."""
    return [function.body] if isinstance(function, ast.Lambda) else function.body


def _span(nodes: Sequence[ast.stmt] | Sequence[ast.expr]) -> tuple[Place, Place]:
    """Where some nodes start, and where they end."""
    last = nodes[-1]
    return _start(nodes[0]), (last.end_lineno or 0, last.end_col_offset or 0)


def _start(node: ast.stmt | ast.expr) -> Place:
    """Line and column; the decorators of a function or class belong to it."""
    start = (node.lineno, node.col_offset)
    return min([start, *map(_start, getattr(node, "decorator_list", ()))])
