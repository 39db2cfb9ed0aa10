"""Lines of prose in docstrings, which the kind `fragment` changes like code."""

import re
import sys
from ast import literal_eval
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import libcst as cst

from patcher.code.changes import Rewrite
from patcher.code.differences import cut
from patcher.code.line_code import indent_of
from patcher.code.outline import Line, Outline
from patcher.code.token_runs import is_prose
from patcher.edits.base import Match, NearMiss, applied, pending, scope_phrase
from patcher.edits.kinds import Fragment
from patcher.model import Rule

_LITERAL = re.compile(r"""([a-zA-Z]*)(\"\"\"|'''|"|')(.*)\2""", re.DOTALL)


@dataclass(frozen=True, slots=True, eq=False)
class _Docstring:
    """A string that is a statement of its own, and its lines."""

    line: Line
    literal: cst.SimpleString
    newline: str
    lines: Sequence[str]

    def places(self, wanted: Sequence[str]) -> list[range]:
        """Where some lines stand in it, one behind the other."""
        texts = [each.strip() for each in self.lines]
        starts = range(len(texts) - len(wanted) + 1) if wanted else ()
        size = len(wanted)
        return [range(i, i + size) for i in starts if texts[i : i + size] == wanted]

    def replaced(self, place: range, new: Sequence[str]) -> Rewrite | None:
        """The change to other lines at a place; None where these cannot be in the string."""
        prefix, mark, _ = _parts(self.literal)
        lines = [*self.lines[: place.start], *new, *self.lines[place.stop :]]
        if place.start == 0 and len(lines) > 1 and not new:
            lines.insert(0, "")
        value = f"{prefix}{mark}{self.newline.join(lines)}{mark}"
        if any(mark in each or each.endswith("\\") for each in new) or not lines:
            return None
        if _line_ends(value) - _line_ends(self.literal.value) != len(lines) - len(self.lines):
            return None
        literal = self.literal.with_changes(value=value)
        node = self.line.node.deep_replace(self.literal, literal)
        return Rewrite(self.line, cst.ensure_type(node, cst.SimpleStatementLine))

    def indent(self, place: int) -> str:
        """What a line that is new at a place is indented by."""
        others = [each for each in self.lines[1:] if each.strip()]
        own = self.lines[place] if place and self.lines[place].strip() else next(iter(others), "")
        return own[: len(own) - len(own.lstrip())] if own else indent_of(self.line)


def _line_ends(literal: str) -> int:
    """The number of line ends in a string; of what is none, one that fits no edit."""
    try:
        return str(literal_eval(literal)).count("\n")
    except (SyntaxError, ValueError):
        return -sys.maxsize


def is_about_prose(rule: Rule) -> bool:
    """Whether the quotes of a rule are lines of docstrings."""
    if not isinstance(rule.edit, Fragment):
        return False
    return is_prose(rule.before, rule.after, rule.edit.follows)


def find_lines(rule: Rule, outline: Outline) -> list[Match]:
    """Every place of a rule whose quotes are lines of docstrings."""
    found = list[Match]()
    for each in _docstrings(rule, outline, rule.edit.within):
        done, due = _places(rule, each)
        found += [applied(each.line) for _ in done]
        for place in due:
            change = each.replaced(*_edit(rule, each, place))
            if change is None:
                return []
            found.append(pending(each.line, change))
    return found


def _places(rule: Rule, each: _Docstring) -> tuple[list[range], list[range]]:
    """Where an edit is made in a docstring, and where it is to be made."""
    if rule.adds:
        done, due = each.places(quoted_lines(rule.after)), each.places(_follows(rule))
        return (done[:1], []) if done and due else ([], due)
    done, due = each.places(quoted_lines(rule.after)), each.places(quoted_lines(rule.before))
    return (
        [one for one in done if not any(_is_part(one, other) for other in due)],
        [one for one in due if not any(_is_part(one, other) for other in done)],
    )


