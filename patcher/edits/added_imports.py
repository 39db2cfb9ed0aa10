"""An import that a rule adds to a module: where it stands, else where it belongs."""

from collections.abc import Iterator

import libcst as cst

from patcher.code import quotes
from patcher.code.bindings import binding_lines
from patcher.code.changes import Change, Insertion, Rewrite
from patcher.code.flags import defined_flag
from patcher.code.imports import (
    Import,
    imported_names,
    importing_lines,
    imports_in,
    quoted_import,
    sole_import,
    source,
)
from patcher.code.outline import Line, Outline
from patcher.edits.base import Match, applied, pending


def find_added_import(quote: str, outline: Outline) -> list[Match]:
    """The place of an import that is added: where it stands first, else behind the imports.

    An import inside a function counts where there is no other. None where one of its names is
    bound to something else already.
    """
    wanted = quoted_import(quote)
    done = [applied(line) for line in importing_lines(wanted, outline)][:1]
    done = done or [applied(line) for line in importing_lines(wanted, outline, scope=None)][:1]
    top = outline.suites[0].lines
    if done or not top or any(rebinding_lines(wanted, outline)):
        return done
    changes, anchor = _insertion(quote, outline)
    return [pending(anchor, *changes)]


def _insertion(quote: str, outline: Outline) -> tuple[list[Change], Line]:
    """The changes that add an import to a module, and the line to point at.

    It goes behind the last import, or among those of its package where the alphabet has it.
    """
    suite = outline.suites[0]
    last = index = last_import(outline)
    node = quotes.statement(quote)
    displaced = None
    while index >= 0 and _sorts_before(quoted_import(quote), sole_import(suite.lines[index].node)):
        displaced, index = suite.lines[index], index - 1
    changes: list[Change] = []
    if displaced:  # the blank lines above it go above the import, its comments stay with it
        leading = list(displaced.node.leading_lines)
        blank = next((i for i, each in enumerate(leading) if each.comment), len(leading))
        node = node.with_changes(leading_lines=leading[:blank])
        below = displaced.node.with_changes(leading_lines=leading[blank:])
        changes.append(Rewrite(displaced, below))
    anchor = suite.lines[index] if index >= 0 else None
    return [*changes, Insertion(suite, anchor, node)], suite.lines[max(last, 0)]


def _sorts_before(node: Import, other: Import | None) -> bool:
    """Whether an import goes above another: among those of one package the alphabet decides."""
    if other is None or source(node).partition(".")[0] != source(other).partition(".")[0]:
        return False
    return quotes.code(node) < quotes.code(other)


def last_import(outline: Outline) -> int:
    """Index of the last import above the first definition; -1 where there is none."""
    last = -1
    for index, line in enumerate(outline.suites[0].lines):
        if isinstance(line.node, cst.FunctionDef | cst.ClassDef) or defined_flag(line.node):
            break
        inner = (each for suite in line.suites for each in suite.lines)
        imports = any(imports_in(each.node) for each in (line, *inner))
        if imports or (index == 0 and _is_docstring(line)):
            last = index
    return last


def _is_docstring(line: Line) -> bool:
    first = line.node.body[0] if isinstance(line.node, cst.SimpleStatementLine) else None
    return isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString)


def rebinding_lines(
    wanted: Import, outline: Outline, known: frozenset[str] = frozenset()
) -> Iterator[Line]:
    """Module-level lines that bind an imported name, unless `known`, to something else."""
    return binding_lines(imported_names(wanted) - known, outline, source(wanted))
