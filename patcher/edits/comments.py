"""Runs of comment lines, which in a syntax tree are no statements but stand above one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial

import libcst as cst

from patcher.code.outline import Line, Outline, Suite, clauses
from patcher.edits.base import Candidate, Spot, removed, scope_words
from patcher.model import Rule


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """Comment lines with nothing between them, and how to take some of them out."""

    lines: Sequence[cst.EmptyLine]
    drop: Callable[[Sequence[cst.EmptyLine]], None]

    @property
    def first(self) -> cst.Comment:
        return cst.ensure_type(self.lines[0].comment, cst.Comment)

    @property
    def texts(self) -> list[str]:
        return [_text(line.comment.value) for line in self.lines if line.comment]


class CommentBlock:
    """Comment lines as quoted, whatever their indent; the blank lines around them stay."""

    def expected(self, rule: Rule) -> int:
        return 1

    def wants(self, rule: Rule) -> str:
        quote = rule.before.splitlines()
        return f"{len(quote)} comment lines from `{quote[0]}` {scope_words(rule.edit.within)}"

    def find(self, rule: Rule, outline: Outline) -> list[Spot]:
        wanted, suites = _quoted(rule), list(outline.within(rule.edit.within))
        runs = (run for suite in suites for run in _runs(suite))
        spots = [spot for run in runs for spot in _spots(run, wanted)]
        taken = {spot.at for spot in spots}
        likes = (run for _, run in _every(outline) if _is_like(wanted, run))
        others = [run.first for run in likes if not any(e.comment in taken for e in run.lines)]
        return removed(spots, others) if suites else []

    def subject(self, rule: Rule) -> frozenset[str]:
        return frozenset()

    def tells(self, rule: Rule, outline: Outline) -> bool:
        return False

    def candidates(self, rule: Rule, outline: Outline) -> Iterator[Candidate]:
        wanted = _quoted(rule)
        for suite, run in _every(outline):
            if _is_like(wanted, run):
                quoted = "as quoted" if run.texts == wanted else "not as quoted"
                why = f"{len(run.lines)} comment lines {scope_words(suite.scope)}, {quoted}"
                yield Candidate(run.first, run.first.value, _likeness(wanted, run.texts), why)


def _quoted(rule: Rule) -> list[str]:
    return [_text(line) for line in rule.before.splitlines()]


def _text(comment: str) -> str:
    return " ".join(comment.strip().lstrip("#").split())


def _is_like(wanted: Sequence[str], run: _Run) -> bool:
    """Whether a run starts as quoted, or holds most of the quote and little else."""
    starts = _likeness(wanted[0], run.texts[0]) >= 0.6
    return starts or _likeness(wanted, run.texts) >= 0.75


def _likeness(one: Sequence[str], other: Sequence[str]) -> float:
    return SequenceMatcher(None, one, other).ratio()


def _spots(run: _Run, wanted: Sequence[str]) -> Iterator[Spot]:
    texts = run.texts
    for start in range(len(texts) - len(wanted) + 1):
        if texts[start : start + len(wanted)] == wanted:
            block = run.lines[start : start + len(wanted)]
            yield Spot(block[0].comment, partial(run.drop, block))


def _every(outline: Outline) -> Iterator[tuple[Suite, _Run]]:
    for suite in outline.suites:
        for run in (*_runs(suite), *_out_of_place(suite)):
            yield suite, run


def _runs(suite: Suite) -> Iterator[_Run]:
    for line in suite.lines:
        for lines in _split(line.node.leading_lines):
            yield _Run(lines, partial(_drop_above, line))
    for lines in _split(suite.footer):
        yield _Run(lines, partial(_drop_below, suite))


def _out_of_place(suite: Suite) -> Iterator[_Run]:
    """Comments above an `elif`, `else`, `except` or `finally`, which no rule means."""
    for line in suite.lines:
        for clause in clauses(line.node):
            for lines in _split(clause.leading_lines):
                yield _Run(lines, lambda block: None)


def _split(lines: Sequence[cst.EmptyLine]) -> Iterator[list[cst.EmptyLine]]:
    run: list[cst.EmptyLine] = []
    for line in (*lines, cst.EmptyLine()):
        if line.comment:
            run.append(line)
        elif run:
            yield run
            run = []


def _drop_above(line: Line, block: Sequence[cst.EmptyLine]) -> None:
    rest = [each for each in line.node.leading_lines if not _among(each, block)]
    line.node = line.node.with_changes(leading_lines=rest)


def _drop_below(suite: Suite, block: Sequence[cst.EmptyLine]) -> None:
    suite.footer = [each for each in suite.footer if not _among(each, block)]


def _among(line: cst.EmptyLine, block: Sequence[cst.EmptyLine]) -> bool:
    return any(line is each for each in block)
