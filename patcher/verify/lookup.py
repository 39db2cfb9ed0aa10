"""A setting that code reads by name, and what shows that the code can do without it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from patcher.verify.module import Module


@dataclass(frozen=True, slots=True)
class Lookup:
    """Where a setting is read.

    Attributes:
        file: Path of the file.
        line: 1-based.
        name: Name of the setting.
        optional: Whether the file can do without: it tests for the name, or catches the error.
    """

    file: str
    line: int
    name: str
    optional: bool


def string(node: ast.AST) -> str | None:
    """The string that stands there; None for anything else."""
    match node:
        case ast.Constant(value=str() as value):
            return value
    return None


def tested_names(module: Module) -> set[str | None]:
    """The names that a module tests for: `'x' in settings`, `hasattr(settings, 'x')`."""
    found: set[str | None] = set()
    for node in (*module.every(ast.Compare), *module.every(ast.Call)):
        match node:
            case ast.Compare(left=name, ops=[ast.In() | ast.NotIn()]):
                found.add(string(name))
            case ast.Call(func=ast.Name(id="hasattr"), args=[_, name]):
                found.add(string(name))
    return found
