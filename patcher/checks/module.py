"""One parsed file: what it imports, the names that it binds, and those that it reads."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import TypeVar, get_args

_LEAVES = frozenset((ast.Name, ast.Constant, ast.Load, ast.Store))
Node = TypeVar("Node", bound=ast.AST)
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
# Whether a name is the one meant inside a function; None where the function does not bind it.
Meaning = Callable[[Function, str], bool | None]
Place = tuple[int, int]  # line and column
_SCOPES = (*get_args(Function), *get_args(Comprehension))


@dataclass(frozen=True, slots=True)
class Request:
    """One name that a module imports from another.

    Attributes:
        name: The name; "" for the module itself, "*" for all.
        optional: Whether the file can do without: the failure is caught, or only type checkers
            read the line.
    """

    module: str
    name: str
    line: int
    optional: bool


@dataclass(frozen=True, eq=False)
class Module:
    """One parsed file: its path below the tree's root, and the name that others import it by."""

    path: str
    name: str
    content: bytes
    tree: ast.Module

    @cached_property
    def statements(self) -> list[ast.stmt]:
        """Every statement, however deep, in the order of the file."""
        found, waiting = list[ast.stmt](), list[ast.AST]([self.tree])
        while waiting:
            holder = waiting.pop()
            if isinstance(holder, ast.stmt):
                found.append(holder)
            for name in ("finalbody", "orelse", "cases", "handlers", "body"):
                waiting += reversed(getattr(holder, name, ()))
        return found

    @cached_property
    def requests(self) -> list[Request]:
        """Everything that is imported, in functions as well, in the order of the file."""
        optional = self.caught("ImportError", "ModuleNotFoundError")
        optional |= _below(
            each.body
            for each in self.statements
            if isinstance(each, ast.If)
            and "TYPE_CHECKING" in (getattr(each.test, "id", ""), getattr(each.test, "attr", ""))
        )
        return [
            Request(module, name, statement.lineno, id(statement) in optional)
            for statement in self.statements
            for module, name in self._requested(statement)
        ]

    def caught(self, *errors: str) -> set[int]:
        """Ids of the nodes around which one of some errors is caught, by the errors' names."""
        names = {"Exception", "BaseException", *errors}
        attempts = (each for each in self.statements if isinstance(each, ast.Try))
        return _below(
            attempt.body
            for attempt in attempts
            if any(_catches(handler, names) for handler in attempt.handlers)
        )

    def every(self, *kinds: type[Node]) -> list[Node]:
        """The nodes of some kinds, subclasses left out, in no particular order."""
        return [node for kind in kinds for node in self._by_kind.get(kind, ())]  # type: ignore[misc]

    @cached_property
    def _by_kind(self) -> dict[type[ast.AST], list[ast.AST]]:
        found: defaultdict[type[ast.AST], list[ast.AST]] = defaultdict(list)
        waiting: list[ast.AST] = [self.tree]
        for node in waiting:
            kind = type(node)
            found[kind].append(node)
            if kind not in _LEAVES:  # most nodes are
                waiting += ast.iter_child_nodes(node)
        return found

    def _requested(self, statement: ast.stmt) -> Sequence[tuple[str, str]]:
        """The modules that a statement imports, and the names of each."""
        if isinstance(statement, ast.Import):
            return [(alias.name, "") for alias in statement.names]
        if isinstance(statement, ast.ImportFrom) and (source := self._absolute(statement)):
            return [(source, alias.name) for alias in statement.names]
        return ()

    def _absolute(self, statement: ast.ImportFrom) -> str:
        """The module that a statement names; "" where it leads out of the tree."""
        parts = [statement.module] if statement.module else []
        if not statement.level:
            return ".".join(parts)
        package = self.name.split(".") if self.name else []
        up = statement.level - self.path.endswith("/__init__.py")
        return ".".join(package[: len(package) - up] + parts) if up <= len(package) else ""


def _below(bodies: Iterable[list[ast.stmt]]) -> set[int]:
    """Ids of the nodes in some blocks."""
    return {id(node) for body in bodies for statement in body for node in ast.walk(statement)}


def _catches(handler: ast.ExceptHandler, names: set[str]) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(ast.unparse(kind).rpartition(".")[2] in names for kind in kinds)


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
            targets = (each for part in scope.generators for each in ast.walk(part.target))
            answer = False if inside and name in map(bound_by, targets) else None
        if answer is not None:
            meant.update((id_, answer) for _, id_ in inside)
    return {id_ for id_, is_meant in meant.items() if is_meant}


def binders(function: Function, name: str) -> list[ast.AST]:
    """What binds a name in a function itself; nothing where it is another's.

    Where a parameter does, assignments to it are not looked for.
    """
    parameters = [each for each in ast.iter_child_nodes(function.args) if bound_by(each) == name]
    if any(each is not function.args.kwarg for each in parameters):
        return parameters  # most often, and no walk is needed
    inside = list(of_scope(_body(function)))
    if any(isinstance(node, ast.Global | ast.Nonlocal) and name in node.names for node in inside):
        return []
    return [*parameters, *(node for node in inside if bound_by(node) == name)]


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
