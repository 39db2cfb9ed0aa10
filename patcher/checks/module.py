"""One parsed file, and what it imports."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

_LEAVES = frozenset((ast.Name, ast.Constant, ast.Load, ast.Store))
Node = TypeVar("Node", bound=ast.AST)
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


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
