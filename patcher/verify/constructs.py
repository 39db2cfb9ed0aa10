"""A module as a sequence of constructs: statements, and the heads of blocks, without layout."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from patcher.code import syntax
from patcher.code.syntax import Fault
from patcher.errors import UnparsableError

# The blocks of a compound statement in the order of the text, and what stands above each.
_BLOCKS = {"body": "", "handlers": "", "cases": "", "orelse": "else:", "finalbody": "finally:"}


@dataclass(frozen=True, slots=True)
class Construct:
    """A simple statement, or the head of a compound one.

    Attributes:
        scope: The kinds and names of the blocks that hold it, outermost first.
        code: Its code, as Python prints it.
        lines: Where it stands, 1-based.
    """

    scope: tuple[str, ...]
    code: str
    lines: range

    @property
    def meaning(self) -> tuple[tuple[str, ...], str]:
        """What is compared: all but where it stands."""
        return self.scope, self.code


def constructs(place: str, content: bytes) -> list[Construct]:
    """The constructs of a file, in the order of the text.

    Args:
        place: Name of the file, for sentences.
        content: Its bytes.

    Raises:
        UnparsableError: It is not valid Python.
    """
    module = syntax.read(content)
    if isinstance(module, Fault):
        where = f"{place}:{module.line}" if module.line else place
        raise UnparsableError(where, f"not valid Python ({module.reason})", "", "correct the file")
    return [each for node in module.body for each in _within(node, ())]


def _within(node: Any, scope: tuple[str, ...]) -> Iterator[Construct]:
    blocks = [(name, block) for name in _BLOCKS if (block := getattr(node, name, None))]
    start = _start(node)
    if not blocks:
        yield Construct(scope, ast.unparse(node), range(start, node.end_lineno + 1))
        return
    label = f"{type(node).__name__} {getattr(node, 'name', '') or ''}"
    yield Construct(scope, _head(node), range(start, max(_start(blocks[0][1][0]), start + 1)))
    for name, nodes in blocks:
        inner = (*scope, label, _BLOCKS[name])
        if _BLOCKS[name]:
            line = _start(nodes[0])
            yield Construct((*scope, label), _BLOCKS[name], range(line, line))
        for nested in nodes:
            yield from _within(nested, inner)


def _start(node: Any) -> int:
    """The line where a statement starts, its decorators included."""
    first = (*getattr(node, "decorator_list", ()), getattr(node, "pattern", node))[0]
    return int(first.lineno)


def _head(node: Any) -> str:
    """A compound statement's code up to its first block."""
    hollow = copy.copy(node)
    for name in _BLOCKS:
        if hasattr(node, name):
            setattr(hollow, name, [ast.Pass()] if name == "body" else [])
    return ast.unparse(hollow).removesuffix("pass").rstrip()
