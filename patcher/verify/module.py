"""One parsed file, and what it imports."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from patcher.verify.optional_code import for_type_checkers, with_handler

_LEAVES = frozenset((ast.Name, ast.Constant, ast.Load, ast.Store))
Node = TypeVar("Node", bound=ast.AST)
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Loop = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(frozen=True, slots=True)
class Request:
    """One name that a module imports from another.

    Attributes:
        module: Dotted name of the other module.
        name: The name; "" for the module itself, "*" for all.
        line: 1-based.
        optional: Whether the file can do without: the failure is caught, or only type checkers
            read the line.
    """

    module: str
    name: str
    line: int
    optional: bool


@dataclass(frozen=True, eq=False)
class Module:
    """One parsed file.

    Attributes:
        path: Its path below the tree's root.
        name: The dotted name that others import it by.
        content: Its bytes.
        tree: Its syntax tree.
    """

    path: str
    name: str
    content: bytes
    tree: ast.Module

    @cached_property
    def statements(self) -> list[ast.stmt]:
        """Every statement, however deep, in the order of the file."""
        return list(_statements(self.tree))

    @cached_property
    def requests(self) -> list[Request]:
        """Everything that is imported, in functions as well, in the order of the file."""
        statements = self.statements
        optional = with_handler(statements, {"ImportError", "ModuleNotFoundError"})
        optional |= for_type_checkers(statements)
        return [
            Request(*each, statement.lineno, id(statement) in optional)
            for statement in statements
            for each in self._requested(statement)
        ]

    @cached_property
    def functions(self) -> list[Function]:
        """Every function, in no particular order."""
        found: list[Function] = [*self.every(ast.FunctionDef)]
        found += self.every(ast.AsyncFunctionDef)
        found += self.every(ast.Lambda)
        return found

    @cached_property
    def loops(self) -> list[Loop]:
        """Every comprehension, in no particular order."""
        found: list[Loop] = [*self.every(ast.ListComp), *self.every(ast.DictComp)]
        found += self.every(ast.SetComp)
        found += self.every(ast.GeneratorExp)
        return found

    def every(self, kind: type[Node]) -> list[Node]:
        """The nodes of a kind, subclasses left out, in no particular order."""
        return self._by_kind.get(kind, [])  # type: ignore[return-value]

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

    def _requested(self, statement: ast.stmt) -> Iterator[tuple[str, str]]:
        """The modules that a statement imports, and the names of each."""
        if isinstance(statement, ast.Import):
            yield from ((alias.name, "") for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom):
            source = self._absolute(statement)
            yield from ((source, alias.name) for alias in statement.names if source)

    def _absolute(self, statement: ast.ImportFrom) -> str:
        """The module that a statement names; "" where it leads out of the tree."""
        parts = [statement.module] if statement.module else []
        if not statement.level:
            return ".".join(parts)
        package = self.name.split(".") if self.name else []
        up = statement.level - self.path.endswith("/__init__.py")
        return ".".join(package[: len(package) - up] + parts) if up <= len(package) else ""


def _statements(tree: ast.Module) -> Iterator[ast.stmt]:
    waiting: list[ast.AST] = [tree]
    while waiting:
        holder = waiting.pop()
        if isinstance(holder, ast.stmt):
            yield holder
        for name in ("finalbody", "orelse", "cases", "handlers", "body"):
            below = getattr(holder, name, ())
            waiting += reversed(below) if isinstance(below, list) else ()
