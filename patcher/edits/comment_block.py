"""`comment_block`: a run of comment lines, which a syntax tree keeps above a statement."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial

import libcst as cst

from patcher.code.changes import Change, Footer, Rewrite
from patcher.code.outline import Line, Outline, Suite, clauses
from patcher.edits.base import EditKind, Match, NearMiss, scope_phrase
from patcher.model import Rule


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """Comment lines with nothing between them, and the change that takes some of them out."""

    lines: Sequence[cst.EmptyLine]
    without: Callable[[Sequence[cst.EmptyLine]], Sequence[Change]]

    @property
    def first(self) -> cst.Comment:
        return cst.ensure_type(self.lines[0].comment, cst.Comment)

    @property
    def texts(self) -> list[str]:
        return [_text(line.comment.value) for line in self.lines if line.comment]


class CommentBlocks(EditKind):
    """Comment lines as quoted, whatever their indent; the blank lines around them stay."""

    def find(self, rule: Rule, outline: Outline) -> list[Match]:
        wanted = _quoted(rule)
        runs = (run for suite in outline.within(rule.edit.within) for run in _runs(suite))
        return [match for run in runs for match in _matches(run, wanted)]

    def lookalikes(
        self, rule: Rule, outline: Outline, matches: Sequence[Match]
    ) -> list[cst.CSTNode]:
        wanted, taken = _quoted(rule), {match.node for match in matches}
        similar = (run for _, run in _every(outline) if _is_similar(wanted, run))
        return [r.first for r in similar if not any(line.comment in taken for line in r.lines)]

    def sought(self, rule: Rule) -> frozenset[str]:
        return frozenset(re.findall(r"[^\W\d]\w+", rule.before))

    def wants(self, rule: Rule) -> str:
        quote = rule.before.splitlines()
        return f"{len(quote)} comment lines from `{quote[0]}` {scope_phrase(rule.edit.within)}"

    def near_misses(self, rule: Rule, outline: Outline) -> Iterator[NearMiss]:
        wanted = _quoted(rule)
        for suite, run in _every(outline):
            if _is_similar(wanted, run):
                quoted = "as quoted" if run.texts == wanted else "not as quoted"
                found = f"{len(run.lines)} comment lines {scope_phrase(suite.scope)}, {quoted}"
                yield NearMiss(run.first, run.first.value, _likeness(wanted, run.texts), found)


KIND = CommentBlocks()


def _quoted(rule: Rule) -> list[str]:
    return [_text(line) for line in rule.before.splitlines()]


def _text(comment: str) -> str:
    return " ".join(comment.strip().lstrip("#").split())


def _is_similar(wanted: Sequence[str], run: _Run) -> bool:
    """Whether a run starts as quoted, or holds most of the quote and little else."""
    starts = _likeness(wanted[0], run.texts[0]) >= 0.6
    return starts or _likeness(wanted, run.texts) >= 0.75


def _likeness(one: Sequence[str], other: Sequence[str]) -> float:
    return SequenceMatcher(None, one, other).ratio()


def _matches(run: _Run, wanted: Sequence[str]) -> Iterator[Match]:
    texts = run.texts
    for start in range(len(texts) - len(wanted) + 1):
        if texts[start : start + len(wanted)] == wanted:
            block = run.lines[start : start + len(wanted)]
            assert block[0].comment is not None
            yield Match(block[0].comment, run.without(block))


def _every(outline: Outline) -> Iterator[tuple[Suite, _Run]]:
    for suite in outline.suites:
        for run in (*_runs(suite), *_out_of_place(suite)):
            yield suite, run


def _runs(suite: Suite) -> Iterator[_Run]:
    for line in suite.lines:
        for lines in _split(line.node.leading_lines):
            yield _Run(lines, partial(_without_above, line))
    for lines in _split(suite.footer):
        yield _Run(lines, partial(_without_below, suite))


def _out_of_place(suite: Suite) -> Iterator[_Run]:
    """Comments above an `elif`, `else`, `except` or `finally`, which no rule is about."""
    for line in suite.lines:
        for clause in clauses(line.node):
            for lines in _split(clause.leading_lines):
                yield _Run(lines, lambda block: ())


def _split(lines: Sequence[cst.EmptyLine]) -> Iterator[list[cst.EmptyLine]]:
    run: list[cst.EmptyLine] = []
    for line in (*lines, cst.EmptyLine()):
        if line.comment:
            run.append(line)
        elif run:
            yield run
            run = []


def _without_above(line: Line, block: Sequence[cst.EmptyLine]) -> Sequence[Change]:
    rest = [each for each in line.node.leading_lines if not _among(each, block)]
    return [Rewrite(line, line.node.with_changes(leading_lines=rest))]


def _without_below(suite: Suite, block: Sequence[cst.EmptyLine]) -> Sequence[Change]:
    return [Footer(suite, [each for each in suite.footer if not _among(each, block)])]


def _among(line: cst.EmptyLine, block: Sequence[cst.EmptyLine]) -> bool:
    return any(line is each for each in block)
