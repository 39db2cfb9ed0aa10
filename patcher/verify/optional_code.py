"""Code whose failure is provided for, or which never runs."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable


def caught(statements: Iterable[ast.stmt], errors: Collection[str]) -> set[int]:
    """Ids of the nodes whose failure with one of `errors` is caught around them.

    Args:
        statements: All of a module.
        errors: Names of exceptions.
    """
    wanted = {"Exception", "BaseException", *errors}
    attempts = (each for each in statements if isinstance(each, ast.Try))
    return _inside(
        attempt.body
        for attempt in attempts
        if any(_catches(handler, wanted) for handler in attempt.handlers)
    )


def for_types(statements: Iterable[ast.stmt]) -> set[int]:
    """Ids of the nodes that only type checkers read."""
    choices = (each for each in statements if isinstance(each, ast.If))
    return _inside(choice.body for choice in choices if _is_for_types(choice.test))


def _inside(bodies: Iterable[list[ast.stmt]]) -> set[int]:
    return {id(node) for body in bodies for statement in body for node in ast.walk(statement)}


def _is_for_types(test: ast.expr) -> bool:
    match test:
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return True
    return False


def _catches(handler: ast.ExceptHandler, wanted: Collection[str]) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(ast.unparse(kind).rpartition(".")[2] in wanted for kind in kinds)
