"""Changes as one patch per rule, in the order of the packs, which can be applied one by one."""

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from patcher.checks.line_diff import differences
from patcher.model import FilePlan, Plan, State
from patcher.operations import patch
from patcher.operations.review import Review, RuleReview
from patcher.report.diff import Style, coloured, heading

_CONTEXT = 3  # lines around a change, at least


def by_rule(plan: Plan, review: Review, style: Style) -> bytes:
    """One patch for each pending rule of a plan, below its title and reasons.

    The numbers of a hunk are those that its first line has in the file before all edits and in
    the file after all of them. Its other lines are as the rules before it leave them, so that the
    patches can be applied one after the other; each has as much context as it takes to find its
    place.

    Args:
        plan: The plan, made step by step.
        review: The review of it.
        style: How it is shown.
    """
    made = patches(plan, review)
    every = (each for each in review.rules if each.id in made)
    return b"".join(titled(each, made[each.id], style) for each in every)


def titled(each: RuleReview, content: bytes, style: Style) -> bytes:
    """The patch of a rule below its title and reasons."""
    title = "".join(f"{line}\n" for line in heading(each, style))
    return title.encode() + (coloured(content, style) if style.for_people else content)


def patches(plan: Plan, review: Review) -> dict[str, bytes]:
    """The patch of each pending rule of a plan that was made step by step, by the rule's id."""
    heads = {each.path: each.head for each in review.changes if each.state is State.PENDING}
    every = (_series(file, heads[file.path]) for file in plan.changed)
    return {id_: content for series in every for id_, content in series}


class _Version(NamedTuple):
    """A file after some of its rules.

    Attributes:
        lines: Its lines.
        names: What tells each line from all others that the file has had, in any version.
    """

    lines: Sequence[bytes]
    names: Sequence[int]


def _series(file: FilePlan, first_lines: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """The patch of each rule of a file, by the rule's id; the lines are those before `@@`."""
    head = b"".join(line for line in first_lines if not line.startswith(b"index "))
    _, first = next(_versions(file))
    _, last = deque(_versions(file), maxlen=1).pop()  # a file is kept once, not once per rule
    numbers = _numbers(first.names), _numbers(last.names)
    for (_, old), (id_, new) in pairwise(_versions(file)):
        hunks = b"".join(_hunks(old, new, numbers))
        if hunks:
            yield id_, head + hunks


def _versions(file: FilePlan) -> Iterator[tuple[str, _Version]]:
    """The file before its rules, by the id "", and after each."""
    lines = patch.lines(file.before)
    names, count = list(range(len(lines))), len(lines)
    yield "", _Version(lines, names)
    for id_, content in file.steps:
        new = patch.lines(content)
        kept, at = list[int](), 0
        for one, other in differences(lines, new):
            kept += [*names[at : one.start], *range(count, count + len(other))]
            at, count = one.stop, count + len(other)
        lines, names = new, [*kept, *names[at:]]
        yield id_, _Version(lines, names)


def _numbers(names: Sequence[int]) -> dict[int, int]:
    """The number of each line of a version, 1-based, by its name."""
    return {name: number for number, name in enumerate(names, 1)}


def _hunks(old: _Version, new: _Version, numbers: Sequence[dict[int, int]]) -> Iterator[bytes]:
    """The hunks that make one version of the other, with the numbers of the first and last."""
    whole, places = b"\n" + b"".join(old.lines), differences(old.lines, new.lines)
    start = 0
    while start < len(places):
        stop, context = start + 1, _CONTEXT
        while True:
            first = max(places[start][0].start - context, 0)
            last = min(places[stop - 1][0].stop + context, len(old.lines))
            if stop < len(places) and places[stop][0].start - context <= last:
                stop += 1
            elif len(old.lines) == last - first or (
                _is_unique(old.lines[first:last], whole)
                # A hunk from line 1 is looked for at the start of the file alone.
                and (first == 0 or _number(old.names, first, numbers[0]) > 1)
            ):
                break
            else:
                context *= 2
        yield _hunk(old, new, range(first, last), places[start:stop], numbers)
        start = stop


def _is_unique(lines: Sequence[bytes], whole: bytes) -> bool:
    """Whether lines stand in one place only of a file, given with a line end in front."""
    wanted = b"\n" + b"".join(lines)
    at = whole.find(wanted)
    return whole.find(wanted, at + 1) < 0


def _hunk(
    old: _Version,
    new: _Version,
    shown: range,
    places: Sequence[tuple[range, range]],
    numbers: Sequence[dict[int, int]],
) -> bytes:
    body, at, added = list[bytes](), shown.start, 0
    for one, other in places:
        body += [b" " + line for line in old.lines[at : one.start]]
        body += [b"-" + line for line in old.lines[one.start : one.stop]]
        body += [b"+" + line for line in new.lines[other.start : other.stop]]
        at, added = one.stop, added + len(other) - len(one)
    body += [b" " + line for line in old.lines[at : shown.stop]]
    first, last = (_number(old.names, shown.start, each) for each in numbers)
    before, after = len(shown), len(shown) + added
    # Of no lines, git gives the number of the one before.
    head = b"@@ -%d,%d +%d,%d @@\n" % (first - (not before), before, last - (not after), after)
    return head + b"".join(map(_ended, body))


def _number(names: Sequence[int], at: int, numbers: dict[int, int]) -> int:
    """The number of a line in another version, or of the one that follows there."""
    found = (numbers[name] for name in names[at:] if name in numbers)
    return next(found, len(numbers) + 1)


def _ended(line: bytes) -> bytes:
    return line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"
