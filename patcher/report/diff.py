"""Changes as a patch for people: coloured, and each hunk below its rules and their reasons."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from patcher.errors.visible import visible
from patcher.operations.changes import FileChange
from patcher.operations.review import Review, RuleReview
from patcher.report import on_terminal
from patcher.report.colours import columns, has_colours
from patcher.report.words import changed_words

_BOLD, _DIM, _NAME, _FAULT = "1", "2", "1;33", "31"
_COLOURS = {"@": "36", "-": "31", "+": "32"}  # git's own
_MARKED = {"-": "7;31", "+": "7;32"}  # what differs in a line that was changed
_RANGE = re.compile("@@ .*? @@")
_WIDTH = 80  # columns of what is no terminal


@dataclass(frozen=True, slots=True)
class Style:
    """How a patch is shown.

    Attributes:
        colours: Whether it is coloured.
        width: In how many columns.
        for_people: Whether what is in files is made visible; else it is a patch to apply.
    """

    colours: bool
    width: int = _WIDTH
    for_people: bool = True

    @classmethod
    def of_output(cls, wanted: str = "auto") -> Style:
        """How standard output shows one; `wanted` is as for `has_colours`."""
        colours, is_terminal = has_colours(wanted), on_terminal()
        return cls(colours, columns() if is_terminal else _WIDTH, is_terminal or colours)

    def paint(self, text: str, colour: str) -> str:
        """A text, in a colour if there are any."""
        return f"\x1b[{colour}m{text}\x1b[m" if self.colours and colour and text else text

    def reason(self, text: str, colour: str = _DIM) -> Iterator[str]:
        """A text of a rule, wrapped and indented."""
        width = max(min(self.width, 100) - 4, 20)
        for line in textwrap.wrap(visible(text), width, break_on_hyphens=False):
            yield self.paint(f"    {line}", colour)


def coloured(patch: bytes, style: Style) -> bytes:
    """A patch for a terminal: what is in the files is made visible."""
    in_hunk, shown = False, list[str]()
    for line in map(_text, patch.split(b"\n")[:-1]):
        in_hunk = not line.startswith("diff --git ") and (in_hunk or line.startswith("@@ "))
        shown.append(_line(line, style) if in_hunk else style.paint(line, _BOLD))
    return _joined(shown)


def annotated(review: Review, style: Style) -> bytes:
    """The whole change, file by file; above each hunk its rules with title and reason."""
    rules, told = {each.id: each for each in review.rules}, set[str]()
    shown = list[str]()
    for change in review.changes:
        shown += _head(change, style)
        for lines, hunks in change.blocks:
            for id_ in dict.fromkeys(id_ for hunk in hunks for id_ in hunk.rules):
                shown += heading(rules[id_], style, again=id_ in told)
                told.add(id_)
            shown += _block([_text(line) for line in _without_ends(lines)], style)
    return _joined(shown)


def heading(each: RuleReview, style: Style, *, again: bool = False) -> Iterator[str]:
    """A rule's id and title, and its reasons unless they were shown before."""
    yield style.paint(visible(f"# {each.id}: {each.rule.title}"), _NAME)
    if again:
        return
    if each.line:
        place = f"{each.section.heading}, item {each.rule.item}, line {each.line} of the document"
        yield from style.reason(place)
    yield from style.reason(each.rule.why)
    if each.rule.deviation:
        yield from style.reason(f"Our choice: {each.rule.deviation}")
    for label, finding in each.findings:
        colour = _DIM if finding.advice else _FAULT  # which is only a note
        yield from style.reason(f"verify, {label}: {finding.place}: {finding.text}", colour)


def _head(change: FileChange, style: Style) -> Iterator[str]:
    return (style.paint(_text(line.removesuffix(b"\n")), _BOLD) for line in change.head)


def _block(lines: Sequence[str], style: Style) -> Iterator[str]:
    """A hunk of a patch, with what differs in lines that were changed."""
    at = 0
    while at < len(lines):
        stop = at
        while stop < len(lines) and lines[stop][:1] in ("-", "+"):
            stop += 1
        if stop == at:
            yield _line(lines[at], style)
            at += 1
            continue
        yield from _changed(lines[at:stop], style)
        at = stop


def _without_ends(lines: Sequence[bytes]) -> list[bytes]:
    """Lines of a hunk without their ends, which are of one kind but for the first line's."""
    returns = all(line.endswith(b"\r\n") or line.startswith(b"\\") for line in lines[1:])
    first, *rest = (line.removesuffix(b"\n") for line in lines)
    return [first, *(line.removesuffix(b"\r") if returns else line for line in rest)]


def _changed(lines: Sequence[str], style: Style) -> Iterator[str]:
    removed = [line[1:] for line in lines if line[0] == "-"]
    added = [line[1:] for line in lines if line[0] == "+"]
    old, new = changed_words(removed, added) if style.colours else ({}, {})
    at = {"-": 0, "+": 0}
    for line in lines:
        sign = line[0]
        spans = (old if sign == "-" else new).get(at[sign], [])
        at[sign] += 1
        yield _marked(line, spans, style) if spans else _line(line, style)


def _marked(line: str, spans: Iterable[range], style: Style) -> str:
    """A line of a patch, some of its characters marked."""
    sign, parts, at = line[0], list[str](), 0
    for span in spans:
        start, stop = span.start + 1, span.stop + 1
        parts.append(style.paint(line[at:start], _COLOURS[sign]))
        parts.append(style.paint(line[start:stop], _MARKED[sign]))
        at = stop
    return "".join([*parts, style.paint(line[at:], _COLOURS[sign])])


def _line(line: str, style: Style) -> str:
    """A line of a hunk; of the first one, only the numbers are coloured."""
    part = _RANGE.match(line)
    end = part.end() if part else len(line)
    return style.paint(line[:end], _COLOURS.get(line[:1], "")) + line[end:]


def _text(line: bytes) -> str:
    return visible(line.decode("utf-8", "surrogateescape"), keep="\t")


def _joined(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
