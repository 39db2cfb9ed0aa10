"""The files of an upstream tree, and what git knows of them."""

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from patcher import reading
from patcher.errors import TreeError, WriteError, reason
from patcher.paths import is_git_name
from patcher.tree import repository
from patcher.tree.repository import LARGEST, Repository, blob_of


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
        if any(map(is_git_name, target.relative_to(self.root).parts)):
            raise TreeError(path, "leads to what git keeps for itself", "a file of the tree")
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
                content = reading.read(place, LARGEST, follow_links=False)
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

    @property
    def repository(self) -> Repository | None:
        """The repository that the tree is in; None where it is in none."""
        return repository.find(self.root)

    def commit(self) -> str | None:
        """The id of the commit that is checked out; None where there is none."""
        found = self.repository
        return found.commit() if found else None

    def uncommitted(self, paths: Sequence[str]) -> list[str]:
        """Those of `paths` that are not, byte for byte, as git could restore them."""
        found = self.repository if paths else None
        if not found:
            return []
        names = {path: self.in_repository(path, found) for path in paths}
        there, staged = found.committed(*names.values()), found.indexed(*names.values())
        contents = self.read(paths)
        differs = set(repository.differing({names[p]: contents[p] for p in contents}, there))
        staged_apart = {name for name in there if there[name].blob != blob_of(staged, name)}
        return [path for path, name in names.items() if name in differs | staged_apart]

    def modified(self) -> list[str]:
        """The tracked files that differ from the commit."""
        found = self.repository
        if not found:
            return []
        there, staged = found.committed(), found.indexed()
        files = {path: content for path in staged if (content := self._tracked(path)) is not None}
        apart = {p for p in there.keys() | staged if blob_of(there, p) != blob_of(staged, p)}
        return sorted(apart.union(repository.differing(files, staged)))

    def committed(
        self, files: Mapping[str, bytes], known: Collection[str]
    ) -> dict[str, bytes | None]:
        """What git has of each Python file that differs from it, by path; None for nothing.

        Args:
            files: The Python files of the tree.
            known: The paths of those that are not asked for.
        """
        found = self.repository
        if not found:
            return {}
        prefix = self.in_repository("", found)
        where = (prefix,) if prefix else ()
        there, staged = found.committed(*where), found.indexed(*where)
        below = {f"{prefix}{path}": content for path, content in files.items()}
        changed = set(repository.differing(below, {p: there[p] for p in there.keys() & below}))
        gone = {p for p in there if p.endswith(".py") and not os.path.lexists(found.top / p)}
        changed |= {path for path in gone if not (path in staged and staged[path].skipped)}
        paths = {path.removeprefix(prefix): path for path in sorted(changed)}
        return {path: found.version(paths[path]) for path in paths if path not in known}

    def versions(self, path: str) -> Iterator[bytes]:
        """The bytes of a file as the commits have it that changed it, the last one first."""
        if found := self.repository:
            name = self.in_repository(path, found)
            contents = (found.version(name, commit) for commit in found.commits_of(name))
            yield from (content for content in contents if content is not None)

    def in_repository(self, path: str, found: Repository) -> str:
        """A path of the tree, links followed, as one of its repository; "" for the tree itself."""
        prefix = self.root.relative_to(found.top).as_posix()
        head = "" if prefix == "." else f"{prefix}/"
        return head + (self.real(path) if path else "")

    def _tracked(self, path: str) -> bytes | None:
        """The bytes of a file as git tracks it: of a link, where that leads; None for none."""
        place = self.root / path
        with suppress(OSError):
            if place.is_symlink():
                return os.fsencode(os.readlink(place))
            return reading.read(place, LARGEST, follow_links=False)
        return None


def digest(content: bytes | None) -> str:
    """SHA-256 in hex; "" for a file that does not exist."""
    return "" if content is None else sha256(content).hexdigest()


def _exists(root: Path, path: str) -> bool:
    try:
        os.lstat(root / path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise _unreadable(path, reason(error)) from None
    return True


def _bytes(path: str, target: Path) -> bytes:
    try:
        return reading.read(target, LARGEST)
    except OSError as error:
        raise _unreadable(path, reason(error)) from None


def _unreadable(path: str, why: str) -> TreeError:
    next_step = "replace it, or fix its permissions"
    return TreeError(path, f"cannot be read ({why})", next_step=next_step)
