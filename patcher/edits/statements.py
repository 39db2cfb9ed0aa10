"""Whole statements: changed, removed, or added behind another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import libcst as cst

from patcher.edits import quotes
from patcher.edits.imports import added_import, last_import
from patcher.edits.kind import Candidate, Spot, likely, scope_words
from patcher.edits.layout import fitted, remove
from patcher.edits.meaning import same
from patcher.edits.rewriting import rewritten
from patcher.model import Rule
from patcher.outline import Line, Outline, Statement, Suite


class WholeStatements:
    """Consecutive statements, which mean what the document quotes."""

    def expected(self, rule: Rule) -> int:
        return 1 if rule.before else len(quotes.statements(rule.after))

    def wants(self, rule: Rule) -> str:
        if rule.before:
            first = quotes.statements(rule.before)[0]
            return f"`{quotes.header(first)}` {scope_words(rule.edit.within)}"
        where = f"right after `{rule.edit.after}`" if rule.edit.after else "behind the imports"
        return f"a place {scope_words(rule.edit.within)} {where}"

    def find(self, rule: Rule, outline: Outline) -> list[Spot]:
        if not rule.before:
            wanted = quotes.statements(rule.after)
            return [
                spot
                for index, node in enumerate(wanted)
                for spot in _addition(rule, node, wanted[:index], outline)
            ]
        before, after = quotes.statements(rule.before), quotes.statements(rule.after)
        suites = list(outline.within(rule.edit.within))
        done = [suite.lines[index] for suite, index in _runs(after, suites)] if after else []
        spots = [Spot(line.origin, None) for line in done]
        for suite, index in _runs(before, suites):
            if not _inside(suite, done):
                line = suite.lines[index]
                spots.append(Spot(line.origin, partial(_change, line, before, after)))
        if not spots and not after and suites and not _alike(before[0], suites):
            return [Spot(None, None)]
        return spots

    def candidates(self, rule: Rule, outline: Outline) -> Iterator[Candidate]:
        wanted = quotes.statements(rule.before or rule.after)
        for node in wanted:
            for line in _alike(node, outline.within(rule.edit.within)):
                text = quotes.header(line.node)
                yield Candidate(line.origin, text, 1.0, f"wanted `{quotes.header(node)}`")
        text = quotes.header(wanted[0]) if rule.before else rule.edit.after
        yield from likely(rule, text, outline.lines())


def _runs(wanted: Sequence[Statement], suites: Iterable[Suite]) -> Iterator[tuple[Suite, int]]:
    """Where `wanted` stands as consecutive lines: the block and the first line's index."""
    for suite in suites:
        for index in range(len(suite.lines) - len(wanted) + 1):
            window = suite.lines[index : index + len(wanted)]
            if all(same(node, line.node) for node, line in zip(wanted, window, strict=True)):
                yield suite, index


def _inside(suite: Suite, lines: Sequence[Line]) -> bool:
    owner = suite.owner
    while owner:
        if owner in lines:
            return True
        owner = owner.suite.owner
    return False


def _change(line: Line, before: Sequence[Statement], after: Sequence[Statement]) -> None:
    suite = line.suite
    index = suite.lines.index(line)
    run = suite.lines[index : index + len(before)]
    olds = [old.node for old in run]
    if not after:
        for old in run:
            remove(old)
    elif len(before) == len(after) == 1 and isinstance(olds[0], cst.SimpleStatementLine):
        new = rewritten(before[0], after[0], olds[0])
        new = new.with_changes(leading_lines=after[0].leading_lines)
        (line.node,) = fitted([new], olds, suite.indent)
    else:
        suite.replace(index, len(before), fitted(after, olds, suite.indent))


def _addition(
    rule: Rule, node: Statement, earlier: Sequence[Statement], outline: Outline
) -> list[Spot]:
    """Where `node`, one of the statements that a rule adds, stands or belongs."""
    if isinstance(node, cst.SimpleStatementLine) and _is_import(node):
        return added_import(quotes.code(node), outline)
    suites = list(outline.within(rule.edit.within))
    done = [Spot(suite.lines[i].origin, None) for suite, i in _runs([node], suites)]
    if done or _alike(node, suites):
        return done
    return [
        Spot(anchor.origin, partial(_add, node, anchor, [*earlier]))
        for anchor in _anchors(rule, outline)
    ]


def _is_import(node: cst.SimpleStatementLine) -> bool:
    return isinstance(node.body[0], cst.Import | cst.ImportFrom)


def _anchors(rule: Rule, outline: Outline) -> Iterator[Line]:
    if not rule.edit.after:
        lines = outline.suites[0].lines
        yield from lines[max(last_import(outline), 0) :][:1]
        return
    pattern = quotes.statement(rule.edit.after)
    for suite, index in _runs([pattern], outline.within(rule.edit.within)):
        yield suite.lines[index]


def _add(node: Statement, anchor: Line, earlier: Sequence[Statement]) -> None:
    """Put `node` behind the anchor and what the same rule has put there before."""
    suite = anchor.suite
    index = suite.lines.index(anchor)
    behind = suite.lines[index + 1 :]
    while behind and any(same(other, behind[0].node) for other in earlier):
        behind = behind[1:]
    suite.insert(len(suite.lines) - len(behind) - 1, [node])


def _alike(node: Statement, suites: Iterable[Suite]) -> list[Line]:
    """The lines about the same subject that say something else of it."""
    subject = _subject(node)
    lines = (line for suite in suites for line in suite.lines)
    return [
        line
        for line in lines
        if subject and _subject(line.node) == subject and not same(node, line.node)
    ]


def _subject(node: Statement) -> tuple[str, ...]:
    """What a statement is about: the target assigned to, the callee, the thing it names."""
    first = node.body[0] if isinstance(node, cst.SimpleStatementLine) else None
    if isinstance(first, cst.Assign):
        return tuple(quotes.code(target.target) for target in first.targets)
    if not isinstance(first, cst.Expr) or not isinstance(first.value, cst.Call):
        return ()
    callee = quotes.code(first.value.func)
    named = [arg.value for arg in first.value.args[:1] if len(first.value.args) > 1]
    names = [repr(arg.evaluated_value) for arg in named if isinstance(arg, cst.SimpleString)]
    return ("flags", *names) if ".DEFINE_" in callee else (callee, *names)
