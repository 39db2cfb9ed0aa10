"""Imports that rules drop and that nothing uses any more once all rules are applied."""

from collections.abc import Collection, Iterator, Sequence

from patcher.code.bindings import reads
from patcher.code.imports import imported_names, imports_in, quoted_import
from patcher.code.outline import Outline
from patcher.model import Rule, Section


def unused_imports(
    sections: Sequence[Section], chosen: Collection[str] | None, outline: Outline
) -> frozenset[str]:
    """The names that rules are to drop, and that an edited file still imports and never reads.

    Such a rule comes before those that take away the last use. None of `chosen` is all rules.
    """
    dropped = {
        name
        for section in sections
        for rule in section.rules
        if chosen is None or section.id_of(rule) in chosen
        for name in _dropped(rule)
    }
    there = dropped and dropped & {*_imported(outline)}
    return frozenset(there and there - {*reads(outline.rebuild().module)})


def _dropped(rule: Rule) -> set[str]:
    """The names that a rule imports no longer."""
    if not (rule.edit.is_import and rule.before):
        return set()
    before = imported_names(quoted_import(rule.before))
    return {*before} - (imported_names(quoted_import(rule.after)) if rule.after else frozenset())


def _imported(outline: Outline) -> Iterator[str]:
    for line in outline.lines(""):
        yield from (name for each in imports_in(line.node) for name in imported_names(each))
