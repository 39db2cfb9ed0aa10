"""Which commit of an upstream a document is about, and which of its files each heading means.

Both are read off the quotes: the commit is the one whose files hold most of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha1
from pathlib import PurePosixPath

from patcher.document.changed_parts import parts_of
from patcher.drafting.trees import Entry
from patcher.paths import is_end_of
from patcher.tree.history import History


@dataclass(frozen=True)
class Named:
    """A file that a document names, and the code that it quotes of it as before the edits.

    Attributes:
        name: The file's path or the end of it; "" where the document names none.
        quotes: Pieces of code.
        is_headed: Whether they are below a heading, which then names no file.
    """

    name: str
    quotes: tuple[str, ...]
    is_headed: bool = False

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """The quotes without white space, in which documents and files differ."""
        cut = (part for quote in self.quotes for part in parts_of(quote))
        return tuple(filter(None, ("".join(part.split()) for part in cut)))

    def may_be(self, path: str) -> bool:
        """Whether the document can mean a path."""
        return is_end_of(self.name, path)


@dataclass
class Contents:
    """The files of commits of a history, and which pieces of code they hold."""

    history: History
    _texts: dict[str, str] = field(default_factory=dict)

    def load(self, blobs: Iterable[str]) -> None:
        """Read files, by their ids, that were not read before."""
        new = set(blobs) - self._texts.keys()
        found = self.history.read(new) if new else {}
        for blob in new:
            text = found.get(blob, b"").decode("utf-8", "replace")
            self._texts[blob] = "".join(text.split())

    def held(self, named: Named, blob: str) -> int:
        """How many of the pieces that a document quotes of a file stand in another, by its id."""
        return sum(piece in self._texts[blob] for piece in named.pieces)

    def holds(self, named: Named, blob: str) -> bool:
        """Whether a file, by its id, holds all that is quoted, which is something."""
        return bool(named.pieces) and self.held(named, blob) == len(named.pieces)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The commit that a document is about.

    Attributes:
        held: How many quotes its files hold, of how many.
        ties: Further commits whose files hold as many, the newest first.
    """

    commit: str
    held: tuple[int, int]
    ties: tuple[str, ...] = ()


def choose(contents: Contents, named: Sequence[Named], port: Mapping[str, Entry]) -> Chosen:
    """The commit of a history whose files hold most of what a document quotes.

    Of several, the one that has most files in common with a port, else the newest.
    """
    history = contents.history
    meant = [each for each in named if each.name and each.pieces]
    paths = [p for p in history.paths() if any(each.may_be(p) for each in meant)]
    commits = [*dict.fromkeys([history.head, *history.touching(paths)])]
    trees = {commit: _only(history.files(commit), paths) for commit in commits}
    contents.load(blob for tree in trees.values() for blob in tree.values())
    scores = {commit: _score(contents, meant, tree) for commit, tree in trees.items()}
    most = max(scores.values(), default=0)
    best = [commit for commit in commits if scores[commit] == most]
    if port and best[1:]:
        known = _blobs(port)
        best.sort(key=lambda commit: -len(known & {*history.files(commit).values()}))
    return Chosen(best[0], (most, sum(len(each.pieces) for each in meant)), tuple(best[1:]))


def _only(files: Mapping[str, str], paths: Collection[str]) -> dict[str, str]:
    return {path: files[path] for path in paths if path in files}


def _score(contents: Contents, meant: Iterable[Named], tree: Mapping[str, str]) -> int:
    return sum(
        max(
            (contents.held(each, blob) for path, blob in tree.items() if each.may_be(path)),
            default=0,
        )
        for each in meant
    )


def _blobs(port: Mapping[str, Entry]) -> set[str]:
    """The ids that git gives the files of a port."""
    contents = (entry.content for entry in port.values() if not entry.is_link)
    return {sha1(b"blob %d\0%b" % (len(each), each)).hexdigest() for each in contents}


def meant_paths(
    contents: Contents, named: Sequence[Named], files: Mapping[str, str], listed: Collection[str]
) -> list[str]:
    """The path that each named file has in a commit; "" where none or several can be meant.

    Args:
        contents: What reads the files.
        named: What the document names, in order.
        files: The commit's files and their ids.
        listed: Names of files that the document gives elsewhere, such as in its introduction.
    """
    python = {path: blob for path, blob in files.items() if path.endswith(".py")}
    found = [_best(contents, each, python) if each.name else "" for each in named]
    folders = {path.rpartition("/")[0] for path in found if path}
    for index, each in enumerate(named):
        if each.name or not each.pieces:
            continue
        # A heading that was lost is that of a file which no other heading names.
        free = {p: blob for p, blob in python.items() if each.is_headed or p not in found}
        contents.load(free.values())
        whole = [path for path, blob in free.items() if contents.holds(each, blob)]
        for wanted in (
            [p for p in whole if PurePosixPath(p).name in listed],
            [p for p in whole if p.rpartition("/")[0] in folders],
            whole,
        ):
            if len(wanted) == 1:
                found[index] = wanted[0]
                break
    return found


def _best(contents: Contents, named: Named, python: Mapping[str, str]) -> str:
    """The file of a name that holds most of its quotes; "" where that is not one."""
    paths = [path for path in python if named.may_be(path)]
    contents.load(python[path] for path in paths)
    scores = {path: contents.held(named, python[path]) for path in paths}
    best = [path for path in paths if scores[path] == max(scores.values())]
    shallow = min((path.count("/") for path in best), default=0)
    best = [path for path in best if path.count("/") == shallow] if best[1:] else best
    return best[0] if len(best) == 1 else ""
