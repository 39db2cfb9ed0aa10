"""`statement`: whole statements, changed, removed, or added right after another."""

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import partial
from itertools import zip_longest

import libcst as cst

from patcher.code import quotes
from patcher.code.bindings import binding_lines, is_bound, is_local, mentioned, reads
from patcher.code.changes import Change, Rewrite, Splice
from patcher.code.equivalence import equivalent, opposite, walk
from patcher.code.flags import defined_flag
from patcher.code.imports import imported_names, keys, sole_import, split_lines
from patcher.code.layout import transplant
from patcher.code.outline import Line, Outline, Statement
from patcher.code.quote_pairs import Captured, OpenQuote, captured, filled, open_quotes
from patcher.code.rewriting import matches_test, rewritten
from patcher.edits.additions import (
    clashes,
    contradictions,
    find_additions,
    follows,
    other_anchors,
    runs_of,
    windows,
)
from patcher.edits.base import (
    EditKind,
    Match,
    NearMiss,
    applied,
    compared,
    is_distinctive,
    near_miss,
    pending,
    scope_phrase,
    similar_lines,
)
from patcher.edits.subjects import (
    about,
    callers,
    is_mostly,
    rivals,
    states,
    states_otherwise,
    subject_of,
)
from patcher.model import Rule


class WholeStatements(EditKind):
    """Consecutive statements that mean what is quoted."""

    def find(self, rule: Rule, outline: Outline) -> list[Match]:
        if rule.adds:
            return find_additions(rule, outline)
        before, after = quotes.statements(rule.before), quotes.statements(rule.after)
        runs = list(runs_of(after, rule, outline))
        done = [run[0] for run in runs]
        if not done and len(after) == 1 and (wanted := sole_import(after[0])):
            done = split_lines(wanted, outline, keys(wanted))[-1:]  # one line per name
        found = [applied(line) for line in done]
        for run in () if any(clashes(rule, outline)) else runs_of(before, rule, outline):
            if not _is_inside(run, [line for each in runs for line in each] or done, after):
                found.append(pending(run[0], *_change(run, before, after)))
        return found if found or rule.removes else _found_otherwise(rule, outline)

    def lookalikes(
        self, rule: Rule, outline: Outline, matches: Sequence[Match]
    ) -> list[cst.CSTNode]:
        taken = {match.node for match in matches}
        first = quotes.statements(rule.before)[0]
        lines = about(first, outline.lines(), depth=1)
        return [line.origin for line in lines if line.origin not in taken]

    def expected(self, rule: Rule) -> int:
        return len(quotes.statements(rule.after)) if rule.adds else 1

    def sought(self, rule: Rule) -> frozenset[str]:
        if not rule.adds:
            return super().sought(rule)
        nodes = quotes.statements(rule.after)
        flags = (flag.strip("'\"") for node in nodes if (flag := defined_flag(node)))
        imports = (imported_names(found) for node in nodes if (found := sole_import(node)))
        return frozenset(flags).union(*imports)

    def can_relocate(self, rule: Rule, outline: Outline) -> bool:
        if not rule.adds:
            return is_distinctive(rule.before) and self.has_left_scope(rule, outline)
        # Whether and when a function that defines flags is called, its module does not show.
        if not rule.edit.within or not is_distinctive(follows(rule)):
            return False
        wanted = quotes.statements(rule.after)
        contradicted = any(rivals(node, outline.lines()) for node in wanted)
        return not contradicted and not other_anchors(rule, outline)

    def wants(self, rule: Rule) -> str:
        if not rule.adds:
            return super().wants(rule)
        where = f"right after `{follows(rule)}`" if follows(rule) else "behind the imports"
        return f"a place {scope_phrase(rule.edit.within)} {where}"

    def subject(self, rule: Rule) -> frozenset[str]:
        found = quotes.statements(rule.before)[:1]
        imports = [part for node in found for part in walk(node) if isinstance(part, cst.Import)]
        if imports:  # the package, and its name here
            packages = {name.partition(".")[0] for each in imports for name, _ in keys(each)}
            return frozenset(packages.union(*map(imported_names, imports)))
        parts = (part for node in found for part in (subject_of(node) or (node,)))
        return mentioned(*(part for part in parts if isinstance(part, cst.CSTNode)))

    def is_reworded(self, rule: Rule, outline: Outline) -> bool:
        return not rule.adds and states_otherwise(rule, outline)

    def near_misses(self, rule: Rule, outline: Outline) -> Iterator[NearMiss]:
        wanted = quotes.statements(rule.before or rule.after)
        for line in clashes(rule, outline):
            yield near_miss(line, 1.2, "binds a name that the edit imports")
        for line, name in _other_bindings(rule, outline):
            yield near_miss(line, 0.9, f"binds `{name}` in another way")
        sought = quotes.statements(rule.before or follows(rule))
        for line in outline.lines() if sought else ():
            if near := context_miss(rule, sought, line):
                yield near
        for node in wanted:
            yield from _about_it(node, rule, outline)
        for node in sought[:1]:
            for line in callers(node, outline):
                yield compared(node, line, 1.05 if rule.adds else 0.95)
            for line in _renamed_flags(node, outline):
                yield compared(node, line, 0.95)
            yield from similar_lines(rule, node, outline.lines())


