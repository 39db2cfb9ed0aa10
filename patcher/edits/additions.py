"""Statements that a rule adds: where they stand, else the line that they go behind."""

from collections import Counter
from collections.abc import Iterator, Sequence

import libcst as cst

from patcher.code import quotes
from patcher.code.bindings import reads
from patcher.code.changes import Insertion
from patcher.code.equivalence import equivalent, statements_of, walk
from patcher.code.imports import sole_import
from patcher.code.outline import Line, Outline, Statement, Suite
from patcher.edits.added_imports import find_added_import, last_import, rebinding_lines
from patcher.edits.base import Match, applied, pending, words
from patcher.edits.kinds import Fragment
from patcher.edits.kinds import Statement as StatementEdit
from patcher.edits.subjects import is_same_kind, rivals, setting_of, states, subject_of
from patcher.model import Rule


def find_additions(rule: Rule, outline: Outline) -> list[Match]:
    """Where each statement that a rule adds stands or belongs; none where one is contradicted."""
    wanted, anchors = quotes.statements(rule.after), list(_anchors(rule, outline))
    if any(contradictions(node, rule, outline) for node in wanted):
        return []
    found: list[Match] = []
    for node in wanted:
        if sole_import(node):
            found += find_added_import(quotes.code(node), outline)
        else:
            found += _added(node, rule, anchors, outline)
    if any(clashes(rule, outline)):
        return [match for match in found if match.replacement is None]
    return found


def _added(
    node: Statement, rule: Rule, anchors: Sequence[Line], outline: Outline
) -> Iterator[Match]:
    """Where a statement stands, or the lines that it goes behind; a branch of its own for each."""
    lines = [run[0] for run in runs_of([node], rule, outline)]
    if lines and not (follows(rule) and anchors):
        yield applied(lines[0])
        return
    done = list[Line]()
    for anchor in anchors:
        there = [line for line in lines if line.suite in anchor.suite.around()]
        there = [line for line in there if not _comes_late(line, anchor)]
        if not there:
            yield pending(anchor, Insertion(anchor.suite, anchor, node))
        done += there
    yield from map(applied, done[:1])


def contradictions(node: Statement, rule: Rule, outline: Outline) -> list[Line]:
    """The lines where a statement belongs that state something else of its subject.

    Or that state it under a condition of their own.
    """
    own = list(outline.lines(rule.edit.within))
    other, same = rivals(node, own), [line for line in own if states(node, line.node)]
    anchors = list(_anchors(rule, outline)) if follows(rule) and (other or same) else []
    suites = [anchor.suite for anchor in anchors]
    outer = [each for suite in suites for each in suite.around()]
    other = [line for line in other if not _is_apart(line, suites)]
    if not anchors:
        return other
    for line in same:
        deeper = line.suite not in outer and not _is_apart(line, suites)
        if deeper or all(_comes_late(line, anchor) for anchor in anchors):
            other.append(line)
    return other


def _comes_late(line: Line, anchor: Line) -> bool:
    """Whether a line sets a part of a variable that lines between an anchor and it have read."""
    owners = [anchor, *anchor.suite.owners()]
    rows = line.suite.lines
    base = next((row for row in rows if any(each in owners for each in row.chain())), line)
    if rows.index(base) >= rows.index(line):
        return False
    between = [each.node for each in rows[rows.index(base) + 1 : rows.index(line)]]
    if base is not anchor:
        between.append(base.node)
    parts = (part.value for part in subject_of(line.node) if isinstance(part, cst.Subscript))
    names = {name for part in parts for name in reads(part)}
    return any(names.intersection(_values_read(node)) for node in between)


def _values_read(node: cst.CSTNode) -> Iterator[str]:
    """The variables whose values a statement reads, those that it sets left out."""
    targets = {id(e.target) for e in walk(node) if isinstance(e, cst.AssignTarget)}
    counted = Counter(reads(node))
    counted -= Counter(e.value for e in walk(node) if id(e) in targets and isinstance(e, cst.Name))
    return counted.elements()


def _is_apart(line: Line, suites: Sequence[Suite]) -> bool:
    """Whether a line stands in another branch than each of some blocks."""
    return bool(suites) and all(line.suite.is_apart(suite) for suite in suites)


def _anchors(rule: Rule, outline: Outline) -> Iterator[Line]:
    """The lines that an addition may follow."""
    if not follows(rule):
        lines = outline.suites[0].lines
        yield from lines[max(last_import(outline), 0) :][:1]
        return
    wanted = quotes.statement(follows(rule))
    if _has_any_block(wanted):
        yield from (line for line in outline.lines(rule.edit.within) if _starts_as(wanted, line))
        return
    for run in runs_of([wanted], rule, outline):
        yield run[0]


def _has_any_block(node: Statement) -> bool:
    """Whether a quoted statement has `...` for its block, which stands for anything."""
    block = getattr(node, "body", None)
    if not isinstance(block, cst.BaseSuite):
        return False
    match statements_of(block):
        case [cst.Expr(value=cst.Ellipsis())]:
            return not getattr(node, "orelse", None)
    return False


def _starts_as(wanted: Statement, line: Line) -> bool:
    """Whether a line has the header of a quoted statement."""
    if type(wanted) is not type(line.node):
        return False
    one, two = (_hollow(node) for node in (wanted, line.node))
    return equivalent(one, two)


def _hollow(node: Statement) -> Statement:
    """A compound statement without its blocks."""
    more = {"orelse": None} if hasattr(node, "orelse") else {}
    return node.with_changes(body=cst.SimpleStatementSuite([cst.Pass()]), **more)


def other_anchors(rule: Rule, outline: Outline) -> list[Line]:
    """The lines that set what the line to follow sets, to something else."""
    anchor = quotes.statement(follows(rule))
    subject = setting_of(anchor)
    lines = (line for line in outline.lines() if equivalent(subject, setting_of(line.node)))
    return [line for line in lines if not states(anchor, line.node)]


def follows(rule: Rule) -> str:
    """The quote of what an addition follows; "" for none."""
    return rule.edit.follows if isinstance(rule.edit, StatementEdit | Fragment) else ""


def clashes(rule: Rule, outline: Outline) -> Iterator[Line]:
    """Lines that bind a name which the edit newly imports to something else."""
    for node in quotes.statements(rule.after):
        if wanted := sole_import(node):
            yield from rebinding_lines(wanted, outline, words(rule.before))


def runs_of(wanted: Sequence[Statement], rule: Rule, outline: Outline) -> Iterator[list[Line]]:
    """Where `wanted` stands as consecutive lines at a rule's place."""
    for window in windows(wanted, rule, outline):
        if all(states(node, line.node) for node, line in zip(wanted, window, strict=True)):
            yield window


def windows(wanted: Sequence[Statement], rule: Rule, outline: Outline) -> Iterator[list[Line]]:
    """As many consecutive lines as are wanted, of the same kinds, wherever at a rule's place."""
    for suite in outline.within(rule.edit.within) if wanted else ():
        for index in range(len(suite.lines) - len(wanted) + 1):
            window = suite.lines[index : index + len(wanted)]
            if window[0].is_dead:
                break
            if all(map(is_same_kind, wanted, (line.node for line in window))):
                yield window
