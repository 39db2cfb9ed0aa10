"""A module as blocks of statements: what rules look at and edit.

One visit builds the outline. Rules find their places in it, `patcher.code.changes` replaces, adds
and removes lines, and `rebuild` makes the edited module, copying only the path to each edit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from operator import is_
from typing import Any, TypeVar, cast

import libcst as cst

from patcher.code.source import Printed

Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement
_N = TypeVar("_N", bound=cst.CSTNode)
# Where a compound statement has its clauses: `except`, `case`, `elif` or `else`, `finally`.
_CLAUSES = ("handlers", "cases", "orelse", "finalbody")


@dataclass(slots=True, eq=False)
class Line:
    """One statement of a block, simple or compound.

    Attributes:
        node: The statement as the rules have left it.
        origin: What to point at in the file as it was read; for a line that a rule wrote, the
            line that it replaced or follows.
        suites: The blocks inside it.
    """

    node: Statement
    suite: Suite
    origin: cst.CSTNode
    suites: list[Suite] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Suite:
    """A block of statements.

    Attributes:
        scope: Dotted name of the class or function around it, "" at module level.
        node: The block as it was read.
        owner: The line that it belongs to; None for the module's own.
        indent: What each nested block adds to the indent here.
        footer: The blank lines and comments behind the last statement.
    """

    scope: str
    node: cst.Module | cst.IndentedBlock
    owner: Line | None
    indent: str
    lines: list[Line] = field(default_factory=list)
    footer: list[cst.EmptyLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A module as it was read, what that prints, and its blocks, outer before inner."""

    module: cst.Module
    code: str
    suites: tuple[Suite, ...]

    def within(self, scope: str) -> Iterator[Suite]:
        """The blocks that belong to `scope` itself, not to a function inside it."""
        return (suite for suite in self.suites if suite.scope == scope)

    def lines(self, scope: str | None = None) -> Iterator[Line]:
        """Every statement of the blocks within `scope`; of the module where it is None."""
        suites = self.suites if scope is None else self.within(scope)
        return (line for suite in suites for line in suite.lines)

    @property
    def scopes(self) -> frozenset[str]:
        """The dotted names of all classes and functions that have a block, and "" of the module."""
        return frozenset(suite.scope for suite in self.suites)

    def rebuild(self) -> Rebuilt:
        """The module as the rules have left it."""
        nodes = dict[int, Statement]()
        module = _rebuilt(self.suites[0], nodes)
        return Rebuilt(cst.ensure_type(module, cst.Module), nodes)


@dataclass(frozen=True, slots=True, eq=False)
class Rebuilt:
    """An edited module, which is the parsed one itself where nothing was edited.

    `nodes` has the statement that stands in it for each line of the outline, by the line's id;
    none for a line that a rule has replaced.
    """

    module: cst.Module
    nodes: Mapping[int, Statement]


def outline(parsed: Printed) -> Outline:
    """The outline of a module."""
    module, suites = parsed.module, list[Suite]()
    _collect(module, "", None, module.default_indent, suites)
    return Outline(module, parsed.code, tuple(suites))


def _collect(
    block: cst.Module | cst.IndentedBlock,
    scope: str,
    owner: Line | None,
    indent: str,
    suites: list[Suite],
) -> None:
    suite = Suite(scope, block, owner, indent, footer=list(block.footer))
    suites.append(suite)
    if owner:
        owner.suites.append(suite)
    for node in cast("tuple[Statement, ...]", block.body):
        line = Line(node, suite, node)
        suite.lines.append(line)
        if isinstance(node, cst.SimpleStatementLine):
            continue
        inner = scope
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            inner = f"{scope}.{node.name.value}".lstrip(".")
        for nested in _blocks(node):
            width = suites[0].indent if nested.indent is None else nested.indent
            _collect(nested, inner, line, width, suites)


def _blocks(node: cst.CSTNode) -> Iterator[cst.IndentedBlock]:
    blocks = (getattr(part, "body", None) for part in (node, *clauses(node)))
    return (block for block in blocks if isinstance(block, cst.IndentedBlock))


def clauses(node: cst.CSTNode) -> Iterator[Any]:
    """The parts of a compound statement behind its first block: `elif`, `else`, `except`."""
    for name in _CLAUSES:
        part = getattr(node, name, None)
        for clause in part if isinstance(part, list | tuple) else (part,):
            if clause:
                yield clause
                yield from clauses(clause)


def _rebuilt(suite: Suite, nodes: dict[int, Statement]) -> cst.Module | cst.IndentedBlock:
    block = suite.node
    body = [_rebuilt_line(line, nodes) for line in suite.lines]
    unchanged = len(body) == len(block.body) and all(map(is_, body, block.body))
    if unchanged and suite.footer == list(block.footer):
        return block
    return block.with_changes(body=body, footer=suite.footer)


def _rebuilt_line(line: Line, nodes: dict[int, Statement]) -> Statement:
    edited = {id(suite.node): _rebuilt(suite, nodes) for suite in line.suites}
    same = all(id(block) == before for before, block in edited.items())
    node = line.node if same else _with_blocks(line.node, edited)
    nodes[id(line)] = node
    return node


def _with_blocks(node: _N, edited: Mapping[int, cst.CSTNode]) -> _N:
    changes: dict[str, object] = {}
    for name in ("body", *_CLAUSES):
        part = getattr(node, name, None)
        if isinstance(part, cst.BaseSuite):
            changes[name] = edited.get(id(part), part)
        elif isinstance(part, list | tuple):
            changes[name] = [_with_blocks(clause, edited) for clause in part]
        elif part:
            changes[name] = _with_blocks(part, edited)
    return node.with_changes(**changes)
