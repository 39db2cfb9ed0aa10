"""A module as blocks of statements: what rules look at and edit.

One visit builds the outline. Rules find their places in it, `patcher.code.changes` replaces, adds
and removes lines, and `rebuild` makes the edited module, copying only the path to each edit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from operator import is_
from typing import Any, TypeVar, cast

import libcst as cst

from patcher.code.equivalence import leaves
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
        is_dead: Whether it never runs, as behind a `return`.
        suites: The blocks inside it, without those of an `elif`.
        elif_line: The `elif` of an `if`, as a line of its own; None where there is none.
    """

    node: Statement
    suite: Suite
    origin: cst.CSTNode
    is_dead: bool = False
    suites: list[Suite] = field(default_factory=list)
    elif_line: Line | None = None

    @property
    def is_branched(self) -> bool:
        """Whether it is an `if` with more than one branch."""
        lines = self.suite.lines
        return isinstance(self.node, cst.If) and bool(self.node.orelse or self not in lines)

    def chain(self) -> Iterator[Line]:
        """The line and, where it is an `if`, each `elif` behind it."""
        each: Line | None = self
        while each:
            yield each
            each = each.elif_line


@dataclass(slots=True, eq=False)
class Suite:
    """A block of statements.

    Attributes:
        scope: Dotted name of the class or function around it, "" at module level.
        node: The block as it was read.
        owner: The line that it belongs to; None for the module's own.
        indent: What each nested block adds to the indent here.
        is_dead: Whether it never runs, as under `if False:`.
        footer: The blank lines and comments behind the last statement.
    """

    scope: str
    node: cst.Module | cst.IndentedBlock
    owner: Line | None
    indent: str
    is_dead: bool = False
    lines: list[Line] = field(default_factory=list)
    footer: list[cst.EmptyLine] = field(default_factory=list)

    def around(self) -> Iterator[Suite]:
        """The block and those around it, the innermost first."""
        each: Suite | None = self
        while each:
            yield each
            each = each.owner.suite if each.owner else None

    def owners(self) -> Iterator[Line]:
        """The lines around the block, the innermost first."""
        return (suite.owner for suite in self.around() if suite.owner)

    def is_apart(self, other: Suite) -> bool:
        """Whether a block need not run where another does, as one of several branches."""
        if other not in self.around():
            return self not in other.around()
        inner = takewhile(lambda suite: suite is not other, self.around())
        return any(suite.owner and suite.owner.is_branched for suite in inner)


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A module as it was read, what that prints, and its blocks, outer before inner."""

    module: cst.Module
    code: str
    suites: tuple[Suite, ...]

    def within(self, scope: str) -> Iterator[Suite]:
        """The blocks of `scope` that run, without those of a function inside it."""
        return (suite for suite in self.suites if suite.scope == scope and not suite.is_dead)

    def lines(self, scope: str | None = None) -> Iterator[Line]:
        """Every statement within `scope` that may run; where it is None all, dead ones too."""
        if scope is None:
            return (line for suite in self.suites for line in suite.lines)
        return (line for suite in self.within(scope) for line in suite.lines if not line.is_dead)

    def ifs(self, scope: str | None = None) -> Iterator[Line]:
        """Every `if` and every `elif` among the lines within a scope."""
        ifs = (line for line in self.lines(scope) if isinstance(line.node, cst.If))
        return (each for line in ifs for each in line.chain())

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
    _collect(Suite("", module, None, module.default_indent), suites)
    return Outline(module, parsed.code, tuple(suites))


def _collect(suite: Suite, suites: list[Suite]) -> None:
    suites.append(suite)
    suite.footer.extend(suite.node.footer)
    is_dead = suite.is_dead
    for node in cast("tuple[Statement, ...]", suite.node.body):
        line = Line(node, suite, node, is_dead)
        suite.lines.append(line)
        row = node.body if isinstance(node, cst.SimpleStatementLine) else ()
        is_dead = is_dead or any(map(leaves, row))
        if not isinstance(node, cst.SimpleStatementLine):
            _collect_blocks(line, suites)


def _collect_blocks(line: Line, suites: list[Suite]) -> None:
    node, scope = line.node, line.suite.scope
    if isinstance(node, cst.FunctionDef | cst.ClassDef):
        scope = f"{scope}.{node.name.value}".lstrip(".")
    dead = dead_blocks(node)
    for block in _blocks(node):
        width = suites[0].indent if block.indent is None else block.indent
        is_dead = line.is_dead or block in dead
        suite = Suite(scope, block, line, width, is_dead)
        line.suites.append(suite)
        _collect(suite, suites)
    if isinstance(node, cst.If) and isinstance(node.orelse, cst.If):
        line.elif_line = Line(node.orelse, line.suite, node.orelse, line.is_dead)
        _collect_blocks(line.elif_line, suites)


def _blocks(node: cst.CSTNode) -> Iterator[cst.IndentedBlock]:
    """The blocks of a statement; those of an `elif` belong to a line of its own."""
    has_elif = isinstance(getattr(node, "orelse", None), cst.If)
    parts = (node,) if has_elif else (node, *clauses(node))
    blocks = (getattr(part, "body", None) for part in parts)
    return (block for block in blocks if isinstance(block, cst.IndentedBlock))


def dead_blocks(node: cst.CSTNode) -> tuple[cst.CSTNode, ...]:
    """The blocks of a statement that never run, as its test is a constant."""
    if not isinstance(node, cst.If | cst.While):
        return ()
    match _constant(node.test), node.orelse:
        case False, _:
            return (node.body,)
        case True, cst.Else(body=body) if isinstance(node, cst.If):
            return (body,)
    return ()


def _constant(test: cst.BaseExpression) -> bool | None:
    """What a test is, as far as it is a constant; None where that is not known."""
    match test:
        case cst.Name(value="True" | "False" | "None" as name):
            return name == "True"
        case cst.Name(value="TYPE_CHECKING") | cst.Attribute(attr=cst.Name(value="TYPE_CHECKING")):
            return False
        case cst.Integer():
            return bool(test.evaluated_value)
        case cst.UnaryOperation(operator=cst.Not(), expression=inner):
            value = _constant(inner)
            return None if value is None else not value
        case cst.BooleanOperation(left=left, operator=cst.And(), right=right):
            return False if False in (_constant(left), _constant(right)) else None
    return None


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
    if line.elif_line and isinstance(node, cst.If) and isinstance(node.orelse, cst.If):
        clause = _rebuilt_line(line.elif_line, nodes)
        node = node if clause is node.orelse else node.with_changes(orelse=clause)
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
