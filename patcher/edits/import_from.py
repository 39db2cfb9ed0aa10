"""`import_from`: names that a module imports, changed, removed, or added to its imports."""

from collections.abc import Iterator, Sequence

import libcst as cst

from patcher.code import quotes
from patcher.code.bindings import exported, still_read
from patcher.code.changes import Change, Insertion, Rewrite, Splice
from patcher.code.equivalence import equivalent
from patcher.code.imports import (
    Import,
    Key,
    aliases,
    all_keys,
    attempt_at,
    imported_names,
    importing_lines,
    imports_in,
    key,
    keys,
    original_names,
    quoted_import,
    related_imports,
    sole_import,
    source,
    split_lines,
)
from patcher.code.layout import transplant, with_comments_of
from patcher.code.outline import Line, Outline
from patcher.code.sequences import rearranged
from patcher.edits.added_imports import find_added_import, rebinding_lines
from patcher.edits.base import (
    EditKind,
    Match,
    NearMiss,
    applied,
    compared,
    near_miss,
    pending,
    scope_phrase,
    words,
)
from patcher.model import Rule


class ImportedNames(EditKind):
    """Names that a module-level import brings in; others next to them stay."""

    def find(self, rule: Rule, outline: Outline) -> list[Match]:
        if rule.adds:
            return find_added_import(rule.after, outline)
        before = quoted_import(rule.before)
        if rule.removes:
            lines = importing_lines(before, outline)
            return [pending(line, *_changes(line, before, None, outline)) for line in lines]
        after = quoted_import(rule.after)
        done = list(importing_lines(after, outline))  # one line per name is the same import
        done = done or split_lines(after, outline, keys(after))[-1:]
        needed = keys(before) & keys(after)
        todo = [line for line in importing_lines(before, outline, needed) if line not in done]
        if source(before) == source(after):
            todo = [] if done else todo or split_lines(before, outline, needed)[-1:]
            if not done and not todo:
                return _in_place_of_attempt(before, after, outline) or _next_to_some(
                    before, after, outline
                )
        elif not done and not todo:
            return _in_place_of_attempt(before, after, outline)
        elif done and todo and keys(before) <= _still_used(before, after, outline):
            todo = []  # other code of the file uses what the edit would drop
        if any(rebinding_lines(after, outline, imported_names(before))):
            todo = []
        changes = [pending(line, *_changes(line, before, after, outline)) for line in todo]
        return changes + [applied(line) for line in done]

    def lookalikes(
        self, rule: Rule, outline: Outline, matches: Sequence[Match]
    ) -> list[cst.CSTNode]:
        before, taken = quoted_import(rule.before), {match.node for match in matches}
        names = original_names(before)
        related = related_imports(before, outline)
        lines = (line for line, e in related if not aliases(e) or names & original_names(e))
        return [line.origin for line in lines if line.origin not in taken]

    def sought(self, rule: Rule) -> frozenset[str]:
        if rule.adds:
            return imported_names(quoted_import(rule.after))
        return words(rule.before) - words(rule.after)

    def subject(self, rule: Rule) -> frozenset[str]:
        return imported_names(quoted_import(rule.before)) if rule.before else frozenset()

    def near_misses(self, rule: Rule, outline: Outline) -> Iterator[NearMiss]:
        wanted = quoted_import(rule.before or rule.after)
        quoted = quotes.statement(rule.before or rule.after)
        if rule.after:
            clashes = rebinding_lines(quoted_import(rule.after), outline, imported_names(wanted))
            for line in clashes:
                yield near_miss(line, 1.1, "binds a name that the edit imports")
        for line, found in related_imports(wanted, outline):
            if not aliases(found):
                yield near_miss(line, 1.05, f"imports `*`, expected `{quotes.code(wanted)}`")
            elif keys(wanted) - keys(found) and sole_import(line.node):
                yield compared(quoted, line, 1.0)
            else:
                yield near_miss(line, 1.0, _difference(wanted, found, line))
        for line in rebinding_lines(wanted, outline):
            yield compared(quoted, line, 1.0)
        for line in () if rule.adds else outline.lines():
            if _imports_whole(source(wanted), line):
                yield compared(quoted, line, 0.9)


KIND = ImportedNames()


def _in_place_of_attempt(before: Import, after: Import, outline: Outline) -> list[Match]:
    """The `try` that imports a quoted name itself, in whose place an import goes.

    Other quoted names must be imported as quoted, or be read nowhere.
    """
    found = {each: line for each in keys(before) for line in _attempts_at(before, each[0], outline)}
    rest = keys(before) - found.keys() - all_keys(before, outline)
    read = {*still_read(outline.rebuild().module)} if found and rest else set()
    if not found or read & {alias or name for name, alias in rest}:
        return []
    line, *more = dict.fromkeys(found.values())
    known = all_keys(after, outline)
    if source(before) == source(after):
        known |= keys(before) - found.keys()
    names = [alias for alias in aliases(after) if key(alias) not in known]
    new = cst.SimpleStatementLine([after.with_changes(names=_row(names))])
    node = transplant([new], [line.node], line.suite.indent)
    return [pending(line, Splice([line], node), *(Splice([each]) for each in more))]


