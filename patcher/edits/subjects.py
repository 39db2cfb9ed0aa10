"""What statements are about, and how two about the same thing differ."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from itertools import zip_longest
from operator import eq

import libcst as cst

from patcher.code import quotes
from patcher.code.equivalence import equivalent, simple_statements, walk
from patcher.code.flags import flag_default, flag_name, sole_call
from patcher.code.imports import keys, sole_import, source
from patcher.code.outline import Line, Outline, Statement
from patcher.model import Rule


def states(wanted: Statement, node: Statement) -> bool:
    """Whether a line is the wanted one; an import may have more names, a flag another help text."""
    if _first(wanted) is not _first(node):  # as of most lines
        return False
    if equivalent(wanted, node):
        return True
    names, found = sole_import(wanted), sole_import(node)
    if names and found:
        return source(names) == source(found) and keys(names) <= keys(found)
    flag, other = sole_call(wanted), sole_call(node)
    if flag and other and flag_name(flag):
        pairs = ((f(flag), f(other)) for f in (_definer, flag_name, flag_default))
        return all(equivalent(one, two) for one, two in pairs)
    return False


def _first(node: Statement) -> type[cst.CSTNode]:
    """The kind of a statement, of the first on a line of simple ones."""
    return type(node.body[0] if isinstance(node, cst.SimpleStatementLine) else node)


def _definer(call: cst.Call) -> cst.BaseExpression:
    return call.func


def rivals(rule: Rule, wanted: Statement, outline: Outline) -> list[Line]:
    """The lines at a rule's place that state something else of a statement's subject."""
    lines = (line for suite in outline.within(rule.edit.within) for line in suite.lines)
    return [line for line in about(wanted, lines) if not states(wanted, line.node)]


def about(wanted: Statement, lines: Iterable[Line], depth: int | None = None) -> list[Line]:
    """The lines about a statement's subject, of which `depth` parts count; None for all."""
    subject = subject_of(wanted)[:depth]
    return [line for line in lines if subject and _is_about(subject, line)]


def _is_about(subject: tuple[object, ...], line: Line) -> bool:
    others = map(_subject, simple_statements(line.node))
    return any(equivalent(subject, other[: len(subject)]) for other in others)


def subject_of(node: Statement) -> tuple[object, ...]:
    """What a statement is about: the target assigned to, the callee, the thing it names."""
    row = node.body if isinstance(node, cst.SimpleStatementLine) else ()
    assigns = bool(row) and isinstance(row[0], cst.Assign | cst.AnnAssign)
    return _subject(row[0]) if len(row) == 1 or assigns else ()


def _subject(node: cst.BaseSmallStatement) -> tuple[object, ...]:
    if isinstance(node, cst.Assign):
        return tuple(target.target for target in node.targets)
    if isinstance(node, cst.AnnAssign):
        return (node.target,)
    call = node.value if isinstance(node, cst.Expr) else None
    if not isinstance(call, cst.Call):
        return ()
    if flag_name(call):
        return "flag", flag_name(call)
    named = [arg.value for arg in call.args[:1] if len(call.args) > 1]
    return call.func, *(arg for arg in named if isinstance(arg, cst.SimpleString))


def setting_of(node: Statement) -> tuple[object, ...]:
    """What a statement is about and, where it assigns what a call returns, the callee."""
    first = node.body[0] if isinstance(node, cst.SimpleStatementLine) else None
    value = first.value if isinstance(first, cst.Assign) else None
    return (*subject_of(node), *([value.func] if isinstance(value, cst.Call) else ()))


def callers(wanted: Statement, outline: Outline) -> list[Line]:
    """The simple lines that call what a statement calls for the value that it assigns."""
    first = wanted.body[0] if isinstance(wanted, cst.SimpleStatementLine) else None
    value = first.value if isinstance(first, cst.Assign) else None
    if not isinstance(value, cst.Call):
        return []
    lines = (line for line in outline.lines() if isinstance(line.node, cst.SimpleStatementLine))
    return [line for line in lines if any(_calls(value, part) for part in walk(line.node))]


def _calls(wanted: cst.Call, node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Call) and equivalent(wanted.func, node.func)


def first_difference(wanted: Statement, node: Statement) -> str:
    """The first line in which a block differs from one like it; "" for what is unlike it."""
    if not isinstance(wanted, cst.BaseCompoundStatement):
        return ""
    if sole_import(node) and any(equivalent(part, node) for part in walk(wanted)):
        return f"expected in `{quotes.header(wanted)}`"
    if type(wanted) is not type(node):
        return ""
    mine, other = (ast.unparse(ast.parse(_plain(each))).splitlines() for each in (wanted, node))
    if len(set(mine) & set(other)) < len(mine) / 2:
        return ""
    pairs = zip_longest(mine, other, fillvalue="")
    one, two = next((pair for pair in pairs if len(set(pair)) > 1), ("", ""))
    found = f"has `{two.strip()}`" if two else "ends"
    if not one:
        return f"{found} as well" if two else ""
    return f"{found}, expected `{one.strip()}`"


def _plain(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node.with_changes(leading_lines=()))


def states_otherwise(rule: Rule, outline: Outline) -> bool:
    """Whether a line at the rule's place differs from its quote in few of the names.

    Or whether one anywhere makes the same thing without its name.
    """
    wanted = quotes.statements(rule.before)[0]
    lines = (line.node for suite in outline.within(rule.edit.within) for line in suite.lines)
    return any(_reads_like(wanted, node) for node in lines) or bool(callers(wanted, outline))


def _reads_like(wanted: cst.CSTNode, node: cst.CSTNode) -> bool:
    mine, other = (_shape(_head(each)) for each in (wanted, node))
    shared = sum(map(eq, mine[1], other[1]))
    return mine[0] == other[0] and 2 * shared > len(mine[1])


def _head(node: cst.CSTNode) -> cst.CSTNode:
    return node.test if isinstance(node, cst.If) else node


def _shape(node: cst.CSTNode) -> tuple[list[type[cst.CSTNode]], list[str]]:
    """The kinds of nodes in code, and the names in it, each in order."""
    parts = list(walk(node))
    return [type(part) for part in parts], [p.value for p in parts if isinstance(p, cst.Name)]