def _is_part(one: range, other: range) -> bool:
    return len(one) < len(other) and one.start in other and one.stop - 1 in other


def _edit(rule: Rule, each: _Docstring, place: range) -> tuple[range, list[str]]:
    """The lines of a docstring to replace, and what is in their place then."""
    if rule.adds:
        indent = each.indent(place.stop - 1)
        return range(place.stop, place.stop), _indented(rule.after, indent)
    indent, old, new = each.indent(place.start), quoted_lines(rule.before), quoted_lines(rule.after)
    lines = _indented(rule.after, indent)
    for a, b, size in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        lines[b : b + size] = each.lines[place.start + a : place.start + a + size]
    if place.start == 0:
        lines[:1] = [line.lstrip() for line in lines[:1]]
    return place, lines


def _indented(quote: str, indent: str) -> list[str]:
    """The lines of a quote at an indent, their own counted from that of the first."""
    lines = quote.strip("\n").split("\n") if quote else []
    own = len(lines[0]) - len(lines[0].lstrip(" ")) if lines else 0
    moved = (line[min(own, len(line) - len(line.lstrip(" "))) :].rstrip() for line in lines)
    return [f"{indent}{line}" if line else "" for line in moved]


def quoted_lines(quote: str) -> list[str]:
    """The lines of a quote, without their indents."""
    return [line.strip() for line in quote.strip("\n").split("\n")] if quote else []


def _follows(rule: Rule) -> list[str]:
    return quoted_lines(rule.edit.follows) if isinstance(rule.edit, Fragment) else []


def _docstrings(rule: Rule, outline: Outline, scope: str | None) -> Iterator[_Docstring]:
    """The docstrings of a scope, or of all, that mention what a rule's have to."""
    holding = rule.edit.holding if isinstance(rule.edit, Fragment) else ""
    for line in outline.lines(scope):
        match line.node:
            case cst.SimpleStatementLine(body=[cst.Expr(value=cst.SimpleString() as literal)]):
                content, newline = _parts(literal)[2], outline.module.default_newline
                if not holding or re.search(rf"\b{holding}\b", content):
                    newline = newline if newline in content else "\n"
                    newline = outline.module.default_newline if "\n" not in content else newline
                    yield _Docstring(line, literal, newline, content.split(newline))


def _parts(literal: cst.SimpleString) -> tuple[str, str, str]:
    """The prefix of a string, its quotation marks and what is between them."""
    match = _LITERAL.fullmatch(literal.value)
    assert match
    return match[1], match[2], match[3]


def similar_prose(rule: Rule, outline: Outline, scope: str | None) -> Iterator[tuple[Line, str]]:
    """The docstrings with a line like the first that is wanted, and that line."""
    wanted = (quoted_lines(rule.before) or _follows(rule))[0]
    matcher, label = SequenceMatcher(None, b=wanted), wanted.partition(":")[0]
    for each in _docstrings(rule, outline, scope):
        for text in (line.strip() for line in each.lines):
            matcher.set_seq1(text)
            has_label = ":" in wanted and text.startswith(f"{label}:")
            if has_label or (matcher.quick_ratio() > 0.8 and matcher.ratio() > 0.8):
                yield each.line, text
                break


def near_prose(rule: Rule, outline: Outline) -> Iterator[NearMiss]:
    """The docstrings that come close to what a rule looks for."""
    within, lines = rule.edit.within, quoted_lines(rule.before) or _follows(rule)
    for line, text in similar_prose(rule, outline, None):
        scope, likeness = line.suite.scope, SequenceMatcher(None, text, lines[0]).ratio()
        words = f"found `{cut(text)}`, expected `{cut(lines[0])}`"
        if text == lines[0]:
            words = f"stands {scope_phrase(scope)}, expected {scope_phrase(within)}"
            words = "followed by other lines than expected" if scope == within else words
        elif scope != within:
            words += f", {scope_phrase(scope)}"
        yield NearMiss(line.origin, text, likeness, words)
