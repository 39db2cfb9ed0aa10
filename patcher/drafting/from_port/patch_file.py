"""A unified diff, as git and `diff -u` write it, applied to the files of a tree in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from patcher import reading
from patcher.drafting.trees import Entry
from patcher.errors import TreeError, reason
from patcher.paths import is_plain

LARGEST = 50_000_000  # bytes
_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_QUOTED = re.compile(rb"\\([0-7]{3}|.)")
_ESCAPES = {b"n": b"\n", b"t": b"\t", b"\\": b"\\", b'"': b'"', b"r": b"\r"}
_NOWHERE = "/dev/null"


@dataclass(slots=True)
class _Hunk:
    """Lines to replace: where they start, 1-based, and what they are before and after.

    Attributes:
        line: Where it is in the diff, 1-based.
        empties: Whether no line of the file is left.
    """

    start: int
    line: int
    empties: bool
    old: list[bytes] = field(default_factory=list)
    new: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class _Change:
    """What a diff says of a file: its names before and after, and the hunks.

    Attributes:
        line: Where it starts in the diff, 1-based.
        is_git: Whether git wrote it, with a first folder `a/` and `b/`.
        mode: The new mode; "" where it stays.
    """

    line: int
    is_git: bool = False
    old: str = ""
    new: str = ""
    mode: str = ""
    is_binary: bool = False
    hunks: list[_Hunk] = field(default_factory=list)


def read(file: Path) -> bytes:
    """The bytes of a diff.

    Raises:
        TreeError: It cannot be read.
    """
    try:
        return reading.read(file, LARGEST)
    except OSError as error:
        found = f"cannot be read ({reason(error)})"
        raise TreeError(str(file), found, next_step="name the diff with --diff") from None


def patched(place: str, diff: bytes, tree: Mapping[str, Entry]) -> dict[str, Entry]:
    """The files of a tree as a diff leaves them.

    Args:
        place: The name of the diff, for sentences.
        diff: Its bytes.
        tree: The files of the tree, by path.

    Raises:
        TreeError: It is no unified diff, or does not fit the tree.
    """
    changes = [*_changes(place, diff.splitlines(keepends=True))]
    if not changes:
        wanted = "a unified diff, as `git diff` and `diff -u` write it"
        raise TreeError(place, "no change in it", wanted, "name the diff with --diff")
    strip = _strip(changes, tree)
    result = dict(tree)
    for change in changes:
        _make(place, change, strip, result)
    return result


def _make(place: str, change: _Change, strip: int, files: dict[str, Entry]) -> None:
    where = f"{place}:{change.line}"
    old, new = (_stripped(name, strip) for name in (change.old, change.new))
    for path in filter(None, (old, new)):
        if not is_plain(path):
            raise TreeError(where, f"names {path!r}", "a file below the tree", "correct the diff")
    if change.is_binary:
        raise TreeError(where, f"{new or old} is binary", "a text", "leave it out of the diff")
    if not change.is_git:  # what `diff -N` says of a file that is only in one of the trees
        old = "" if old not in files and [hunk.start for hunk in change.hunks] == [0] else old
        new = "" if [hunk.empties for hunk in change.hunks] == [True] else new
    before = files.get(old) if old else Entry(b"")
    if before is None or before.is_link:
        step = "name the tree that the diff was made from"
        raise TreeError(where, f"no file {old} in the tree", "the tree before", step)
    content = _with_hunks(place, old, before.content, change.hunks)
    if old and old != new:
        del files[old]
    if new:
        is_program = change.mode.endswith("755") if change.mode else before.is_program
        files[new] = Entry(content, change.mode.startswith("120"), is_program)


def _with_hunks(place: str, path: str, content: bytes, hunks: Sequence[_Hunk]) -> bytes:
    lines = content.splitlines(keepends=True)
    done, at = list[bytes](), 0
    for hunk in hunks:
        start = _found(lines, hunk, at)
        if start is None:
            step = "name the tree that the diff was made from"
            found = f"does not fit {path}, line {hunk.start}"
            raise TreeError(f"{place}:{hunk.line}", found, "the lines that it quotes", step)
        done += [*lines[at:start], *hunk.new]
        at = start + len(hunk.old)
    return b"".join([*done, *lines[at:]])


def _found(lines: Sequence[bytes], hunk: _Hunk, at: int) -> int | None:
    """Where a hunk fits, from a line on, the nearest place to the one that it names."""
    wanted = max(hunk.start - 1, 0) if hunk.old else hunk.start
    size = len(hunk.old)
    places = sorted(range(at, len(lines) - size + 1), key=lambda n: abs(n - wanted))
    return next((n for n in places if list(lines[n : n + size]) == hunk.old), None)


def _changes(place: str, lines: Sequence[bytes]) -> Iterator[_Change]:
    """The changes of a diff, file by file."""
    change: _Change | None = None
    index = 0
    while index < len(lines):
        line = lines[index].rstrip(b"\r\n")
        following = lines[index + 1] if index + 1 < len(lines) else b""
        if line.startswith(b"diff --git "):
            if change and _says_something(change):
                yield change
            change = _Change(index + 1, True)
            change.old, change.new = _git_names(line[11:])
        elif line.startswith(b"--- ") and following.startswith(b"+++ "):
            if change is None or change.hunks or not change.is_git:
                if change and _says_something(change):
                    yield change
                change = _Change(index + 1)
            change.old, change.new = _name(line[4:]), _name(following[4:].rstrip(b"\r\n"))
            index += 1
        elif change and (match := _HUNK.match(line)):
            hunk = _Hunk(int(match[1]), index + 1, match[3] == match[4] == b"0")
            counts = [int(n) if n else 1 for n in (match[2], match[4])]
            index = _read_hunk(place, lines, index, hunk, counts)
            change.hunks.append(hunk)
        elif change and change.is_git:
            _read_header(change, line)
        index += 1
    if change and _says_something(change):
        yield change


def _says_something(change: _Change) -> bool:
    moved = change.is_git and change.old[2:] != change.new[2:]
    return bool(change.hunks or change.mode or change.is_binary or moved)


def _read_header(change: _Change, line: bytes) -> None:
    """Note what a line between the name of a file in git's form and its hunks says."""
    for start, value in ((b"new mode ", "mode"), (b"new file mode ", "mode")):
        if line.startswith(start):
            setattr(change, value, line[len(start) :].decode())
    if line.startswith(b"new file mode "):
        change.old = _NOWHERE
    elif line.startswith(b"deleted file mode "):
        change.new = _NOWHERE
        change.mode = change.mode or "gone"
    elif line.startswith((b"rename from ", b"copy from ")):
        change.old = f"a/{_name(line.partition(b'from ')[2])}"
    elif line.startswith((b"rename to ", b"copy to ")):
        change.new = f"b/{_name(line.partition(b'to ')[2])}"
    elif line.startswith((b"Binary files ", b"GIT binary patch")):
        change.is_binary = True


