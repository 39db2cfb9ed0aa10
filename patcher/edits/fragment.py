"""`fragment`: a run of tokens in one logical line, or lines of a docstring."""

import builtins
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

import libcst as cst

from patcher.code.changes import Rewrite
from patcher.code.differences import cut
from patcher.code.layout import with_comments_of
from patcher.code.line_code import LineCode, code_of, with_code
from patcher.code.outline import Line, Outline, Statement
from patcher.code.run_edits import added, changed, removed
from patcher.code.token_runs import (
    Run,
    bracket_around,
    quoted_run,
    runs_in,
)
from patcher.code.tokens import Token, keys_of, names_in, word_in
from patcher.edits.base import EditKind, Match, NearMiss, applied, near_miss, pending, scope_phrase
from patcher.edits.docstring_lines import find_lines, is_about_prose, near_prose, similar_prose
from patcher.edits.kinds import Fragment
from patcher.model import Rule

_ALIKE = 0.6  # the part of a quote's tokens that a line like it has


class Fragments(EditKind):
    """A run of tokens that stands once in its scope: nothing else of its line changes."""

    def find(self, rule: Rule, outline: Outline) -> list[Match]:
        if is_about_prose(rule):
            return find_lines(rule, outline)
        found = list[Match]()
        words = {word_in(quote) for quote in (_sought_quote(rule), rule.after) if quote}
        for line, code, row in _rows(outline, rule.edit.within, words):
            done, due = _standing(rule, row)
            found += [applied(line) for _ in done]
            for run in due:
                node = _edited(rule, outline, line, code, run)
                if node is None:  # what stands elsewhere does not make up for it
                    return []
                found.append(pending(line, Rewrite(line, node)))
        return found

    def lookalikes(
        self, rule: Rule, outline: Outline, matches: Sequence[Match]
    ) -> list[cst.CSTNode]:
        taken = {match.node for match in matches}
        if is_about_prose(rule):
            lines = [line for line, _ in similar_prose(rule, outline, rule.edit.within)]
        else:
            rows = _rows(outline, rule.edit.within)
            lines = [line for line, _, row in rows if _is_nearly(rule, row)]
        return [line.origin for line in dict.fromkeys(lines) if line.origin not in taken]

    def sought(self, rule: Rule) -> frozenset[str]:
        if is_about_prose(rule):
            return frozenset()
        # The header of a function that is none of the rule's may hold it.
        return frozenset(map(word_in, filter(None, (_sought_quote(rule), rule.after))))

    def wants(self, rule: Rule) -> str:
        first = _sought_quote(rule).strip().splitlines()[0].strip()
        holding = f" that mentions `{_holding(rule)}`" if _holding(rule) else ""
        place = scope_phrase(rule.edit.within)
        if rule.adds:
            return f"a place right after `{first}` {place}{holding and f', in a line{holding}'}"
        what = "in a docstring" if is_about_prose(rule) else f"in a line{holding}"
        return f"`{first}` {what} {place}"

    def subject(self, rule: Rule) -> frozenset[str]:
        if is_about_prose(rule):
            return frozenset()
        return names_in(_sought_quote(rule)) - {*vars(builtins)}

    def is_reworded(self, rule: Rule, outline: Outline) -> bool:
        rows = _rows(outline, rule.edit.within)
        return any(_likeness(rule, row) > _ALIKE for _, _, row in rows)

    def near_misses(self, rule: Rule, outline: Outline) -> Iterator[NearMiss]:
        if is_about_prose(rule):
            yield from near_prose(rule, outline)
            return
        for line, code, row in _rows(outline, None):
            scope, within = line.suite.scope, rule.edit.within
            likeness, is_here = _likeness(rule, row), scope == within
            if likeness <= _ALIKE:
                continue
            if words := _difference(rule, row):
                elsewhere = "" if is_here else f", {scope_phrase(scope)}"
                yield near_miss(line, likeness - (not is_here) / 4, f"{words}{elsewhere}")
            elif not is_here:
                place = f"stands {scope_phrase(scope)}, expected {scope_phrase(within)}"
                yield near_miss(line, likeness, place)
            elif words := _why_not(rule, outline, line, code, row):
                yield near_miss(line, likeness, words)


KIND = Fragments()


def _follows(rule: Rule) -> str:
    return rule.edit.follows if isinstance(rule.edit, Fragment) else ""


def _holding(rule: Rule) -> str:
    return rule.edit.holding if isinstance(rule.edit, Fragment) else ""


def _sought_quote(rule: Rule) -> str:
    return rule.before or _follows(rule)


def _rows(
    outline: Outline, scope: str | None, words: Iterable[str] = ("",)
) -> Iterator[tuple[Line, LineCode, Sequence[Token]]]:
    """The logical lines of a scope, or of all, each with the line of the outline that it is of.

    Of lines that have one of some words.
    """
    for line in (each for top in outline.lines(scope) for each in top.chain()):
        code = code_of(line, outline)
        if code and any(word in code.text for word in words):
            yield from ((line, code, row) for row in code.rows)