def _attempts_at(wanted: Import, name: str, outline: Outline) -> Iterator[Line]:
    """The lines at the top of a module that are a `try` which imports a name."""
    quoted = attempt_at(source(wanted), name)
    lines = outline.suites[0].lines if quoted else ()
    return (line for line in lines if equivalent(quoted, line.node))


def _row(names: Sequence[cst.ImportAlias]) -> Sequence[cst.ImportAlias]:
    """Names as a row on one line."""
    comma = cst.MaybeSentinel.DEFAULT
    return [alias.with_changes(comma=comma) for alias in names]


def _imports_whole(module: str, line: Line) -> bool:
    """Whether a line imports a module rather than names from it."""
    found = sole_import(line.node)
    return isinstance(found, cst.Import) and any(name == module for name, _ in keys(found))


def _next_to_some(before: Import, after: Import, outline: Outline) -> list[Match]:
    """Where names are added to an import of some of those quoted, and no other of them is read."""
    there = keys(before) & keys(after) & all_keys(before, outline)
    lines = list(importing_lines(before, outline, there)) if there else []
    missing = {alias or name for name, alias in (keys(before) & keys(after)) - there}
    if not lines or missing & {*still_read(outline.rebuild().module)}:
        return []
    if any(rebinding_lines(after, outline, imported_names(before))):
        return []
    if keys(after) - keys(before) <= all_keys(before, outline):
        return [applied(lines[0])]
    return [pending(lines[0], *_changes(lines[0], before, after, outline))]


def _difference(wanted: Import, found: Import, line: Line) -> str:
    """How an import from the same source differs from the wanted one."""
    missing = keys(wanted) - keys(found)
    if missing:
        names = " or ".join(f"`{name}`" for name in sorted(name for name, _ in missing))
        return f"other names from that module, not {names}"
    if not sole_import(line.node):
        return "shares its line with other statements"
    return f"stands {scope_phrase(line.suite.scope)}, expected at module level"


def _changes(line: Line, before: Import, after: Import | None, outline: Outline) -> list[Change]:
    """The changes that make a line's import of `before`, perhaps among others, one of `after`."""
    found = sole_import(line.node)
    assert found is not None
    gone = keys(before) - (_still_used(before, after, outline) if after else set())
    others = [alias for alias in aliases(found) if key(alias) not in gone]
    if after is None:
        return [_with_names(line, found, others)]
    if source(before) == source(after):
        return [_merged(line, others, before, after, outline)]
    spare = [each for each in split_lines(before, outline, gone) if each is not line]
    whole = (each for each in spare if all(keys(e) <= gone for e in imports_in(each.node)))
    removals = [Splice([each]) for each in whole]
    if not others:
        return [_merged(line, others, before, after, outline), *removals]
    new = cst.SimpleStatementLine([after])
    return [_with_names(line, found, others), Insertion(line.suite, line, new), *removals]


def _still_used(before: Import, after: Import, outline: Outline) -> set[Key]:
    """What an edit would drop from an import although the module still uses it."""
    dropped = imported_names(before) - imported_names(after)
    module = outline.rebuild().module
    used = dropped & {*still_read(module), *exported(module)} if dropped else dropped
    return {(name, alias) for name, alias in keys(before) if (alias or name) in used}


def _merged(
    line: Line,
    others: Sequence[cst.ImportAlias],
    before: Import,
    after: Import,
    outline: Outline,
) -> Change:
    """The line with the names of `after` next to the others, each once."""
    found = sole_import(line.node)
    assert found is not None
    elsewhere = set() if line.suite.owner else all_keys(after, outline)
    if type(found) is not type(after):  # `import a` and `from a import b` have no name in common
        new = [alias for alias in aliases(after) if key(alias) not in elsewhere]
        return _with_names(line, after, new)
    stay = [a for a in aliases(found) if a in others or key(a) in keys(after)]
    known = keys(found) | elsewhere
    old = keys(before) if source(before) == source(after) else set()
    added = [alias for alias in aliases(after) if key(alias) not in known | old]
    if isinstance(after, cst.ImportFrom) and source(after) != source(found):
        found = found.with_changes(module=after.module, relative=after.relative)
    return _with_names(line, found, [*stay, *added])


def _with_names(line: Line, node: Import, chosen: Sequence[cst.ImportAlias]) -> Change:
    """The line with an import of the chosen names, laid out as its names are; gone without any."""
    if not chosen:
        return Splice([line])
    if isinstance(node, cst.ImportFrom) and node.lpar and node.rpar:
        opening, closing = node.lpar.whitespace_after, node.rpar.whitespace_before
        row, tail = rearranged(aliases(node), chosen, opening, closing)
        node = node.with_changes(names=row, rpar=node.rpar.with_changes(whitespace_before=tail))
    else:
        row, _ = rearranged(aliases(node), chosen)
        row[-1] = row[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        node = node.with_changes(names=row)
    new = with_comments_of(line.node.with_changes(body=[node]), [line.node])
    return Rewrite(line, new)