def _read_hunk(
    place: str, lines: Sequence[bytes], index: int, hunk: _Hunk, counts: list[int]
) -> int:
    """Read the lines of a hunk behind its header; gives the index of its last line."""
    while any(counts):
        index += 1
        line = lines[index] if index < len(lines) else b""
        sign, rest = line[:1], line[1:]
        if line in (b"\n", b"\r\n"):  # an empty line that lost its space
            sign, rest = b" ", line
        sides = {b" ": (0, 1), b"-": (0,), b"+": (1,)}.get(sign)
        if sides is None or not all(counts[side] for side in sides):
            step = "make the diff again"
            raise TreeError(f"{place}:{index + 1}", "a hunk that breaks off", "", step)
        for side in sides:
            (hunk.old, hunk.new)[side].append(rest)
            counts[side] -= 1
        following = lines[index + 1] if index + 1 < len(lines) else b""
        if following.startswith(b"\\"):  # no newline at the end of the file
            index += 1
            for side in sides:
                rows = (hunk.old, hunk.new)[side]
                rows[-1] = rows[-1].removesuffix(b"\n").removesuffix(b"\r")
    return index


def _git_names(text: bytes) -> tuple[str, str]:
    """The two names behind `diff --git`, which are the same but for the first folder."""
    if text.startswith(b'"'):
        first, _, second = text[1:].partition(b'" ')
        return _name(b'"' + first + b'"'), _name(second)
    half = (len(text) - 1) // 2
    return _name(text[:half]), _name(text[half + 1 :])


def _name(text: bytes) -> str:
    """A name of a file in a diff, without the time behind it."""
    if text.startswith(b'"'):
        quoted = text[1 : text.rindex(b'"')]
        text = _QUOTED.sub(
            lambda m: _ESCAPES.get(m[1]) or (bytes([int(m[1], 8)]) if len(m[1]) == 3 else m[1]),
            quoted,
        )
    else:
        text = text.partition(b"\t")[0]
    return text.decode("utf-8", "surrogateescape").strip()


def _strip(changes: Sequence[_Change], tree: Mapping[str, Entry]) -> int:
    """How many folders the names in a diff have too much: as many as give most files."""
    names = [change.old for change in changes if change.old != _NOWHERE]
    depths = max((name.count("/") for name in names), default=0)
    usual = 1 if any(change.is_git for change in changes) else 0
    order = sorted(range(depths + 1), key=lambda n: (n != usual, n))
    found = {n: sum(_stripped(name, n) in tree for name in names) for n in order}
    return max(order, key=lambda n: found[n]) if names else usual


def _stripped(name: str, folders: int) -> str:
    """A name without its first folders; "" for no file."""
    if name == _NOWHERE:
        return ""
    parts = PurePosixPath(name).parts
    return "/".join(parts[folders:]) or name
