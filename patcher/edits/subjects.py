"""What statements are about, and how two about the same thing differ."""

import ast
from collections.abc import Iterable
from difflib import SequenceMatcher
from operator import eq, ne

import libcst as cst

from patcher.code import quotes
from patcher.code.equivalence import equivalent, simple_statements, walk
from patcher.code.flags import (
    calls_in,
    define_alike,
    defined_flag,
    flag_call,
    flag_default,
    flag_name,
)
from patcher.code.imports import Import, Key, keys, sole_import, source
from patcher.code.outline import Line, Outline, Statement
from patcher.model import Rule


def states(wanted: Statement, node: Statement) -> bool:
    """Whether a line is the wanted one; an import may have more names, a flag another help text."""
    if not is_same_kind(wanted, node):  # as most lines are not
        return False
    if equivalent(wanted, node):
        return True
    names, found = sole_import(wanted), sole_import(node)
    if names and found:
        return source(names) == source(found) and keys(names) <= keys(found)
    flag, other = flag_call(wanted), flag_call(node)
    if flag and other and flag_name(flag):
        one, two = ((flag_name(each), flag_default(each)) for each in (flag, other))
        return define_alike(flag, other) and equivalent(one, two)
    return False


def is_same_kind(one: Statement, other: Statement) -> bool:
    """Whether two lines start with the same kind of statement."""
    return _first(one) is _first(other)


def _first(node: Statement) -> type[cst.CSTNode]:
    """The kind of a statement, of the first on a line of simple ones; a flag may have a name."""
    if defined_flag(node):
        return cst.Expr
    return type(node.body[0] if isinstance(node, cst.SimpleStatementLine) else node)


def rivals(wanted: Statement, lines: Iterable[Line]) -> list[Line]:
    """The lines that state something else of a statement's subject."""
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
    call = _assigned_call(node)
    return (*subject_of(node), call.func) if call else subject_of(node)


def callers(wanted: Statement, outline: Outline) -> list[Line]:
    """The simple lines that call what a statement calls for the value that it assigns."""
    call = _assigned_call(wanted)
    calls = calls_in(outline.lines(), call.func) if call else ()
    return list(dict.fromkeys(line for line, _ in calls))


def _assigned_call(node: Statement) -> cst.Call | None:
    first = node.body[0] if isinstance(node, cst.SimpleStatementLine) else None
    value = first.value if isinstance(first, cst.Assign) else None
    return value if isinstance(value, cst.Call) else None


def is_mostly(wanted: Statement, node: Statement) -> bool:
    """Whether a compound statement has half of the lines of one of its kind."""
    if type(wanted) is not type(node) or not isinstance(wanted, cst.BaseCompoundStatement):
        return False
    mine, other = (
        ast.unparse(ast.parse(cst.Module([]).code_for_node(each))).splitlines()
        for each in (wanted, node)
    )
    return 2 * len(set(mine) & set(other)) >= len(mine)


def states_otherwise(rule: Rule, outline: Outline) -> bool:
    """Whether a line at the rule's place differs from its quote in few of the names.

    Or whether one anywhere makes the same thing without its name.
    """
    wanted = quotes.statements(rule.before)[0]
    lines = outline.lines(rule.edit.within)
    return any(_reads_like(wanted, line.node) for line in lines) or bool(callers(wanted, outline))


def _reads_like(wanted: Statement, node: Statement) -> bool:
    kinds, names = _shape(wanted)
    other_kinds, other_names = _shape(node)
    return kinds == other_kinds and 2 * sum(map(eq, names, other_names)) > len(names)


def is_nearly(wanted: Statement, node: Statement) -> bool:
    """Whether a simple line is the wanted one but for one of its names."""
    one, two = sole_import(wanted), sole_import(node)
    if one and two:
        return any(_imports_nearly(one, a, two, b) for a in keys(one) for b in keys(two))
    if not isinstance(wanted, cst.SimpleStatementLine) or not is_same_kind(wanted, node):
        return False
    (kinds, names), (other_kinds, others) = _shape(wanted), _shape(node)
    texts = [[p.value for p in walk(e) if isinstance(p, cst.SimpleString)] for e in (wanted, node)]
    changed = sum(map(ne, names, others))
    return kinds == other_kinds and texts[0] == texts[1] and changed == 1 < len(names)


def _imports_nearly(one: Import, name: Key, two: Import, other: Key) -> bool:
    """Whether two names are imported from elsewhere alike, or under like names from one module."""
    if isinstance(one, cst.ImportFrom) and isinstance(two, cst.Import):
        return other[0] == source(one)  # the module itself
    if isinstance(one, cst.Import) or isinstance(two, cst.Import):
        return bool(name[1]) and name[1] == other[1] and name[0] != other[0]
    if source(one) != source(two):
        return name == other
    return name != other and SequenceMatcher(None, name[0], other[0]).ratio() > 0.9


def _shape(node: Statement) -> tuple[list[type[cst.CSTNode]], list[str]]:
    """The kinds of nodes in a line, of an `if` in its test, and the names there, in order."""
    parts = list(walk(node.test if isinstance(node, cst.If) else node))
    return [type(part) for part in parts], [p.value for p in parts if isinstance(p, cst.Name)]
