"""Imports: changed, removed, or added behind the module's others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import libcst as cst

from patcher.edits import quotes
from patcher.edits.kind import Candidate, Spot, likely
from patcher.edits.layout import carried, remove
from patcher.edits.meaning import extended
from patcher.model import Rule
from patcher.outline import Line, Outline

_Import = cst.Import | cst.ImportFrom


class ImportedNames:
    """Names that a module-level import brings in; others beside them stay."""

    def expected(self, rule: Rule) -> int:
        return 1

    def wants(self, rule: Rule) -> str:
        return f"`{rule.before or rule.after}` at module level"

    def find(self, rule: Rule, outline: Outline) -> list[Spot]:
        before = _import(rule.before) if rule.before else None
        after = _import(rule.after) if rule.after else None
        if before is None:
            return added_import(rule.after, outline)
        done = list(_importing(after, outline)) if after else []
        todo = [line for line in _importing(before, outline) if line not in done]
        spots = [Spot(line.origin, partial(_change, line, before, after)) for line in todo]
        if after:
            return spots + [Spot(line.origin, None) for line in done]
        if not todo and not any(_bare(before) & _bare(node) for _, node in _alike(before, outline)):
            return [Spot(None, None)]
        return spots

    def candidates(self, rule: Rule, outline: Outline) -> Iterator[Candidate]:
        wanted = _import(rule.before or rule.after)
        for line, found in _alike(wanted, outline):
            yield Candidate(line.origin, quotes.code(found), 1.0, "other names from that module")
        imports = (line for line in outline.lines() if _only(line.node))
        yield from likely(rule, rule.before or rule.after, imports, "the closest import")


def added_import(quote: str, outline: Outline) -> list[Spot]:
    """The site of an import that is added: where it stands, or behind the last import."""
    wanted = _import(quote)
    done = [Spot(line.origin, None) for line in _importing(wanted, outline)]
    if done:
        return done
    top = outline.suites[0]
    if not top.lines:
        return []

    def add() -> None:
        index = last_import(outline)
        while index >= 0 and _sorts_before(wanted, _only(top.lines[index].node)):
            index -= 1
        top.insert(index, [quotes.statement(quote)])

    return [Spot(top.lines[max(last_import(outline), 0)].origin, add)]


def _sorts_before(node: _Import, other: _Import | None) -> bool:
    """Whether `node` goes above `other`: among those of one package the alphabet decides."""
    if other is None or _source(node).partition(".")[0] != _source(other).partition(".")[0]:
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
        return any(_only(inner.node) for inner in line.suites[0].lines)
    first = line.node.body[0] if isinstance(line.node, cst.SimpleStatementLine) else None
    docstring = isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString)
    return docstring or isinstance(first, _Import)


def _import(quote: str) -> _Import:
    node = quotes.small(quote)
    assert isinstance(node, _Import), quote
    return node


def _only(node: cst.CSTNode) -> _Import | None:
    """The import that is all of a line, unless it is of `*`."""
    if not isinstance(node, cst.SimpleStatementLine) or len(node.body) != 1:
        return None
    only = node.body[0]
    if isinstance(only, cst.Import):
        return only
    return only if isinstance(only, cst.ImportFrom) and _aliases(only) else None


def _aliases(node: _Import) -> Sequence[cst.ImportAlias]:
    return () if isinstance(node.names, cst.ImportStar) else node.names


def _key(alias: cst.ImportAlias) -> tuple[str, str | None]:
    return alias.evaluated_name, alias.evaluated_alias


def _keys(node: _Import) -> set[tuple[str, str | None]]:
    return {_key(alias) for alias in _aliases(node)}


def _bare(node: _Import) -> set[str]:
    return {name for name, _ in _keys(node)}


def _source(node: _Import) -> str:
    """Where the names come from: dots and module, or "" for a plain import."""
    if isinstance(node, cst.Import):
        return ""
    module = cst.Module([]).code_for_node(node.module) if node.module else ""
    return "." * len(node.relative) + module


def _importing(wanted: _Import, outline: Outline) -> Iterator[Line]:
    """The module-level lines that import all the wanted names, perhaps among others."""
    for suite in outline.within(""):
        for line in suite.lines:
            found = _only(line.node)
            if found and _source(found) == _source(wanted) and _keys(wanted) <= _keys(found):
                yield line


def _alike(wanted: _Import, outline: Outline) -> Iterator[tuple[Line, _Import]]:
    """Imports from the same source that bring in other names, or the same in another way."""
    for line in outline.lines():
        found = _only(line.node)
        if not found or _source(found) != _source(wanted):
            continue
        if isinstance(found, cst.ImportFrom) or _bare(wanted) & _bare(found):
            yield line, found


def _change(line: Line, before: _Import, after: _Import | None) -> None:
    found = _only(line.node)
    assert found is not None
    others = [alias for alias in _aliases(found) if _key(alias) not in _keys(before)]
    if after is None and not others:
        remove(line)
    elif after is None:
        _set(line, found.with_changes(names=_closed(others, found)))
    elif others and _source(before) != _source(after):
        _set(line, found.with_changes(names=_closed(others, found)))
        index = line.suite.lines.index(line)
        line.suite.insert(index, [cst.SimpleStatementLine([after])])
    else:
        _set(line, _renamed(found, others, after))


def _renamed(found: _Import, others: Sequence[cst.ImportAlias], after: _Import) -> _Import:
    """`found` as `after` has it, with its own other names and layout."""
    stay = [a for a in _aliases(found) if a in others or _key(a) in _keys(after)]
    added = [alias for alias in _aliases(after) if _key(alias) not in _keys(found)]
    names = extended(_closed(stay, found), added, cst.MaybeSentinel.DEFAULT)
    if isinstance(found, cst.ImportFrom) and isinstance(after, cst.ImportFrom):
        return found.with_changes(names=names, module=after.module, relative=after.relative)
    return found.with_changes(names=names)


def _closed(names: Sequence[cst.ImportAlias], node: _Import) -> list[cst.ImportAlias]:
    """The names without a comma behind the last, where no bracket would allow one."""
    bracketed = isinstance(node, cst.ImportFrom) and node.lpar is not None
    if bracketed or not names:
        return list(names)
    return [*names[:-1], names[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)]


def _set(line: Line, node: _Import) -> None:
    line.node = carried(line.node.with_changes(body=[node]), [line.node])
