"""Imports that rules drop and that nothing uses any more once all rules are applied."""

from collections.abc import Iterator, Sequence

from patcher.code.bindings import reads
from patcher.code.imports import imported_names, imports_in, quoted_import
from patcher.code.outline import Outline
from patcher.engine.fold import RuleMatch
from patcher.model import Rule, State


def unused_imports(found: Sequence[RuleMatch], outline: Outline) -> frozenset[str]:
    """The names that rules are to drop, and did not, and that the edited file never reads.

    Such a rule comes before those that take away the last use. `found` is how all rules stood.
    """
    pending = {n for each in found if each.state is State.PENDING for n in _dropped(each.rule)}
    blocked = {n for each in found if each.blocker for n in _dropped(each.rule)}
    left = blocked | (pending and pending & {*_imported(outline)})
    return frozenset(left and left - {*reads(outline.rebuild().module)})


def _dropped(rule: Rule) -> set[str]:
    """The names that a rule imports no longer."""
    if not (rule.edit.is_import and rule.before):
        return set()
    before = imported_names(quoted_import(rule.before))
    return {*before} - (imported_names(quoted_import(rule.after)) if rule.after else frozenset())


def _imported(outline: Outline) -> Iterator[str]:
    for line in outline.lines(""):
        yield from (name for each in imports_in(line.node) for name in imported_names(each))
