"""What changes the files of a tree, line by line, with the rules that each line belongs to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from patcher.checks.baseline import Baseline
from patcher.checks.ownership import Owners, parts, trace
from patcher.code.encodings import encoding_of, keeps_ascii
from patcher.model import FilePlan, Pack, Plan, State
from patcher.operations import patch
from patcher.operations.patch import FilePatch

# Whose step it is where a file was edited after its rules were applied.
_BY_HAND = ""


class Line(NamedTuple):
    """A line that is removed or added.

    Attributes:
        old: Its number before, 1-based; 0 for a line that is added.
        new: Its number after, 1-based; 0 for a line that is removed.
        text: The line without its end.
        rules: Ids of the rules that removed or made it, in the packs' order.
        is_ended: Whether a line end follows; at the end of a file there may be none.
    """

    old: int
    new: int
    text: str
    rules: tuple[str, ...]
    is_ended: bool = True


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines that differ in one place, and belong to the same rules.

    Attributes:
        file: The file's path in the tree.
        state: Whether the change was made (applied) or would be (pending).
        old: The lines before, as indices from 0; of no lines, where those after were added.
        new: The same of the lines after.
        lines: Those removed, then those added.
        rules: Ids of the rules, in the packs' order; none where no rule made the change.
    """

    file: str
    state: State
    old: range
    new: range
    lines: tuple[Line, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that was changed, or would be.

    Attributes:
        path: Its path in the tree.
        state: Which of both.
        before: Its lines before, without their ends.
        after: Its lines after.
        head: The first lines of its part of git's patch.
        blocks: What git takes for a hunk, with context: its lines, and the hunks in it.
    """

    path: str
    state: State
    before: Sequence[str]
    after: Sequence[str]
    head: Sequence[bytes]
    blocks: tuple[tuple[Sequence[bytes], tuple[Hunk, ...]], ...]

    @property
    def hunks(self) -> Iterator[Hunk]:
        """What differs, in order."""
        return (hunk for _, hunks in self.blocks for hunk in hunks)


def pending(plan: Plan, packs: Sequence[Pack]) -> list[FileChange]:
    """What a plan, made step by step, would change."""
    return _changes(((file, file.steps) for file in plan.changed), packs, State.PENDING)


def applied(baseline: Baseline, now: Mapping[str, bytes]) -> list[FileChange]:
    """What was changed in a tree whose files are as given, by hand included."""
    found = list[tuple[FilePlan, Sequence[tuple[str, bytes]]]]()
    for file in baseline.replays:
        if (content := now.get(file.path)) is None or content == file.before:
            continue
        steps = baseline.steps(file)
        if content != file.after:
            steps.append((_BY_HAND, content))
        found.append((FilePlan(file.path, file.before, content, ()), steps))
    return _changes(found, baseline.packs, State.APPLIED)


def _changes(
    files: Iterable[tuple[FilePlan, Sequence[tuple[str, bytes]]]],
    packs: Sequence[Pack],
    state: State,
) -> list[FileChange]:
    """The changes of some files, given with their bytes after each rule."""
    steps = {file.path: (file, each) for file, each in files}
    order = {id_: n for n, id_ in enumerate(id_ for p in packs for id_, _, _ in p.entries())}
    return [
        _change(file, part, steps[file.path][1], order, state)
        for file, part in patch.by_file([file for file, _ in steps.values()])
    ]


def _change(
    file: FilePlan,
    part: FilePatch,
    steps: Sequence[tuple[str, bytes]],
    order: Mapping[str, int],
    state: State,
) -> FileChange:
    before, after = patch.lines(file.before), patch.lines(file.after)
    owned = trace(before, ((id_, patch.lines(content)) for id_, content in steps))
    old, new = _texts(before, file.before), _texts(after, file.after)

    def hunks(removed: range, added: range) -> Iterator[Hunk]:
        gone, made = (list(map(_told, side)) for side in owned.of_change(removed, added))
        at, to = 0, 0
        for a, b, owners in parts(gone, made):
            one, other = removed[at : at + a], added[to : to + b]
            lines = [
                *(Line(n + 1, 0, old[n], _ids(owners, order), _ends(before[n])) for n in one),
                *(
                    Line(0, n + 1, new[n], _ids(made[n - added.start], order), _ends(after[n]))
                    for n in other
                ),
            ]
            yield Hunk(file.path, state, one, other, tuple(lines), _ids(owners, order))
            at, to = at + a, to + b

    blocks = [
        (block.lines, tuple(hunk for place in block.places for hunk in hunks(*place)))
        for block in part.blocks
    ]
    return FileChange(file.path, state, old, new, part.head, tuple(blocks))


def _told(owners: Owners) -> Owners:
    """Who owns a line; what somebody has made of a rule's line is no rule's."""
    return frozenset({_BY_HAND}) if _BY_HAND in owners else owners


def _ids(owners: Owners, order: Mapping[str, int]) -> tuple[str, ...]:
    """The ids of rules in the packs' order."""
    return tuple(sorted(owners - {_BY_HAND}, key=order.__getitem__))


def _texts(lines: Sequence[bytes], content: bytes) -> list[str]:
    """Lines as text, without their ends."""
    named = encoding_of(content)
    encoding = named if keeps_ascii(named) and named != "utf-8-sig" else "utf-8"
    return [line.removesuffix(b"\n").decode(encoding, "replace") for line in lines]


def _ends(line: bytes) -> bool:
    return line.endswith(b"\n")
