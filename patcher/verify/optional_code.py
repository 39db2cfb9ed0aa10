"""Code that may fail, as its failure is caught, or that never runs."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable


def with_handler(statements: Iterable[ast.stmt], errors: Collection[str]) -> set[int]:
    """Ids of the nodes around which one of some errors is caught.

    Args:
        statements: All of a module.
        errors: Names of exceptions.
    """
    names = {"Exception", "BaseException", *errors}
    attempts = (each for each in statements if isinstance(each, ast.Try))
    return _inside(
        attempt.body
        for attempt in attempts
        if any(_catches(handler, names) for handler in attempt.handlers)
    )


def for_type_checkers(statements: Iterable[ast.stmt]) -> set[int]:
    """Ids of the nodes that only type checkers read."""
    choices = (each for each in statements if isinstance(each, ast.If))
    return _inside(choice.body for choice in choices if _is_type_checking(choice.test))


def _inside(bodies: Iterable[list[ast.stmt]]) -> set[int]:
    return {id(node) for body in bodies for statement in body for node in ast.walk(statement)}


def _is_type_checking(test: ast.expr) -> bool:
    match test:
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return True
    return False


def _catches(handler: ast.ExceptHandler, names: Collection[str]) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(ast.unparse(kind).rpartition(".")[2] in names for kind in kinds)
