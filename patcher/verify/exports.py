"""The names that the modules of a tree offer for import."""

from __future__ import annotations

import ast
import re

from patcher.verify.module import Module, Request
from patcher.verify.sources import Sources

_OF_EVERY_MODULE = frozenset(
    f"__{word}__"
    for word in ("builtins", "cached", "dict", "doc", "file", "loader", "name", "package", "path")
)
# A module that does any of this may define names that cannot be read off it.
_SECRETIVE = re.compile(rb"\bglobals\(|\bsys\.modules\b|\bexec\(|^def __getattr__\(", re.MULTILINE)


class Exports:
    """What can be imported from the modules of a tree.

    Args:
        sources: The tree.
    """

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._found: dict[str, frozenset[str] | None] = {}

    def has(self, module: str, name: str) -> bool:
        """Whether a module of the tree offers a name, or may do so unseen."""
        inner = f"{module}.{name}"
        if name in _OF_EVERY_MODULE or inner in self._sources.paths:
            return True
        names = self._names(module)
        return names is None or name in names or inner in self._sources.folders

    def _names(self, name: str) -> frozenset[str] | None:
        """The names bound in a module of the tree; None where they cannot be told."""
        if name not in self._found:
            self._found[name] = frozenset()  # for modules that import each other
            module = self._sources.named(name)
            self._found[name] = self._read(module) if module else None
        return self._found[name]

    def _read(self, module: Module) -> frozenset[str] | None:
        if _SECRETIVE.search(module.content):
            return None
        names = _bound(module)
        for request in module.requests:
            if request.name == "*":
                more = self._starred(request)
                if more is None:
                    return None
                names |= more
        return frozenset(names)

    def _starred(self, request: Request) -> frozenset[str] | None:
        names = self._names(request.module)
        module = self._sources.named(request.module)
        if names is None or module is None:
            return None
        listed = _listed(module)
        if listed is not None:
            return listed
        return frozenset(name for name in names if not name.startswith("_"))


def _bound(module: Module) -> set[str]:
    """The names that running a module leaves bound, on whichever branch."""
    binder = _Binder()
    for statement in module.tree.body:
        if isinstance(statement, ast.Delete):
            gone = (target.id for target in statement.targets if isinstance(target, ast.Name))
            binder.names.difference_update(gone)
        binder.visit(statement)
    globals_ = (each for each in module.statements if isinstance(each, ast.Global))
    return binder.names.union(*(each.names for each in globals_))


class _Binder(ast.NodeVisitor):
    """Collects the names that statements bind in their own scope."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self.names.add(node.id)

    def visit_FunctionDef(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    ) -> None:
        self.names.add(node.name)

    visit_AsyncFunctionDef = visit_ClassDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        pass

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for part in (node.iter, *node.ifs):
            self.visit(part)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.generic_visit(node)

    def visit_alias(self, node: ast.alias) -> None:
        self.names.add(node.asname or node.name.partition(".")[0])

    def visit_MatchAs(self, node: ast.MatchAs | ast.MatchStar) -> None:
        self.names.update([node.name] if node.name else [])
        self.generic_visit(node)

    visit_MatchStar = visit_MatchAs


def _listed(module: Module) -> frozenset[str] | None:
    """The names in a plain `__all__`; None where there is none."""
    for statement in module.tree.body:
        if isinstance(statement, ast.Assign) and "__all__" in map(ast.unparse, statement.targets):
            try:
                return frozenset(ast.literal_eval(statement.value))
            except (TypeError, ValueError):
                return None
    return None
