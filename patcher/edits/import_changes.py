"""The changes that give an import other names, take it away, or add one."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from patcher.code import quotes
from patcher.code.bindings import reads
from patcher.code.changes import Change, Insertion, Rewrite, Splice
from patcher.code.flags import defined_flag
from patcher.code.imports import (
    Import,
    Key,
    aliases,
    all_keys,
    imported_names,
    imports_in,
    key,
    keys,
    quoted_import,
    sole_import,
    source,
    split_lines,
)
from patcher.code.layout import with_comments_of
from patcher.code.outline import Line, Outline
from patcher.code.sequences import rearranged


def change_import(
    line: Line, before: Import, after: Import | None, outline: Outline
) -> list[Change]:
    """The changes that make a line's import of `before`, perhaps among others, one of `after`."""
    found = sole_import(line.node)
    assert found is not None
    gone = keys(before) - (_still_used(before, after, outline) if after else set())
    others = [alias for alias in aliases(found) if key(alias) not in gone]
    if after is None:
        return [_with_names(line, found, others)]
    if source(before) == source(after):
        return [_merged(line, found, others, after, outline)]
    spare = [each for each in split_lines(before, outline, gone) if each is not line]
    whole = (each for each in spare if all(keys(e) <= gone for e in imports_in(each.node)))
    removals = [Splice([each]) for each in whole]
    if not others:
        return [_merged(line, found, others, after, outline), *removals]
    new = cst.SimpleStatementLine([after])
    return [_with_names(line, found, others), Insertion(line.suite, line, new), *removals]


def _still_used(before: Import, after: Import, outline: Outline) -> set[Key]:
    """What an edit would drop from an import although the module still uses it."""
    dropped = imported_names(before) - imported_names(after)
    used = dropped & {*reads(outline.rebuild().module)} if dropped else dropped
    return {(name, alias) for name, alias in keys(before) if (alias or name) in used}


def _merged(
    line: Line, found: Import, others: Sequence[cst.ImportAlias], after: Import, outline: Outline
) -> Change:
    """The line with the names of `after` next to the others, each once."""
    stay = [a for a in aliases(found) if a in others or key(a) in keys(after)]
    known = keys(found) | (set() if line.suite.owner else all_keys(after, outline))
    added = [alias for alias in aliases(after) if key(alias) not in known]
    if isinstance(after, cst.ImportFrom):
        found = found.with_changes(module=after.module, relative=after.relative)
    return _with_names(line, found, [*stay, *added])


def _with_names(line: Line, node: Import, chosen: Sequence[cst.ImportAlias]) -> Change:
    """The line with an import of the chosen names, laid out as its names are; gone without any."""
    if not chosen:
        return Splice([line])
    changed: Import
    if isinstance(node, cst.ImportFrom) and node.lpar and node.rpar:
        opening, closing = node.lpar.whitespace_after, node.rpar.whitespace_before
        row, tail = rearranged(aliases(node), chosen, opening, closing)
        rpar = node.rpar.with_changes(whitespace_before=tail)
        changed = node.with_changes(names=row, rpar=rpar)
    else:
        row, _ = rearranged(aliases(node), chosen)
        row[-1] = row[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        changed = node.with_changes(names=row)
    new = with_comments_of(line.node.with_changes(body=[changed]), [line.node])
    return Rewrite(line, new)


def insert_import(quote: str, outline: Outline) -> tuple[list[Change], Line]:
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