def _standing(rule: Rule, row: Sequence[Token]) -> tuple[list[Run], list[Run]]:
    """The runs of a logical line where an edit is made, and those where it is to be made."""
    after = list(runs_in(row, quoted_run(rule.after)))
    if rule.adds:
        done, due = _around_addition(rule, row, after)
    else:
        before = list(runs_in(row, quoted_run(rule.before)))
        done = [one for one in after if not any(other.holds(one) for other in before)]
        due = [one for one in before if not any(other.holds(one) for other in after)]
    if name := _holding(rule):
        return [r for r in done if _mentions(r, name)], [r for r in due if _mentions(r, name)]
    return done, due


def _around_addition(
    rule: Rule, row: Sequence[Token], after: Sequence[Run]
) -> tuple[list[Run], list[Run]]:
    """The runs that an addition stands behind, and those that it is to follow.

    It is made where it stands in the same brackets.
    """
    follows, new = quoted_run(_follows(rule)), quoted_run(rule.after)
    joined = follows._replace(tokens=(*follows.tokens, *new.tokens), has_comma=new.has_comma)
    done, due = list(runs_in(row, joined)), list[Run]()
    taken = [*done, *after]
    places = [bracket_around(row, run.start) for run in after]
    for anchor in runs_in(row, follows):
        if not any(anchor.meets(run) for run in taken):
            (done if bracket_around(row, anchor.end) in places else due).append(anchor)
    return done, due


def _mentions(run: Run, name: str) -> bool:
    """Whether a logical line mentions a name outside a run."""
    return any(each.text == name for each in (*run.row[: run.start], *run.row[run.end :]))


def _edited(rule: Rule, outline: Outline, line: Line, code: LineCode, run: Run) -> Statement | None:
    """The statement of a line with the edit made at a run; None where that cannot be."""
    for text in _ways(rule, outline, code.text, run):
        node = with_code(line, text, outline)
        if node and _is_made(rule, code, code._replace(text=text)):
            return with_comments_of(node, [line.node])
    return None


def _ways(rule: Rule, outline: Outline, code: str, run: Run) -> Iterator[str]:
    newline = outline.module.default_newline
    before, after = (quoted_run(quote, newline) for quote in (rule.before, rule.after))
    if rule.removes:
        return removed(code, run)
    if rule.adds:
        return added(code, run, quoted_run(_follows(rule), newline), after)
    return changed(code, run, before, after)


def _is_made(rule: Rule, old: LineCode, new: LineCode) -> bool:
    """Whether an edit is made in new code where it was to be made in the old, and in no other."""
    counts = []
    for code in (old, new):
        pairs = [_standing(rule, row) for row in code.rows]
        counts.append([sum(len(pair[side]) for pair in pairs) for side in (0, 1)])
    (done, due), (done_then, due_then) = counts
    return (done_then, due_then) == (done + (not rule.removes), due - 1)


def _is_nearly(rule: Rule, row: Sequence[Token]) -> bool:
    """Whether a logical line has what a rule removes, but for one token of four or more."""
    wanted = quoted_run(rule.before)
    keys, found = keys_of(wanted.tokens), keys_of(row)
    sets_value = len(keys) > 2 and keys[1] == "="
    if sets_value and any(list(pair) == keys[:2] for pair in pairwise(found)):
        return True
    for start in range(len(found) - len(keys) + 1):
        same = sum(one == other for one, other in zip(keys, found[start:], strict=False))
        if same == len(keys) or same == len(keys) - 1 > 2:
            return True
    return False


def _likeness(rule: Rule, row: Sequence[Token]) -> float:
    """How much of what a rule looks for a logical line has, in order; nothing without its names."""
    wanted = quoted_run(_sought_quote(rule)).tokens
    names = {each.text for each in wanted if each.is_name}
    if names and names.isdisjoint(each.text for each in row):
        return 0.0
    matcher = SequenceMatcher(None, keys_of(wanted), keys_of(row), autojunk=False)
    return sum(size for _, _, size in matcher.get_matching_blocks()) / max(len(wanted), 1)


def _difference(rule: Rule, row: Sequence[Token]) -> str:
    """The first thing that differs in a line from what is wanted, in words; "" for nothing."""
    wanted = quoted_run(_sought_quote(rule)).tokens
    matcher = SequenceMatcher(None, keys_of(wanted), keys_of(row), autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    place = blocks[0].b - blocks[0].a
    shown = row[max(place, 0) : max(place, 0) + len(wanted)]
    if keys_of(shown) == keys_of(wanted):
        return ""
    pairs = zip(wanted, shown, strict=False)
    one, other = next(((a, b) for a, b in pairs if a.key != b.key), (wanted[-1], None))
    return f"found `{cut(other.text) if other else 'nothing'}`, expected `{cut(one.text)}`"


def _why_not(rule: Rule, outline: Outline, line: Line, code: LineCode, row: Sequence[Token]) -> str:
    """Why no edit is made in a line that has the tokens; "" where it only never runs."""
    runs = list(runs_in(row, quoted_run(_sought_quote(rule))))
    if not runs:
        return "an expression goes on in front of it or behind it"
    if (name := _holding(rule)) and not any(_mentions(run, name) for run in runs):
        return f"does not mention `{name}` outside the quote"
    if any(_edited(rule, outline, line, code, run) for run in runs):
        return ""
    return "would not be a statement of its kind with the edit"
