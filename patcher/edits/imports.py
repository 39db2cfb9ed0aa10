"""Imports: changed, removed, or added behind the module's others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import libcst as cst

from patcher.edits import quotes
from patcher.edits.imported import (
    Import,
    aliases,
    alike,
    importing,
    key,
    keys,
    names,
    only,
    quoted,
    source,
)
from patcher.edits.kind import Candidate, Spot, likely
from patcher.edits.layout import carried, remove
from patcher.edits.rewriting import extended
from patcher.model import Rule
from patcher.outline import Line, Outline


class ImportedNames:
    """Names that a module-level import brings in; others beside them stay."""

    def expected(self, rule: Rule) -> int:
        return 1

    def wants(self, rule: Rule) -> str:
        return f"`{rule.before or rule.after}` at module level"

    def find(self, rule: Rule, outline: Outline) -> list[Spot]:
        before = quoted(rule.before) if rule.before else None
        after = quoted(rule.after) if rule.after else None
        if before is None:
            return added_import(rule.after, outline)
        done = list(importing(after, outline)) if after else []
        todo = [line for line in importing(before, outline) if line not in done]
        spots = [Spot(line.origin, partial(_change, line, before, after)) for line in todo]
        if after:
            return spots + [Spot(line.origin, None) for line in done]
        if not todo and not any(names(before) & names(node) for _, node in alike(before, outline)):
            return [Spot(None, None)]
        return spots

    def candidates(self, rule: Rule, outline: Outline) -> Iterator[Candidate]:
        wanted = quoted(rule.before or rule.after)
        for line, found in alike(wanted, outline):
            yield Candidate(line.origin, quotes.code(found), 1.0, "other names from that module")
        imports = (line for line in outline.lines() if only(line.node))
        yield from likely(rule, rule.before or rule.after, imports, "the closest import")


def added_import(quote: str, outline: Outline) -> list[Spot]:
    """The site of an import that is added: where it stands, or behind the last import."""
    wanted = quoted(quote)
    done = [Spot(line.origin, None) for line in importing(wanted, outline)]
    if done:
        return done
    top = outline.suites[0]
    if not top.lines:
        return []

    def add() -> None:
        index = last_import(outline)
        while index >= 0 and _sorts_before(wanted, only(top.lines[index].node)):
            index -= 1
        top.insert(index, [quotes.statement(quote)])

    return [Spot(top.lines[max(last_import(outline), 0)].origin, add)]


def _sorts_before(node: Import, other: Import | None) -> bool:
    """Whether `node` goes above `other`: among those of one package the alphabet decides."""
    if other is None or source(node).partition(".")[0] != source(other).partition(".")[0]:
        return False
    return quotes.code(node) < quotes.code(other)


def last_import(outline: Outline) -> int:
    """Index of the last import at the head of the module; -1 where nothing stands there."""
    last = -1
    for index, line in enumerate(outline.suites[0].lines):
        if not _heads(line):
            break
        last = index
    return last


def _heads(line: Line) -> bool:
    if isinstance(line.node, cst.Try):
        return any(only(inner.node) for inner in line.suites[0].lines)
    first = line.node.body[0] if isinstance(line.node, cst.SimpleStatementLine) else None
    docstring = isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString)
    return docstring or isinstance(first, Import)


def _change(line: Line, before: Import, after: Import | None) -> None:
    found = only(line.node)
    assert found is not None
    others = [alias for alias in aliases(found) if key(alias) not in keys(before)]
    if after is None and not others:
        remove(line)
    elif after is None:
        _set(line, found.with_changes(names=_closed(others, found)))
    elif others and source(before) != source(after):
        _set(line, found.with_changes(names=_closed(others, found)))
        index = line.suite.lines.index(line)
        line.suite.insert(index, [cst.SimpleStatementLine([after])])
    else:
        _set(line, _renamed(found, others, after))


def _renamed(found: Import, others: Sequence[cst.ImportAlias], after: Import) -> Import:
    """`found` as `after` has it, with its own other names and layout."""
    stay = [a for a in aliases(found) if a in others or key(a) in keys(after)]
    added = [alias for alias in aliases(after) if key(alias) not in keys(found)]
    new = found.with_changes(names=extended(_closed(stay, found), added, cst.MaybeSentinel.DEFAULT))
    if isinstance(after, cst.ImportFrom):
        return new.with_changes(module=after.module, relative=after.relative)
    return new


def _closed(names: Sequence[cst.ImportAlias], node: Import) -> list[cst.ImportAlias]:
    """The names without a comma behind the last, where no bracket would allow one."""
    bracketed = isinstance(node, cst.ImportFrom) and node.lpar is not None
    if bracketed or not names:
        return list(names)
    return [*names[:-1], names[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)]


def _set(line: Line, node: Import) -> None:
    line.node = carried(line.node.with_changes(body=[node]), [line.node])
