"""What a review has to say of lines of the tree as it is, for programs that show such things."""

import os
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from patcher.model import Outcome, State
from patcher.operations.changes import Hunk
from patcher.operations.review import Review, RuleReview
from patcher.tree.files import Tree


class Level(str, Enum):
    """How much a notice matters, in the words of SARIF."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Notice(NamedTuple):
    """A sentence on some lines of a file.

    Attributes:
        level: How much it matters.
        about: The rule's id, or the check's name behind `verify/`.
        title: The rule's title; "" for a check.
        text: What there is to say.
        file: The file's path in the tree; `.` for the tree itself.
        lines: The numbers of the lines, 1-based; where nothing stands yet, or any more, none from
            the line that follows.
        hunk: The change that it is about, if it is about one.
    """

    level: Level
    about: str
    title: str
    text: str
    file: str
    lines: range
    hunk: Hunk | None = None


def named(tree: Tree, path: str) -> str:
    """A file as a reviewer's programs name it: from GitHub's workspace on, or the repository's top.

    Without either it is named from the tree's root on.
    """
    place, found = tree.root / path, tree.repository
    workspace = os.environ.get("GITHUB_WORKSPACE")
    for base in (workspace and Path(workspace).resolve(), found and found.top):
        if base and place.is_relative_to(base):
            return place.relative_to(base).as_posix()
    return path


def notices(review: Review) -> list[Notice]:
    """All notices, what matters most first, and then by file and line."""
    lengths = {(c.path, c.state): (len(c.before), len(c.after)) for c in review.changes}
    found = [n for each in review.rules for n in _of_rule(each, lengths, bool(review.unknown))]
    found += [
        Notice(Level.ERROR, f"verify/{label}", "", each.text, each.file, _line(each.line))
        for label, each in review.failures
    ]
    return sorted(found, key=_place)


def _place(notice: Notice) -> tuple[int, str, int, int]:
    """What notices are sorted by; what is added at one place stays in its order."""
    end = notice.hunk.new.start if notice.hunk else 0
    return [*Level].index(notice.level), notice.file, notice.lines.start, end


def _of_rule(
    each: RuleReview,
    lengths: Mapping[tuple[str, State], tuple[int, int]],
    is_past_unknown: bool,
) -> Iterator[Notice]:
    rule, outcome = each.rule, each.outcome
    about = each.id, rule.title
    if outcome.state.is_unresolved:
        text = f"{outcome.state}, so it cannot be applied: {_reason(outcome)}"
        line = outcome.nearest.line if outcome.nearest else _first_line(outcome)
        yield Notice(Level.ERROR, *about, text, outcome.file, _line(line))
    for site in outcome.sites if is_past_unknown else ():
        if site.state is State.APPLIED:
            yield Notice(Level.NOTE, *about, rule.why, outcome.file, _line(site.line))
    for hunk in each.hunks:
        is_made = hunk.state is State.APPLIED
        level = Level.NOTE if is_made else Level.WARNING
        text = rule.why if is_made else f"Not applied yet. {rule.why}"
        side = hunk.new if is_made else hunk.old
        last = lengths[hunk.file, hunk.state][is_made]
        start = max(min(side.start + 1, last), 1)  # behind the last line, nothing can be marked
        yield Notice(level, *about, text, hunk.file, range(start, start + len(side)), hunk)


def _reason(outcome: Outcome) -> str:
    return outcome.nearest.why if outcome.nearest else f"wanted {outcome.wants}"


def _first_line(outcome: Outcome) -> int:
    return min((site.line for site in outcome.sites), default=1)


def _line(number: int) -> range:
    return range(number, number + 1)
