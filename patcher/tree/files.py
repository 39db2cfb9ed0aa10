"""The files of an upstream tree, and what git knows of them."""

import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from patcher.errors import TreeError, WriteError, reason
from patcher.tree.git import ANY, ask, try_to


class Change(NamedTuple):
    """One file's bytes before and after; None where there is no such file."""

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree to patch. What asks git raises GitError where git fails.

    Attributes:
        place: The folder as the user named it, for sentences.
        root: The folder that paths are below, resolved: the checkout's root.
    """

    place: str
    root: Path

    def target(self, path: str) -> Path:
        """The real file behind a path of the tree, links followed.

        Raises:
            TreeError: A link leads out of the tree, nowhere, or in a circle.
        """
        try:
            target = (self.root / path).resolve(strict=True)
        except (OSError, RuntimeError) as error:
            raise _unreadable(path, reason(error)) from None
        if not target.is_relative_to(self.root):
            climbs = ".." in path.split("/")
            next_step = "correct the path" if climbs else "replace the link by a copy"
            raise TreeError(path, f"leads out of the tree to {target}", "a file in it", next_step)
        return target

    def holds(self, path: str) -> bool:
        """Whether a path leads to something in the tree, links followed."""
        try:
            return self.target(path).exists()
        except TreeError:
            return False

    def real(self, path: str) -> str:
        """The path below the root of the real file behind a path; errors as for `target`."""
        return self.target(path).relative_to(self.root).as_posix()

    def new_target(self, path: str) -> Path:
        """Where a new file of the tree goes; its folder need not exist yet.

        Raises:
            TreeError: Its folder leads out of the tree.
            WriteError: Something of that name exists.
        """
        place = self.root / path
        present = next(part for part in (place, *place.parents) if os.path.lexists(part))
        if present == place or not present.is_dir():
            found = "something of that name is there"
            raise WriteError(path, found, "room for a new file", "move it away and run again")
        return self.target(str(present.relative_to(self.root))) / place.relative_to(present)

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The bytes of each of `paths` that exists, by path.

        Raises:
            TreeError: One cannot be read or is not in the tree.
        """
        return {path: _bytes(path, self.target(path)) for path in self.present(paths)}

    def present(self, paths: Iterable[str]) -> list[str]:
        """Those of `paths` that exist; links count, wherever they lead.

        Raises:
            TreeError: The system does not let us look.
        """
        return [path for path in paths if _exists(self.root, path)]

    def python_files(self) -> dict[str, bytes]:
        """The bytes of every Python file of the tree, by path; links are not followed.

        Raises:
            TreeError: One cannot be read.
        """
        places = {place.relative_to(self.root).as_posix(): place for place in self._python_files()}
        return {path: _bytes(path, place) for path, place in places.items()}

    def mentioning(self, names: Collection[str]) -> dict[str, bytes]:
        """The bytes of every Python file that mentions one of some names, by path.

        Those that cannot be read are left out, and so are virtual environments.
        """
        pattern, found = re.compile("|".join(map(re.escape, names)).encode()), {}
        for place in self._python_files(environments=False) if names else ():
            with suppress(OSError):
                content = place.read_bytes()
                if pattern.search(content):
                    found[place.relative_to(self.root).as_posix()] = content
        return found

    def _python_files(self, *, environments: bool = True) -> Iterator[Path]:
        for folder, folders, names in os.walk(self.root):
            if "pyvenv.cfg" in names and not environments:
                folders.clear()
                continue
            folders[:] = sorted(each for each in folders if not each.startswith("."))
            for place in (Path(folder, name) for name in sorted(names) if name.endswith(".py")):
                if place.is_file() and not place.is_symlink():
                    yield place

    def commit(self, name: str = "HEAD") -> str | None:
        """The id of the commit that a name stands for; None where there is none."""
        return self._ask("rev-parse", "--verify", "--quiet", name) or None

    def uncommitted(self, paths: Sequence[str]) -> list[str]:
        """Those of `paths` that git could not restore as they are."""
        if not paths:
            return []
        real = {path: self.real(path) for path in paths}
        changed = self._status("--untracked-files=all", "--", *real.values())
        return [path for path in paths if any(name.endswith(real[path]) for name in changed)]

    def modified(self) -> list[str]:
        """The tracked files that differ from the commit."""
        return [entry[3:] for entry in self._status("--untracked-files=no")]

    def committed(self, known: Collection[str] = ()) -> dict[str, bytes | None]:
        """What git has of each Python file that differs from it, by path; None for nothing.

        Files whose paths are known are left out.
        """
        entries = self._status("--untracked-files=all", "--", "*.py")
        prefix = self._ask("rev-parse", "--show-prefix")
        inside = [(e[:2], e[3:].removeprefix(prefix)) for e in entries if e[3:].startswith(prefix)]
        asked = [(kind, path) for kind, path in inside if path not in known]
        return {path: None if kind == "??" else self.version(path) for kind, path in asked}

    def version(self, path: str, commit: str = "HEAD") -> bytes | None:
        """The bytes of a file as a commit has it; None where it has none."""
        status, content = try_to(self.root, "show", f"{commit}:./{path}", allowed=ANY)
        return content if status == 0 else None

    def _status(self, *options: str) -> list[str]:
        """The entries of `git status`: two letters, a space, the path in the repository."""
        printed = self._ask("status", "--porcelain", "-z", "--no-renames", *options)
        return printed.split("\0")[:-1]

    def _ask(self, *arguments: str) -> str:
        """What git prints; nothing where the tree is no checkout."""
        if not any((folder / ".git").exists() for folder in (self.root, *self.root.parents)):
            return ""
        return ask(self.root, *arguments, env={"GIT_OPTIONAL_LOCKS": "0"}, allowed=(0, 1))


def digest(content: bytes | None) -> str:
    """SHA-256 in hex; "" for a file that does not exist."""
    return "" if content is None else sha256(content).hexdigest()


def is_plain(path: str) -> bool:
    """Whether a path names something below a root, in the only way that it can be written."""
    parts = path.split("/")
    return not {"", ".", ".."} & set(parts) and path.isprintable()


def _exists(root: Path, path: str) -> bool:
    try:
        os.lstat(root / path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise _unreadable(path, reason(error)) from None
    return True


def _bytes(path: str, target: Path) -> bytes:
    if target.exists() and not target.is_file():
        raise _unreadable(path, "not a regular file")
    try:
        return target.read_bytes()
    except OSError as error:
        raise _unreadable(path, reason(error)) from None


def _unreadable(path: str, why: str) -> TreeError:
    next_step = "replace it, or fix its permissions"
    return TreeError(path, f"cannot be read ({why})", next_step=next_step)