KIND = WholeStatements()


def _about_it(wanted: Statement, rule: Rule, outline: Outline) -> Iterator[NearMiss]:
    """The lines about the subject of a statement that is wanted."""
    if rule.removes:
        related = about(wanted, outline.lines(), depth=1)
    elif rule.adds:
        related = contradictions(wanted, rule, outline)
    else:
        related = rivals(wanted, outline.lines(rule.edit.within))
    for line in related:
        likeness, owner = 1.1 if rule.adds else 1.0, line.suite.owner
        if owner and rule.adds and states(wanted, line.node):
            yield near_miss(line, likeness, f"is under `{quotes.header(owner.node)}`")
        else:
            yield compared(wanted, line, likeness)


def _other_bindings(rule: Rule, outline: Outline) -> Iterator[tuple[Line, str]]:
    """Lines that bind a name which a quoted attempt to import it binds, and that name."""
    attempts = (e for e in quotes.statements(rule.before)[:1] if isinstance(e, cst.Try))
    parts = (part for each in attempts for part in walk(each))
    imports = (part for part in parts if isinstance(part, cst.Import))
    for name in sorted({name for each in imports for name in imported_names(each)}):
        yield from ((line, name) for line in binding_lines({name}, outline))


def _renamed_flags(wanted: Statement, outline: Outline) -> Iterator[Line]:
    """Lines that define a flag of a name like that of the flag that a statement defines."""
    matcher = SequenceMatcher(None, b=defined_flag(wanted))
    for line in outline.lines() if defined_flag(wanted) else ():
        matcher.set_seq1(defined_flag(line.node))
        if matcher.ratio() > 0.6:
            yield line


def _found_otherwise(rule: Rule, outline: Outline) -> list[Match]:
    """Where lines mean a quote but for what is none of the edit's business."""
    old, new = open_quotes(rule.before, rule.after)
    may_rename = partial(_may_rename, rule=rule, outline=outline)
    done = [run for run, _ in _open_runs(new, rule, outline, may_rename)]
    found = [applied(run[0]) for run in done]
    for run, own in (
        () if any(clashes(rule, outline)) else _open_runs(old, rule, outline, may_rename)
    ):
        after = filled(new, own)
        if not _is_inside(run, [line for each in done for line in each], after):
            found.append(pending(run[0], *_change(run, filled(old, own), after)))
    return found


def _open_runs(
    quote: OpenQuote, rule: Rule, outline: Outline, may_rename: Callable[[str, str], bool]
) -> Iterator[tuple[list[Line], Captured]]:
    """Where consecutive lines mean an open quote at a rule's place, and what they have in it."""
    for run in windows(quote.statements, rule, outline):
        if own := captured(quote, [line.node for line in run], may_rename):
            yield run, own


def _may_rename(quoted: str, name: str, *, rule: Rule, outline: Outline) -> bool:
    """Whether a local variable of the quotes may be called otherwise in a file that lacks it."""
    scope = rule.edit.within
    own = (s for s in outline.suites if s.scope == scope or s.scope.startswith(f"{scope}."))
    nodes = [line.node for suite in own for line in suite.lines if scope]
    lacks = not is_bound(quoted, outline) and not any(quoted in reads(node) for node in nodes)
    return bool(scope) and lacks and is_local(name, scope, outline.code)


