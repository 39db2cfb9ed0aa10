"""`comment_block`: a run of comment lines, which a syntax tree keeps above a statement."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

import libcst as cst

from patcher.code.changes import Change, Footer, Rewrite
from patcher.code.differences import cut
from patcher.code.outline import Line, Outline, Suite, clauses
from patcher.edits.base import EditKind, Match, NearMiss, scope_phrase
from patcher.model import Rule


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """Comment lines with nothing between them, above a line or at the end of a block.

    The holder is None above an `elif`, `else`, `except` or `finally`, which no rule is about.
    """

    lines: Sequence[cst.EmptyLine]
    holder: Line | Suite | None

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
                yield _near_miss(rule, suite, run)


KIND = CommentBlocks()


def _quoted(rule: Rule) -> list[str]:
    return [_text(line) for line in rule.before.splitlines()]


def _text(comment: str) -> str:
    return " ".join(comment.strip().lstrip("#").split())


def _near_miss(rule: Rule, suite: Suite, run: _Run) -> NearMiss:
    """A run of comments as a near miss: the first line that differs, else where all stand."""
    wanted, quote = _quoted(rule), rule.before.strip().splitlines()
    part, found = run.first, "stands above an `elif`, `else`, `except` or `finally`"
    if suite.scope != rule.edit.within:
        found = f"stands {scope_phrase(suite.scope)}, expected {scope_phrase(rule.edit.within)}"
    texts = [*run.texts, *[""] * len(wanted)]
    index = next((i for i, text in enumerate(wanted) if text != texts[i]), None)
    if index is None:
        more = run.lines[len(wanted) :] if len(run.lines) > len(wanted) else ()
        found = "followed by more comment lines" if more else found
    elif index < len(run.lines):
        part = cst.ensure_type(run.lines[index].comment, cst.Comment)
        found = f"found `{cut(part.value)}`, expected `{cut(quote[index].strip())}`"
    else:
        part = cst.ensure_type(run.lines[-1].comment, cst.Comment)
        found = f"followed by nothing, expected `{cut(quote[index].strip())}`"
    return NearMiss(run.first, run.first.value, _likeness(wanted, run.texts), found, part)


def _is_similar(wanted: Sequence[str], run: _Run) -> bool:
    """Whether a run starts as quoted, or holds most of the quote and little else."""
    starts = _likeness(wanted[0], run.texts[0]) >= 0.6
    return starts or _likeness(wanted, run.texts) >= 0.75


def _likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """How alike two texts or runs of lines are; of a length too different, only an upper bound."""
    matcher = SequenceMatcher(None, one, other)
    most = matcher.real_quick_ratio()
    return matcher.ratio() if most > 0.5 else most


def _matches(run: _Run, wanted: Sequence[str]) -> Iterator[Match]:
    texts = run.texts
    for start in range(len(texts) - len(wanted) + 1):
        if texts[start : start + len(wanted)] == wanted:
            block = _Run(run.lines[start : start + len(wanted)], run.holder)
            yield Match(block.first, [_removal(block)])


def _every(outline: Outline) -> Iterator[tuple[Suite, _Run]]:
    for suite in outline.suites:
        parts = [clause for line in suite.lines for clause in clauses(line.node)]
        above = (run for clause in parts for run in _split(clause.leading_lines, None))
        yield from ((suite, run) for run in (*_runs(suite), *above))


def _runs(suite: Suite) -> Iterator[_Run]:
    for line in suite.lines:
        yield from _split(line.node.leading_lines, line)
    yield from _split(suite.footer, suite)


def _split(lines: Sequence[cst.EmptyLine], holder: Line | Suite | None) -> Iterator[_Run]:
    for commented, run in groupby(lines, lambda line: line.comment is not None):
        if commented:
            yield _Run(list(run), holder)


def _removal(run: _Run) -> Change:
    holder = run.holder
    if isinstance(holder, Suite):
        return Footer(holder, [each for each in holder.footer if each not in run.lines])
    assert holder
    rest = [each for each in holder.node.leading_lines if each not in run.lines]
    return Rewrite(holder, holder.node.with_changes(leading_lines=rest))
