"""One parsed file: what it imports, the names that it binds, and those that it reads."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple, TypeVar

_LEAVES = frozenset((ast.Name, ast.Constant, ast.Load, ast.Store))
Node = TypeVar("Node", bound=ast.AST)
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
Scope = Function | Comprehension
# What has a scope of its own, or nothing below it.
_CLOSED = {ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, *_LEAVES}
# What binds a name besides variables and imports, and the field of the name.
_BINDERS: dict[type[ast.AST], str] = {
    ast.FunctionDef: "name",
    ast.AsyncFunctionDef: "name",
    ast.ClassDef: "name",
    ast.MatchAs: "name",
    ast.MatchStar: "name",
    ast.MatchMapping: "rest",
    ast.arg: "arg",
}


class Request(NamedTuple):
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

    @property
    def loaded(self) -> Iterator[str]:
        """The names of the modules that it may load, packages on the way included."""
        return prefixes(f"{self.module}.{self.name}")


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
            Request(module, name, statement.lineno, statement in optional)
            for statement in self.statements
            for module, name in self._requested(statement)
        ]

    @cached_property
    def requested(self) -> frozenset[tuple[str, str]]:
        """The modules that are imported, each with the name that is imported from it."""
        return frozenset((request.module, request.name) for request in self.requests)

    def caught(self, *errors: str) -> set[ast.AST]:
        """The nodes around which one of some errors is caught, by the errors' names."""
        names = {"Exception", "BaseException", *errors}
        return _below(
            each.body
            for each in self.statements
            if isinstance(each, ast.Try) and any(_catches(one, names) for one in each.handlers)
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
        """The modules that a statement imports, and the names of each; none out of the tree."""
        if isinstance(statement, ast.Import):
            return [(alias.name, "") for alias in statement.names]
        if not isinstance(statement, ast.ImportFrom):
            return ()
        parts = [statement.module] if statement.module else []
        if statement.level:
            package = self.name.split(".") if self.name else []
            kept = len(package) - statement.level + self.path.endswith("/__init__.py")
            parts = package[:kept] + parts if kept >= 0 else []
        return [(".".join(parts), alias.name) for alias in statement.names if parts]


def _below(bodies: Iterable[list[ast.stmt]]) -> set[ast.AST]:
    """The nodes in some blocks."""
    return {node for body in bodies for statement in body for node in ast.walk(statement)}


def _catches(handler: ast.ExceptHandler, names: set[str]) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(ast.unparse(kind).rpartition(".")[2] in names for kind in kinds)


def prefixes(name: str) -> Iterator[str]:
    """The packages on the way to a dotted name, the outermost first, and the name itself."""
    return accumulate(name.split("."), "{}.{}".format)


def reads(module: Module, name: str) -> dict[ast.expr, Scope | None]:
    """The nodes that read a name, each with the function that has it for a local there.

    None where the name is the module's.
    """
    found = dict[ast.expr, Scope | None]()
    names = module.every(ast.Name) if name.encode() in module.content else []
    loads = {node for node in names if node.id == name and isinstance(node.ctx, ast.Load)}
    lines = {node.lineno for node in loads}
    waiting: list[tuple[ast.AST, Scope | None]] = [(module.tree, None)] if lines else []
    while waiting:
        node, owner = waiting.pop()
        if isinstance(node, ast.Name):
            if node in loads:
                found[node] = owner
        elif stands_on(node, lines):
            inner = node if isinstance(node, Scope) and _binds(node, name) else owner
            for child in ast.iter_child_nodes(node):
                is_body = isinstance(child, ast.stmt) or child is getattr(node, "body", None)
                is_head = isinstance(node, Function) and not is_body
                waiting.append((child, owner if is_head else inner))
    return found


def stands_on(node: ast.AST, lines: Set[int]) -> bool:
    """Whether a node may stand on one of some lines; most statements do not, and are skipped."""
    if not isinstance(node, ast.stmt) or getattr(node, "decorator_list", None):
        return True
    return not lines.isdisjoint(range(node.lineno, (node.end_lineno or node.lineno) + 1))


def _binds(scope: Scope, name: str) -> bool:
    """Whether a name is a local of a function or comprehension."""
    if isinstance(scope, Comprehension):
        return name in map(bound_by, of_scope(each.target for each in scope.generators))
    if name in map(bound_by, ast.iter_child_nodes(scope.args)):
        return True  # most often, and no walk is needed
    inside = list(of_scope([scope.body] if isinstance(scope, ast.Lambda) else scope.body))
    outer = (each.names for each in inside if isinstance(each, ast.Global | ast.Nonlocal))
    return name in map(bound_by, inside) and not any(name in names for names in outer)


def of_scope(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Some nodes and those below them in the same scope, in no particular order."""
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.comprehension):
            waiting += [node.iter, *node.ifs]
        elif isinstance(node, ast.AnnAssign) and not node.value:  # it binds nothing
            pass
        elif type(node) not in _CLOSED:
            waiting += ast.iter_child_nodes(node)


def bound_by(node: ast.AST) -> str | None:
    """The name that a node by itself binds in its scope."""
    if isinstance(node, ast.Name):
        return node.id if isinstance(node.ctx, ast.Store) else None
    if isinstance(node, ast.alias):
        return node.asname or node.name.partition(".")[0]
    field = _BINDERS.get(type(node))
    return getattr(node, field) if field else None
