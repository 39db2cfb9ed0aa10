"""The names that the modules of a tree offer for import."""

from __future__ import annotations

import ast
import re

from patcher.verify.module import Module, Request
from patcher.verify.scopes import bound_by, of_scope
from patcher.verify.sources import Sources

_OF_EVERY_MODULE = frozenset(
    f"__{word}__"
    for word in ("builtins", "cached", "dict", "doc", "file", "loader", "name", "package", "path")
)
# A module that does any of this may define names that its source does not show.
_DYNAMIC = re.compile(rb"\bglobals\(|\bsys\.modules\b|\bexec\(|^def __getattr__\(", re.MULTILINE)


class Exports:
    """What can be imported from the modules of a tree.

    Args:
        sources: The tree.
    """

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._found: dict[str, frozenset[str] | None] = {}

    def has(self, module: str, name: str) -> bool:
        """Whether a module of the tree offers a name, or may do so without showing it."""
        inner = f"{module}.{name}"
        if name in _OF_EVERY_MODULE or inner in self._sources.paths:
            return True
        names = self.names(module)
        return names is None or name in names or inner in self._sources.folders

    def names(self, name: str) -> frozenset[str] | None:
        """The names bound in a module of the tree; None where its source does not show them."""
        if name not in self._found:
            self._found[name] = None  # for modules that import `*` from each other
            module = self._sources.named(name)
            self._found[name] = self._read(module) if module else None
        return self._found[name]

    def _read(self, module: Module) -> frozenset[str] | None:
        if _DYNAMIC.search(module.content):
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
        names = self.names(request.module)
        module = self._sources.named(request.module)
        if names is None or module is None:
            return None
        listed = _listed(module)
        if listed is not None:
            return listed
        return frozenset(name for name in names if not name.startswith("_"))


def _bound(module: Module) -> set[str]:
    """The names that running a module leaves bound, on whichever branch."""
    names: set[str] = set()
    for statement in module.tree.body:
        if isinstance(statement, ast.Delete):
            names -= {each.id for each in statement.targets if isinstance(each, ast.Name)}
        names.update(name for node in of_scope([statement]) for name in bound_by(node))
    return names.union(*(node.names for node in module.every(ast.Global)))


def _listed(module: Module) -> frozenset[str] | None:
    """The names in a plain `__all__`; None where there is none."""
    for statement in module.tree.body:
        if isinstance(statement, ast.Assign) and "__all__" in map(ast.unparse, statement.targets):
            try:
                return frozenset(ast.literal_eval(statement.value))
            except (TypeError, ValueError):
                return None
    return None