def _is_inside(run: Sequence[Line], done: Sequence[Line], after: Sequence[Statement]) -> bool:
    """Whether lines are part of an edit that is made, or stand under the test that it adds."""
    owners = run[0].suite.owners()
    return any(line in done or guards(after, line) for line in owners) or run[0] in done


def _change(
    run: Sequence[Line], before: Sequence[Statement], after: Sequence[Statement]
) -> Sequence[Change]:
    """The changes of consecutive lines that mean `before` to ones that mean `after`."""
    olds = [_without_quoted(line.node, old) for line, old in zip(run, before, strict=True)]
    if len(before) == len(after) == 1 and isinstance(olds[0], cst.SimpleStatementLine):
        line: Statement = rewritten(before[0], after[0], olds[0])
        new = _with_new_comment(line.with_changes(leading_lines=after[0].leading_lines), after[0])
        return [Rewrite(run[0], transplant([new], olds, run[0].suite.indent)[0])]
    if after:
        return [Splice(run, transplant(after, olds, run[0].suite.indent))]
    return [*map(Rewrite, run, olds), Splice(run)]


def _without_quoted(node: Statement, quoted: Statement) -> Statement:
    """A line without the comments above it that its quote has as well: they are the edit's."""
    wanted = [line.comment.value for line in quoted.leading_lines if line.comment]
    lines = list(node.leading_lines)
    last = [line.comment and line.comment.value for line in lines[len(lines) - len(wanted) :]]
    if not wanted or last != wanted:
        return node
    return node.with_changes(leading_lines=lines[: len(lines) - len(wanted)])


def _with_new_comment(node: Statement, after: Statement) -> Statement:
    """A line with the comment that a quote adds behind it, where it has none."""
    if not isinstance(node, cst.SimpleStatementLine) or not isinstance(after, type(node)):
        return node
    own, new = node.trailing_whitespace, after.trailing_whitespace
    if own.comment or not new.comment:
        return node
    behind = own.with_changes(whitespace=new.whitespace, comment=new.comment)
    return node.with_changes(trailing_whitespace=behind)


def context_miss(rule: Rule, wanted: Sequence[Statement], line: Line) -> NearMiss | None:
    """What differs where a line is the first of a quote, or has its subject; None for nothing."""
    first, scope, within = wanted[0], line.suite.scope, rule.edit.within
    exact = states(first, line.node)
    if not exact and not equivalent(subject_of(first) or None, subject_of(line.node)):
        parts = walk(first) if isinstance(first, cst.BaseCompoundStatement) else ()
        if sole_import(line.node) and any(equivalent(part, line.node) for part in parts):
            return near_miss(line, 1.0, f"stands by itself, expected in `{quotes.header(first)}`")
        return compared(first, line, 1.0) if is_mostly(first, line.node) else None
    if scope != within:
        place = f"stands {scope_phrase(scope)}, expected {scope_phrase(within)}"
        return near_miss(line, 0.97, place) if exact else None
    if near := _followed_otherwise(wanted, line):
        return near
    guarding = [o for o in line.suite.owners() if guards(quotes.statements(rule.after), o)]
    if exact:
        place = f"is under `{quotes.header(guarding[0].node)}` already" if guarding else ""
        return near_miss(line, 1.0, place) if place else None
    return None if rule.before else compared(first, line, 1.0)


def _followed_otherwise(wanted: Sequence[Statement], line: Line) -> NearMiss | None:
    """The first line behind one that does not state what a quote has there."""
    index = line.suite.lines.index(line)
    for node, other in zip_longest(wanted[1:], line.suite.lines[index + 1 : index + len(wanted)]):
        if other is None:
            return near_miss(line, 1.0, f"followed by nothing, expected `{quotes.header(node)}`")
        if not states(node, other.node):
            if equivalent(subject_of(node) or None, subject_of(other.node)):
                return compared(node, other, 1.0)
            found = f"followed by `{quotes.header(other.node)}`"
            return near_miss(line, 1.0, f"{found}, expected `{quotes.header(node)}`", other.node)
    return None


def guards(after: Sequence[Statement], line: Line) -> bool:
    """Whether a line is an `if` with the test of one that an edit puts there, or its opposite."""
    if not isinstance(line.node, cst.If):
        return False
    found = line.node.test
    wanted = [node.test for node in after if isinstance(node, cst.If)]
    return any(matches_test(test, found) or opposite(test, found) for test in wanted)
