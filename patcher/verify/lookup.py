"""A setting that code reads by name, and what shows that it may do without."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from patcher.verify.module import Module


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a setting is read: path of the file, 1-based line, name of the setting."""

    file: str
    line: int
    name: str


def text(node: ast.AST) -> str | None:
    """The string that stands there; None for anything else."""
    match node:
        case ast.Constant(value=str() as value):
            return value
    return None


def asked(module: Module) -> set[str | None]:
    """The names that a module asks for before it reads: `'x' in settings`, `hasattr(_, 'x')`."""
    found: set[str | None] = set()
    for node in (*module.every(ast.Compare), *module.every(ast.Call)):
        match node:
            case ast.Compare(left=name, ops=[ast.In() | ast.NotIn()]):
                found.add(text(name))
            case ast.Call(func=ast.Name(id="hasattr"), args=[_, name]):
                found.add(text(name))
    return found
