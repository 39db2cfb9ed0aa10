"""Whether a line is as quoted, and does not only mean much the same."""

from __future__ import annotations

import ast
from functools import lru_cache

import libcst as cst

from patcher.code import quotes
from patcher.code.line_code import code_of
from patcher.code.outline import Line, Outline
from patcher.code.token_runs import quoted_run, runs_in
from patcher.drafting.from_document.quoted import Quoted
from patcher.edits.kinds import Fragment, IfStatement, IfTest, Kind, Statement


def is_exact(edit: Kind, quoted: Quoted, line: Line, outline: Outline) -> bool:
    """Whether a line is as quoted, and does not only mean much the same."""
    if isinstance(edit, IfTest | IfStatement):
        wanted, node = quotes.statement(quoted.before), line.node
        if not (isinstance(wanted, cst.If) and isinstance(node, cst.If)):
            return False
        return meaning(wanted.test) == meaning(node.test)
    if isinstance(edit, Fragment):
        return not quoted.before.rstrip().endswith(",") or _has_comma(quoted.before, line, outline)
    if not isinstance(edit, Statement) or not quoted.before:
        return True
    rows = quotes.statements(quoted.before)
    start = line.suite.lines.index(line)
    run = line.suite.lines[start : start + len(rows)]
    return [*map(meaning, rows)] == [meaning(each.node) for each in run]


def _has_comma(quote: str, line: Line, outline: Outline) -> bool:
    """Whether a comma stands behind the part of a line that a quote with a comma at its end is."""
    code = code_of(line, outline)
    runs = (run for row in (code.rows if code else ()) for run in runs_in(row, quoted_run(quote)))
    return any(run.following == "," for run in runs)


@lru_cache(maxsize=50_000)
def meaning(node: cst.CSTNode) -> str:
    """What a statement or expression says, whatever its layout and comments."""
    bare = node.with_changes(leading_lines=()) if hasattr(node, "leading_lines") else node
    code = cst.Module([]).code_for_node(bare)
    return ast.dump(ast.parse(f"({code})" if isinstance(node, cst.BaseExpression) else code))
