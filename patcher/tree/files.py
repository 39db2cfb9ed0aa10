"""The files of an upstream tree, and what git knows of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from patcher.errors import (
    DirtyTree,
    NotUpstream,
    OutsideTree,
    TreeMissing,
    Unreadable,
    Unwritable,
    reason,
)
from patcher.tree.git import ANY, try_to


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree to patch.

    Attributes:
        place: The folder as the user named it, for sentences.
        root: The checkout's root, resolved; it holds `efficientdet/`.
    """

    place: str
    root: Path

    def target(self, path: str) -> Path:
        """The real file behind a path of the tree.

        Raises:
            OutsideTree: A link leads out of the tree.
            Unreadable: A link leads nowhere, or in a circle.
        """
        try:
            target = (self.root / path).resolve(strict=True)
        except (OSError, RuntimeError) as error:
            raise Unreadable(path, reason(error)) from None
        if not target.is_relative_to(self.root):
            raise OutsideTree(path, str(target))
        return target

    def real(self, path: str) -> str:
        """The path below the root of the real file behind a path of the tree.

        Raises:
            OutsideTree: A link leads out of the tree.
            Unreadable: A link leads nowhere, or in a circle.
        """
        return self.target(path).relative_to(self.root).as_posix()

    def new_target(self, path: str) -> Path:
        """Where a file of the tree can be made that is not there yet, nor, it may be, its folder.

        Raises:
            OutsideTree: Its folder leads out of the tree.
            Unwritable: Something of that name is there.
        """
        place = self.root / path
        there = next(part for part in (place, *place.parents) if os.path.lexists(part))
        if there == place or not there.is_dir():
            raise Unwritable(path, "something of that name is there")
        return self.target(str(there.relative_to(self.root))) / place.relative_to(there)

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The bytes of each of `paths` that is there.

        Raises:
            PatchError: One cannot be read or is not in the tree.
        """
        return {path: _bytes(path, self.target(path)) for path in self.present(paths)}

    def present(self, paths: Iterable[str]) -> list[str]:
        """Those of `paths` that are there; links count, wherever they lead."""
        return [path for path in paths if _is_there(self.root, path)]

    def python_files(self) -> dict[str, bytes]:
        """The bytes of every Python file of the tree; links are not followed.

        Raises:
            Unreadable: One cannot be read.
        """
        found = {}
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(each for each in folders if not each.startswith("."))
            for place in (Path(folder, name) for name in sorted(names) if name.endswith(".py")):
                if place.is_file() and not place.is_symlink():
                    path = place.relative_to(self.root).as_posix()
                    found[path] = _bytes(path, place)
        return found

    def commit(self) -> str | None:
        """The id of the commit that is checked out; None where there is none.

        Raises:
            GitFailed: git does not answer.
        """
        return self._ask("rev-parse", "--verify", "--quiet", "HEAD").strip() or None

    def require_clean(self, paths: Sequence[str]) -> None:
        """See that git would have `paths` back, should the edit be unwanted.

        Raises:
            DirtyTree: Some hold changes that are not committed.
            GitFailed: git does not answer.
        """
        if not paths:
            return
        real = {path: self.real(path) for path in paths}
        options = ("--porcelain", "-z", "--no-renames", "--untracked-files=all", "--")
        entries = self._ask("status", *options, *real.values()).split("\0")
        changed = [entry[3:] for entry in entries if entry]
        dirty = [path for path in paths if any(name.endswith(real[path]) for name in changed)]
        if dirty:
            raise DirtyTree(self.place, dirty)

    def modified(self) -> list[str]:
        """The tracked files that are not as the commit has them.

        Raises:
            GitFailed: git does not answer.
        """
        options = ("--porcelain", "-z", "--no-renames", "--untracked-files=no")
        return [entry[3:] for entry in self._ask("status", *options).split("\0") if entry]

    def committed(self) -> dict[str, bytes | None]:
        """The Python files that are not as git has them: what it has, None if nothing, by path.

        Raises:
            GitFailed: git does not answer.
        """
        options = ("--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", "*.py")
        entries = [entry for entry in self._ask("status", *options).split("\0") if entry]
        prefix = self._ask("rev-parse", "--show-prefix").strip()
        inside = [(e[:2], e[3:].removeprefix(prefix)) for e in entries if e[3:].startswith(prefix)]
        return {path: None if kind == "??" else self._at_head(path) for kind, path in inside}

    def _at_head(self, path: str) -> bytes | None:
        status, content = try_to(self.root, "show", f"HEAD:./{path}", allowed=ANY)
        return content if status == 0 else None

    def _ask(self, *arguments: str) -> str:
        """What git prints; nothing where the tree is no checkout."""
        if not any((folder / ".git").exists() for folder in (self.root, *self.root.parents)):
            return ""
        env = {"GIT_OPTIONAL_LOCKS": "0"}
        return os.fsdecode(try_to(self.root, *arguments, env=env)[1])


def digest(content: bytes | None) -> str:
    """SHA-256 in hex; "" for a file that is not there."""
    return "" if content is None else sha256(content).hexdigest()


def is_plain(path: str) -> bool:
    """Whether a path names something below a root, in the only way that it can be written."""
    parts = path.split("/")
    return not {"", ".", ".."} & set(parts) and path.isprintable()


def open_tree(place: Path, paths: Iterable[str]) -> Tree:
    """The tree at a checkout's root or its `efficientdet/` folder.

    Args:
        place: The folder.
        paths: The files that the packs name; at least one must be there.

    Raises:
        TreeMissing: There is no such folder.
        NotUpstream: It holds none of the files.
    """
    if not place.is_dir():
        raise TreeMissing(str(place))
    folder = place.resolve()
    wanted = list(paths)
    for path in wanted:
        if _is_there(folder, path):
            return Tree(str(place), folder)
        if folder.name == Path(path).parts[0] and _is_there(folder.parent, path):
            return Tree(str(place), folder.parent)
    raise NotUpstream(str(place), wanted[0])


def _is_there(root: Path, path: str) -> bool:
    """Whether there is such a file; links count, wherever they lead."""
    try:
        os.lstat(root / path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise Unreadable(path, reason(error)) from None
    return True


def _bytes(path: str, target: Path) -> bytes:
    if target.exists() and not target.is_file():
        raise Unreadable(path, "it is no file")
    try:
        return target.read_bytes()
    except OSError as error:
        raise Unreadable(path, reason(error)) from None
