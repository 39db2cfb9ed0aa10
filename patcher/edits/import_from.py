"""`import_from`: names that a module imports, changed, removed, or added to its imports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from patcher.code import quotes
from patcher.code.bindings import binding_lines
from patcher.code.imports import (
    Import,
    imported_names,
    importing_lines,
    keys,
    original_names,
    quoted_import,
    related_imports,
    sole_import,
    source,
    split_lines,
    star_imports,
)
from patcher.code.outline import Line, Outline
from patcher.edits.base import (
    EditKind,
    Match,
    NearMiss,
    applied,
    near_miss,
    pending,
    scope_phrase,
    similar_lines,
    words,
)
from patcher.edits.import_changes import change_import, insert_import
from patcher.model import Rule


class ImportedNames(EditKind):
    """Names that a module-level import brings in; others next to them stay."""

    def find(self, rule: Rule, outline: Outline) -> list[Match]:
        if rule.adds:
            return find_added_import(rule.after, outline)
        before = quoted_import(rule.before)
        if rule.removes:
            lines = importing_lines(before, outline)
            return [pending(line, *change_import(line, before, None, outline)) for line in lines]
        after = quoted_import(rule.after)
        done = list(importing_lines(after, outline))  # one line per name is the same import
        done = done or split_lines(after, outline, keys(after))[-1:]
        todo = self._to_change(before, after, done, outline)
        changes = [pending(line, *change_import(line, before, after, outline)) for line in todo]
        return changes + [applied(line) for line in done]

    def _to_change(
        self, before: Import, after: Import, done: Sequence[Line], outline: Outline
    ) -> list[Line]:
        needed = keys(before) & keys(after)
        if any(rebinding_lines(after, outline, imported_names(before))):
            return []
        todo = [line for line in importing_lines(before, outline, needed) if line not in done]
        if source(before) == source(after):
            return [] if done else todo or split_lines(before, outline, needed)[-1:]
        return todo

    def lookalikes(
        self, rule: Rule, outline: Outline, matches: Sequence[Match]
    ) -> list[cst.CSTNode]:
        before, taken = quoted_import(rule.before), {match.node for match in matches}
        related = related_imports(before, outline)
        lines = [line for line, each in related if original_names(before) & original_names(each)]
        lines += _star_lines(before, outline)
        return [line.origin for line in lines if line.origin not in taken]

    def sought(self, rule: Rule) -> frozenset[str]:
        if rule.adds:
            return imported_names(quoted_import(rule.after))
        return words(rule.before) - words(rule.after)

    def subject(self, rule: Rule) -> frozenset[str]:
        return imported_names(quoted_import(rule.before)) if rule.before else frozenset()

    def near_misses(self, rule: Rule, outline: Outline) -> Iterator[NearMiss]:
        wanted = quoted_import(rule.before or rule.after)
        text = quotes.code(wanted)
        if rule.after:
            clashes = rebinding_lines(quoted_import(rule.after), outline, imported_names(wanted))
            for line in clashes:
                yield near_miss(line, 1.1, "binds a name that the edit imports")
        for line, found in related_imports(wanted, outline):
            difference = _difference(wanted, found, line)
            yield NearMiss(line.origin, quotes.code(line.node), 1.0, difference)
        for line in _star_lines(wanted, outline):
            yield near_miss(line, 1.05, f"imports `*`, expected `{text}`")
        for line in rebinding_lines(wanted, outline):
            yield near_miss(line, 1.0, f"expected `{text}`")
        imports = (line for line in outline.lines() if sole_import(line.node))
        quote = rule.before or rule.after
        yield from similar_lines(rule, quote, imports, "the closest import")


KIND = ImportedNames()


def find_added_import(quote: str, outline: Outline) -> list[Match]:
    """The place of an import that is added: where it stands first, else behind the imports.

    None where one of its names is bound to something else already.
    """
    wanted = quoted_import(quote)
    done = [applied(line) for line in importing_lines(wanted, outline)][:1]
    top = outline.suites[0].lines
    if done or not top or any(rebinding_lines(wanted, outline)):
        return done
    changes, anchor = insert_import(quote, outline)
    return [pending(anchor, *changes)]


def rebinding_lines(
    wanted: Import, outline: Outline, known: frozenset[str] = frozenset()
) -> Iterator[Line]:
    """Module-level lines that bind an imported name, unless `known`, to something else."""
    return binding_lines(imported_names(wanted) - known, outline, source(wanted))


def _star_lines(wanted: Import, outline: Outline) -> list[Line]:
    """The lines that import `*` from the source of the wanted names."""
    pairs = ((line, found) for line in outline.lines() for found in star_imports(line.node))
    return [line for line, found in pairs if source(found) == source(wanted)]


def _difference(wanted: Import, found: Import, line: Line) -> str:
    """How an import from the same source differs from the wanted one."""
    missing = keys(wanted) - keys(found)
    if missing:
        names = " or ".join(f"`{name}`" for name in sorted(name for name, _ in missing))
        return f"other names from that module, not {names}"
    if not sole_import(line.node):
        return "shares its line with other statements"
    return f"stands {scope_phrase(line.suite.scope)}, expected at module level"
