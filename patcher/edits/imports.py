"""Imports: changed, removed, or added behind the module's others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import libcst as cst

from patcher.code import quotes
from patcher.code.equivalence import reads
from patcher.code.flags import defined_flag
from patcher.code.imports import (
    Import,
    Key,
    aliases,
    alike,
    bound,
    every,
    held,
    importing,
    key,
    keys,
    names,
    only,
    quoted,
    rivals,
    source,
    spread,
    stars,
)
from patcher.code.layout import carried, remove
from patcher.code.outline import Line, Outline
from patcher.code.sequences import rearranged
from patcher.edits.base import Candidate, Spot, likely, removed, scope_words
from patcher.model import Rule


class ImportedNames:
    """Names that a module-level import brings in; others beside them stay."""

    def expected(self, rule: Rule) -> int:
        return 1

    def wants(self, rule: Rule) -> str:
        return f"`{quotes.code(quoted(rule.before or rule.after))}` at module level"

    def find(self, rule: Rule, outline: Outline) -> list[Spot]:
        before = quoted(rule.before) if rule.before else None
        after = quoted(rule.after) if rule.after else None
        if before is None:
            return added_import(rule.after, outline)
        done = list(importing(after, outline)) if after else []
        if after and not done:  # a line per name says the same
            done = spread(after, outline, keys(after))[-1:]
        needed = keys(before) & keys(after) if after else keys(before)
        todo = [line for line in importing(before, outline, needed) if line not in done]
        if after and source(before) == source(after):
            todo = [] if done else todo or spread(before, outline, needed)[-1:]
        if after and any(rivals(after, outline, bound(before))):
            todo = []
        spots = [Spot(line.origin, partial(_change, line, before, after, outline)) for line in todo]
        if after:
            return spots + [Spot(line.origin, None) for line in done]
        likes = [line for line, each in alike(before, outline) if names(before) & names(each)]
        likes += () if todo else _stars(before, outline)
        return removed(spots, [line.origin for line in likes if line not in todo])

    def tells(self, rule: Rule, outline: Outline) -> bool:
        return False

    def candidates(self, rule: Rule, outline: Outline) -> Iterator[Candidate]:
        wanted = quoted(rule.before or rule.after)
        gained = rivals(quoted(rule.after), outline, bound(wanted)) if rule.after else ()
        for line in gained:
            why = "binds a name that the edit imports"
            yield Candidate(line.origin, quotes.header(line.node), 1.1, why)
        for line, found in alike(wanted, outline):
            lacks = sorted(name for name, _ in keys(wanted) - keys(found))
            why = f"other names from that module, not {' or '.join(f'`{n}`' for n in lacks)}"
            if keys(wanted) <= keys(found) and not only(line.node):
                why = "shares its line with other statements"
            elif keys(wanted) <= keys(found):
                why = f"stands {scope_words(line.suite.scope)}, expected at module level"
            yield Candidate(line.origin, quotes.code(line.node), 1.0, why)
        for line in _stars(wanted, outline):
            why = f"imports `*`, expected `{quotes.code(wanted)}`"
            yield Candidate(line.origin, quotes.header(line.node), 1.05, why)
        for line in rivals(wanted, outline):
            why = f"expected `{quotes.code(wanted)}`"
            yield Candidate(line.origin, quotes.header(line.node), 1.0, why)
        imports = (line for line in outline.lines() if only(line.node))
        yield from likely(rule, rule.before or rule.after, imports, "the closest import")

    def subject(self, rule: Rule) -> frozenset[str]:
        return bound(quoted(rule.before)) if rule.before else frozenset()


def _stars(wanted: Import, outline: Outline) -> list[Line]:
    """The lines that import `*` from the source of the wanted names."""
    pairs = ((line, found) for line in outline.lines() for found in stars(line.node))
    return [line for line, found in pairs if source(found) == source(wanted)]


def added_import(quote: str, outline: Outline) -> list[Spot]:
    """The site of an import that is added: where it first stands, or behind the last import.

    There is none where the name is bound to something else already.
    """
    wanted = quoted(quote)
    done = [Spot(line.origin, None) for line in importing(wanted, outline)][:1]
    top = outline.suites[0]
    if done or not top.lines or any(rivals(wanted, outline)):
        return done
    at = top.lines[max(last_import(outline), 0)].origin
    return [Spot(at, partial(_add, quote, outline))]


def _add(quote: str, outline: Outline) -> None:
    lines = outline.suites[0].lines
    index = last_import(outline)
    node = quotes.statement(quote)
    displaced = None
    while index >= 0 and _sorts_before(quoted(quote), only(lines[index].node)):
        displaced, index = lines[index], index - 1
    if displaced:  # the blank lines above the group stay above it
        leading = list(displaced.node.leading_lines)
        blank = next((i for i, each in enumerate(leading) if each.comment), len(leading))
        node = node.with_changes(leading_lines=leading[:blank])
        displaced.node = displaced.node.with_changes(leading_lines=leading[blank:])
    outline.suites[0].insert(index, [node])


def _sorts_before(node: Import, other: Import | None) -> bool:
    """Whether `node` goes above `other`: among those of one package the alphabet decides."""
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
        if any(every(each.node) for each in (line, *inner)) or (index == 0 and _docstring(line)):
            last = index
    return last


def _docstring(line: Line) -> bool:
    first = line.node.body[0] if isinstance(line.node, cst.SimpleStatementLine) else None
    return isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString)


def _change(line: Line, before: Import, after: Import | None, outline: Outline) -> None:
    found = only(line.node)
    assert found is not None
    gone = keys(before) - (_needed(before, after, outline) if after else set())
    others = [alias for alias in aliases(found) if key(alias) not in gone]
    moved = after is not None and source(before) != source(after)
    for each in spread(before, outline, gone) if moved else ():  # a line per name
        if each is not line and (rest := only(each.node)) and keys(rest) <= gone:
            remove(each)
    if after is None and not others:
        remove(line)
    elif after is None or (others and moved):
        _set(line, found, others)
        if after:
            index = line.suite.lines.index(line)
            line.suite.insert(index, [cst.SimpleStatementLine([after])])
    else:
        stay = [a for a in aliases(found) if a in others or key(a) in keys(after)]
        known = keys(found) | (set() if line.suite.owner else held(after, outline))
        added = [alias for alias in aliases(after) if key(alias) not in known]
        _set(line, _sourced(found, after), [*stay, *added])


def _needed(before: Import, after: Import, outline: Outline) -> set[Key]:
    """What an edit would drop from an import, and the module still uses."""
    dropped = bound(before) - bound(after)
    used = dropped & {*reads(outline.rebuild())} if dropped else dropped
    return {(name, alias) for name, alias in keys(before) if (alias or name) in used}


def _sourced(found: Import, after: Import) -> Import:
    """`found` with its names taken from where `after` takes them."""
    if isinstance(after, cst.ImportFrom):
        return found.with_changes(module=after.module, relative=after.relative)
    return found


def _set(line: Line, node: Import, chosen: Sequence[cst.ImportAlias]) -> None:
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
    line.node = carried(line.node.with_changes(body=[changed]), [line.node])
