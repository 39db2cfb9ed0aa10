"""What to show for a rule that does not fit: the nearest line, and the part of it that differs."""

from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher

import libcst as cst

from patcher.code import quotes, source
from patcher.code.equivalence import walk
from patcher.code.outline import Line, Outline, Suite, outline
from patcher.code.source import Printed
from patcher.edits.additions import follows
from patcher.edits.base import NearMiss, edit_kind, is_distinctive, near_miss, scope_phrase
from patcher.engine.blockers import BY_HAND, Blocker
from patcher.model import Nearest, Rule, Section

# Likeness of what is as quoted: in a block that never runs, in another function, and there where
# it is about one name only.
_DEAD, _ELSEWHERE, _BARELY = 0.98, 0.97, 0.9


def near_misses(section: Section, rule: Rule, parsed: Printed) -> list[Nearest]:
    """What comes close to a rule's code in a file as it was read, the closest first."""
    blocks = outline(parsed)
    found = list(_as_quoted(section, rule, parsed, blocks))
    found += edit_kind(rule.edit).near_misses(rule, blocks)
    lines = [line for line, _ in parsed.positions(each.node for each in found)]
    ranked = sorted(
        zip(found, lines, strict=True),
        key=lambda pair: (pair[0].likeness, _similarity(rule, pair[0]), -pair[1]),
        reverse=True,
    )
    return _placed([near for near, _ in ranked], parsed)


def blocked(blocker: Blocker, parsed: Printed) -> Nearest:
    """What blocks a rule."""
    names = (each for each in walk(blocker.node) if isinstance(each, cst.Name))
    part = next((each for each in names if each.value == blocker.name), None)
    near = NearMiss(blocker.node, quotes.header(blocker.node), 1.0, blocker.reason, part)
    (found,) = _placed([near], parsed)
    remedy = "" if blocker.remedy == BY_HAND else blocker.remedy
    return replace(found, is_blocker=not blocker.is_other_code, remedy=remedy)


def _similarity(rule: Rule, near: NearMiss) -> float:
    """How much of the code of a near miss is as quoted."""
    quote = rule.before or follows(rule) or rule.after
    text = quotes.code(near.node) if rule.edit.owns_statements else near.text
    quote = " ".join(quote.split())
    # What `...` stands for may be long.
    return SequenceMatcher(None, text[: 2 * len(quote)], quote).ratio()


def _as_quoted(
    section: Section, rule: Rule, parsed: Printed, blocks: Outline
) -> Iterator[NearMiss]:
    """The places that are as quoted, but in a block that never runs or in another function.

    What is quoted may be about one name only, and then that of another rule in its function.
    """
    kind, anew, within = edit_kind(rule.edit), outline(parsed), rule.edit.within
    lines = {id(line.origin): line for top in blocks.lines() for line in top.chain()}
    for suite in anew.suites:
        suite.is_dead = False
    for each in (part for top in anew.lines() for part in top.chain()):
        each.is_dead = False
    is_clear = rule.edit.owns_statements and is_distinctive(rule.before or follows(rule))
    for scope in _scopes(section, rule, anew, is_clear=is_clear):
        alike = SequenceMatcher(None, scope, within).ratio() / 1000
        for match in kind.find(replace(rule, edit=replace(rule.edit, within=scope)), anew):
            line = lines.get(id(match.node))
            if line and (owner := _dead_owner(line.suite)):
                difference = f"is under `{quotes.header(owner.node)}`, which never runs"
                yield near_miss(line, _DEAD + alike, difference)
            elif line and line.is_dead:
                yield near_miss(line, _DEAD + alike, "stands where it never runs")
            elif line and line.suite.scope != within:
                difference = f"stands {scope_phrase(scope)}, expected {scope_phrase(within)}"
                yield near_miss(line, (_ELSEWHERE if is_clear else _BARELY) + alike, difference)


def _scopes(section: Section, rule: Rule, blocks: Outline, *, is_clear: bool) -> list[str]:
    """The functions in which what is quoted may stand: the rule's own, and others."""
    may_move = not rule.edit.is_import and (rule.before or follows(rule))
    taken = frozenset() if is_clear else {each.edit.within for each in section.rules}
    return sorted({rule.edit.within, *(blocks.scopes - taken if may_move else ())})


def _dead_owner(suite: Suite) -> Line | None:
    """The line whose block never runs and holds another block."""
    dead = [each for each in suite.around() if each.is_dead]
    return dead[-1].owner if dead else None


def _placed(found: list[NearMiss], parsed: Printed) -> list[Nearest]:
    """Near misses with the lines and columns of what differs."""
    starts = parsed.positions(each.node for each in found)
    shown = (each.part if id(each.part) in parsed.starts else None for each in found)
    parts = [part or each.node for part, each in zip(shown, found, strict=True)]
    lines = source.split(parsed.code) if found else []
    made = []
    for each, (start, _), part, (line, column) in zip(
        found, starts, parts, parsed.positions(parts), strict=True
    ):
        text = each.text if line == start else lines[line - 1].strip()
        width = _width(part, lines[line - 1], column)
        made.append(Nearest(line, text, each.difference, column, width))
    return made


def _width(part: cst.CSTNode, line: str, column: int) -> int:
    """How many characters of its first line a part takes, without a comment behind it."""
    rest = len(line[column - 1 :].rstrip())
    if isinstance(part, cst.BaseCompoundStatement | cst.Else | cst.ExceptHandler | cst.Finally):
        return max(rest, 1)
    code = cst.Module([]).code_for_node(_bare(part)).strip().splitlines()
    return max(min(len(code[0].rstrip()) if code else 1, rest), 1)


def _bare(part: cst.CSTNode) -> cst.CSTNode:
    """A part without the brackets, comments and signs around it."""
    changes: dict[str, object] = {"trailing_whitespace": cst.TrailingWhitespace()}
    changes |= dict.fromkeys(("comma", "semicolon"), cst.MaybeSentinel.DEFAULT)
    changes |= dict.fromkeys(("leading_lines", "lpar", "rpar"), ())
    if isinstance(part, cst.ImportFrom):
        changes |= {"lpar": None, "rpar": None}
    return part.with_changes(**{name: e for name, e in changes.items() if hasattr(part, name)})
