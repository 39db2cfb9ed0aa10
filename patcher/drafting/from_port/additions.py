"""The rules that may add statements: behind one that stays, or as part of a longer run."""

from __future__ import annotations

from collections.abc import Iterator

from patcher.drafting.anchors import abbreviated
from patcher.drafting.from_port.edit import Edit, Versions
from patcher.edits.kinds import Kind, Statement

_MOST = 25  # lines of a statement that is quoted for what is added next to it
_FEW = 4  # lines that an anchor has before others are preferred


def additions(edit: Edit, versions: Versions) -> Iterator[tuple[Kind, str, str]]:
    """The rules that may add the statements of an edit."""
    code = versions.new.quote(range(edit.new.start, edit.after[-1].lines.stop))
    anchors = list(dict.fromkeys(_anchors(edit, versions)))
    short = [anchor for anchor in anchors if anchor.count("\n") < _FEW]
    for anchor in short:
        yield Statement(within=edit.scope, follows=anchor), "", code
    if not edit.scope:
        yield Statement(), "", code.lstrip("\n")
    longer = dict.fromkeys(_longer(edit, versions))
    for before, after in sorted(longer, key=lambda quotes: len(quotes[0])):
        if before.count("\n") < _MOST:
            yield Statement(within=edit.scope), before, after
    for anchor in anchors:
        if anchor not in short:
            yield Statement(within=edit.scope, follows=anchor), "", code


def _anchors(edit: Edit, versions: Versions) -> Iterator[str]:
    """The statement above an addition as a quote, as it is in each version."""
    for row, source in ((edit.above.new, versions.new), (edit.above.old, versions.old)):
        if row:
            text = source.quote(row.lines)
            if brief := abbreviated(text):
                yield brief
            yield text


def _longer(edit: Edit, versions: Versions) -> Iterator[tuple[str, str]]:
    """What is added as a change of the statement below it, or of the one above.

    These are as in the old file where their own edits come later, or cannot be made.
    """
    new = versions.new
    first, last = edit.after[0].lines.start, edit.after[-1].lines.stop
    for row, source in ((edit.below.old, versions.old), (edit.below.new, new)):
        if row and edit.below.new:
            text = source.quote(row.lines)
            yield text, f"{new.quote(range(first, max(last, edit.below.new.lines.start)))}\n{text}"
    for row, source in ((edit.above.new, new), (edit.above.old, versions.old)):
        if row:
            text = source.quote(row.lines)
            yield text, f"{text}\n{new.quote(range(edit.new.start, last))}"
