"""What statements are about, and how two that are about the same differ."""

from __future__ import annotations

import ast
from itertools import zip_longest

import libcst as cst

from patcher.code import quotes
from patcher.code.equivalence import in_a_row, same, walk
from patcher.code.flags import flag_default, flag_name, sole_call
from patcher.code.imports import keys, only, source
from patcher.code.outline import Line, Outline, Statement
from patcher.model import Rule


def says(wanted: Statement, node: Statement) -> bool:
    """Whether a line says what is wanted; more names of an import, or another help, may be."""
    if _first(wanted) is not _first(node):  # as of most lines
        return False
    if same(wanted, node):
        return True
    names, found = only(wanted), only(node)
    if names and found:
        return source(names) == source(found) and keys(names) <= keys(found)
    flag, other = sole_call(wanted), sole_call(node)
    if flag and other and flag_name(flag):
        pairs = ((f(flag), f(other)) for f in (_definer, flag_name, flag_default))
        return all(same(one, two) for one, two in pairs)
    return False


def _first(node: Statement) -> type[cst.CSTNode]:
    """The kind of a statement, of the first on a line of simple ones."""
    return type(node.body[0] if isinstance(node, cst.SimpleStatementLine) else node)


def _definer(call: cst.Call) -> cst.BaseExpression:
    return call.func


def alike(rule: Rule, wanted: Statement, outline: Outline) -> list[Line]:
    """The lines about the same subject that say something else of it.

    For code that is removed that is any other use of the callee, wherever it stands.
    """
    suites = outline.within(rule.edit.within) if rule.after else outline.suites
    subject = topic(wanted)[: None if rule.after else 1]
    found = []
    for line in (line for suite in suites for line in suite.lines):
        others = map(_topic, in_a_row(line.node))
        about_it = subject and any(same(subject, other[: len(subject)]) for other in others)
        if about_it and not (rule.after and says(wanted, line.node)):
            found.append(line)
    return found


def topic(node: Statement) -> tuple[object, ...]:
    """What a statement is about: the target assigned to, the callee, the thing it names."""
    row = node.body if isinstance(node, cst.SimpleStatementLine) else ()
    tells = len(row) == 1 or (row and isinstance(row[0], cst.Assign | cst.AnnAssign))
    return _topic(row[0]) if tells else ()


def _topic(node: cst.BaseSmallStatement) -> tuple[object, ...]:
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


def setting(node: Statement) -> tuple[object, ...]:
    """What a statement is about, and where a call gives it that, the callee."""
    first = node.body[0] if isinstance(node, cst.SimpleStatementLine) else None
    value = first.value if isinstance(first, cst.Assign) else None
    return (*topic(node), *([value.func] if isinstance(value, cst.Call) else ()))


def makers(wanted: Statement, outline: Outline) -> list[Line]:
    """The simple lines that call what a statement calls for the value that it assigns."""
    first = wanted.body[0] if isinstance(wanted, cst.SimpleStatementLine) else None
    value = first.value if isinstance(first, cst.Assign) else None
    if not isinstance(value, cst.Call):
        return []
    lines = (line for line in outline.lines() if isinstance(line.node, cst.SimpleStatementLine))
    return [line for line in lines if any(_calls(value, part) for part in walk(line.node))]


def _calls(wanted: cst.Call, node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Call) and same(wanted.func, node.func)


def first_difference(wanted: Statement, node: Statement) -> str:
    """The first line in which a block differs from one like it; "" for what is unlike it."""
    if not isinstance(wanted, cst.BaseCompoundStatement):
        return ""
    if only(node) and any(same(part, node) for part in walk(wanted)):
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
