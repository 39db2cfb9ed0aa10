"""How alike two statements are, of which one may have become the other."""

from __future__ import annotations

import ast
import re
from difflib import SequenceMatcher

from patcher.drafting.from_port.statements import Row, Source

ALIKE = 0.5  # from which one statement may have become the other
_TOKEN = re.compile(r"\w+|[^\w\s]")
_LONGEST = 400  # tokens that are compared; of longer ones, the first
_IMPORTS = (ast.Import, ast.ImportFrom)


def likeness(old: Row, source: Source, new: Row, other: Source) -> float:
    """How alike two statements are, from 0 to 1; what is of different kinds is not alike."""
    one, two = old.node, new.node
    if isinstance(one, ast.Try) and isinstance(two, _IMPORTS):
        return 0.6 if _attempted(one) & _names(two) else 0.0
    if type(one) is not type(two) or len(old.nodes) != len(new.nodes):
        return 0.0
    if old.is_definition:
        same_name = one.name == two.name  # type: ignore[attr-defined]
        return 1.0 if same_name else 0.8 * _ratio(_body(old, source), _body(new, other))
    if bool(old.clauses) != bool(new.clauses):
        return 0.0
    if old.clauses:
        headers = _ratio(_header(old, source), _header(new, other))
        bodies = _ratio(_body(old, source), _body(new, other))
        return max(bodies, (headers + bodies) / 2)
    ratio = _ratio(_tokens(source, old.lines), _tokens(other, new.lines))
    if isinstance(one, _IMPORTS):
        shared = _imported(one) & _imported(two)
        return max(ratio, 0.7) if shared else ratio * 0.7
    subject = _subject(one)
    return 0.5 + ratio / 2 if subject and subject == _subject(two) else ratio * 0.8


def _ratio(one: list[str], other: list[str]) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE else 0.0


def _tokens(source: Source, lines: range) -> list[str]:
    return _TOKEN.findall("\n".join(source.texts[lines.start : lines.stop]))[:_LONGEST]


def _header(row: Row, source: Source) -> list[str]:
    return _tokens(source, row.clauses[0].header)


def _body(row: Row, source: Source) -> list[str]:
    start = row.clauses[0].header.stop if row.clauses else row.lines.start
    texts = source.texts[start : row.lines.stop]
    return [text.strip() for text in texts if text.strip()][:_LONGEST]


def _attempted(node: ast.Try) -> set[str]:
    """The names that a `try` imports, if it does nothing else."""
    found = [each for each in node.body if isinstance(each, _IMPORTS)]
    return set().union(*map(_names, found)) if len(found) == len(node.body) else set()


def _names(node: ast.Import | ast.ImportFrom) -> set[str]:
    return {alias.asname or alias.name for alias in node.names}


def _imported(node: ast.stmt) -> set[str]:
    """What an import is about: its module, and the names that it binds."""
    assert isinstance(node, _IMPORTS)
    return _names(node) | ({node.module or "."} if isinstance(node, ast.ImportFrom) else set())


def _subject(node: ast.stmt) -> str:
    """What a simple statement is about, as code: the targets assigned to, or the callee."""
    match node:
        case ast.Assign(targets=targets):
            return " = ".join(map(ast.unparse, targets))
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            return ast.unparse(target)
        case ast.Expr(value=ast.Call(func=func, args=args)):
            named = [arg for arg in args[:1] if isinstance(arg, ast.Constant) and len(args) > 1]
            return ast.unparse(ast.Tuple([func, *named], ast.Load()))
        case ast.Return():
            return "return"
    return ""
