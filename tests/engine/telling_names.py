"""The names in a site that tell what a rule edits; and those that a module binds."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache

from patcher.model import Rule


def is_telling(rule: Rule, text: str, nodes: Iterable[ast.stmt], row: int, column: int) -> bool:
    """Whether a name tells what a rule edits, so that another one is not the rule's business."""
    if rule.adds or rule.edit.is_import:
        return False
    known = _known(text)
    return any(each == (row, column) for node in nodes for each in _telling(rule, node, known))


@cache
def _known(text: str) -> set[str]:
    return bound_at_top(ast.parse(text))


def _telling(rule: Rule, node: ast.stmt, known: set[str]) -> Iterator[tuple[int, int]]:
    """Where the names stand that tell what is edited, as row, 1-based, and column, 0-based."""
    if rule.edit.kind == "parameter_default" and isinstance(node, ast.FunctionDef):
        changed = _keywords(rule)
        yield node.lineno, node.col_offset + len("def ")
        for arg in node.args.args:
            if arg.arg in changed:
                yield arg.lineno, arg.col_offset
        return
    value = node.value if isinstance(node, ast.Assign | ast.Expr) else None
    for call in _outermost(value):
        yield from _parts(call.func, known)
        if rule.edit.kind == "flag_default":
            yield call.args[0].lineno, call.args[0].col_offset
        for each in call.keywords:
            if each.arg in _keywords(rule):
                yield each.lineno, each.col_offset


def _outermost(value: ast.expr | None) -> Iterator[ast.Call]:
    if isinstance(value, ast.Call):
        yield value
    elif isinstance(value, ast.BinOp):
        yield from _outermost(value.left)
        yield from _outermost(value.right)


def _parts(func: ast.expr, known: set[str]) -> Iterator[tuple[int, int]]:
    """Where the parts of a dotted name stand; a local variable may have any name."""
    while isinstance(func, ast.Attribute):
        yield func.end_lineno or 0, (func.end_col_offset or 0) - len(func.attr)
        func = func.value
    if isinstance(func, ast.Name) and func.id in known:
        yield func.lineno, func.col_offset


def _keywords(rule: Rule) -> set[str]:
    """The keywords that have another value after an edit."""
    before, after = (
        dict(re.findall(r"(\w+)=([^,()]*(?:\([^()]*\))?)", quote))
        for quote in (rule.before, rule.after)
    )
    return {key for key in before.keys() & after.keys() if before[key] != after[key]}


def bound_at_top(node: ast.AST) -> set[str]:
    """The names that a module binds, wherever its own statements stand."""
    found = set[str]()
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.FunctionDef | ast.ClassDef):
            found.add(each.name)
        elif isinstance(each, ast.alias):
            found.add(each.asname or each.name.partition(".")[0])
        elif isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            found.add(each.id)
        else:
            found |= bound_at_top(each)
    return found
