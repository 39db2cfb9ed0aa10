"""The git repository that a tree is in, and what it has committed: no program of it is run.

That a file is as committed is found by the ids of its bytes, not by `git status`: for that, git
runs the filters that a repository names.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha1, sha256
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from patcher import reading
from patcher.errors import GitError
from patcher.tree.git import ANY, ask, try_to

# The largest file that is read, of a tree or of a commit, in bytes.
LARGEST = 16_000_000
_LONGEST_LINK = 10_000  # bytes of a `.git` that is a file
_LONGEST_CONFIG = 1_000_000  # bytes
# What git leaves in its folder while it is in the middle of something.
_UNDERWAY = {
    "MERGE_HEAD": "merge",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase or am",
    "BISECT_LOG": "bisect",
}


class Entry(NamedTuple):
    """A file as git has it: its mode, the id of its bytes, and whether it is left out here.

    That is so in a sparse checkout, for the files that are not checked out.
    """

    mode: str
    blob: str
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository; its methods raise GitError where git fails.

    Attributes:
        top: The folder that is checked out, resolved.
        folder: What git keeps of it: `.git`, or where that leads.
        is_ours: Whether the folder is `top`'s own, which a file `.git` alone does not prove.
    """

    top: Path
    folder: Path
    is_ours: bool

    def commit(self, name: str = "HEAD") -> str | None:
        """The id of the commit that a name stands for; None where there is none."""
        named = (f"{name}^{{commit}}",)
        return ask(self.top, "rev-parse", "--verify", "--quiet", *named, allowed=(0, 1)) or None

    def committed(self, *paths: str) -> dict[str, Entry]:
        """The files of the commit among some paths, or below one that ends in a slash; or all."""
        printed = ask(self.top, "ls-tree", "-r", "-z", "HEAD", "--", *paths, allowed=ANY)
        parts = ((path, head.split(" ")) for head, path in _rows(printed))
        return {path: Entry(mode, blob) for path, (mode, _, blob) in parts}

    def indexed(self, *paths: str) -> dict[str, Entry]:
        """The files of the index; paths as for `committed`."""
        printed = ask(self.top, "ls-files", "-s", "-t", "-z", "--", *paths)
        parts = ((path, head.split(" ")) for head, path in _rows(printed))
        return {path: Entry(mode, blob, tag == "S") for path, (tag, mode, blob, _) in parts}

    def version(self, path: str, commit: str = "HEAD") -> bytes | None:
        """The bytes of a file as a commit has it; None where it has none."""
        name = f"{commit}:{path}"
        size = ask(self.top, "cat-file", "-s", name, allowed=ANY)
        if size.isdecimal() and int(size) > LARGEST:
            raise GitError(path, f"has {size} bytes in a commit", f"at most {LARGEST:,}")
        status, content = try_to(self.top, "cat-file", "blob", name, allowed=ANY)
        return content if status == 0 else None

    def commits_of(self, path: str) -> list[str]:
        """The ids of the commits that changed a file, the last one first."""
        return ask(self.top, "rev-list", "HEAD", "--", path, allowed=ANY).split()

    @property
    def underway(self) -> str:
        """What git is in the middle of; "" for nothing."""
        return next((_UNDERWAY[n] for n in _UNDERWAY if os.path.lexists(self.folder / n)), "")


def find(folder: Path) -> Repository | None:
    """The repository that a resolved folder is in, found without git; None where it is in none.

    Folders that look like a bare repository are none.
    """
    for top in (folder, *folder.parents):
        place = top / ".git"
        if place.is_dir():
            if _is_git_folder(place):
                return Repository(top, place.resolve(), not place.is_symlink())
        elif found := _led_to(place):
            return Repository(top, found, _leads_back(found, place))
    return None


def _rows(printed: str) -> Iterator[tuple[str, str]]:
    """What git says of each file, and the file's path."""
    for row in printed.split("\0")[:-1]:
        head, _, path = row.partition("\t")
        yield head, path


def is_stored_as(content: bytes, blob: str) -> bool:
    """Whether git stores these bytes of a file under an id, line ends converted or not."""
    if not blob:
        return False
    forms = dict.fromkeys((content, content.replace(b"\r\n", b"\n")))
    return any(_blob(form, blob) == blob for form in forms)


def blob_of(entries: Mapping[str, Entry], path: str) -> str:
    """The id of the bytes of a file, by its entry; "" for none."""
    return entries[path].blob if path in entries else ""


def differing(files: Mapping[str, bytes], entries: Mapping[str, Entry]) -> list[str]:
    """The paths of the files that differ from what git has of them, one side lacking or not.

    Entries of files that are left out here do not count.
    """
    wanted = {path for path, entry in entries.items() if not entry.skipped}
    every = sorted(wanted | files.keys())
    return [p for p in every if not _is_as(files.get(p), entries.get(p))]


def _is_as(content: bytes | None, entry: Entry | None) -> bool:
    return content is not None and entry is not None and is_stored_as(content, entry.blob)


def _blob(content: bytes, like: str) -> str:
    """The id that git gives to the bytes of a file, of the kind of another id."""
    kind = sha256 if len(like) == 64 else sha1
    return kind(b"blob %d\0%s" % (len(content), content)).hexdigest()


def _is_git_folder(folder: Path) -> bool:
    """Whether git would take a folder for its own."""
    parts = ("objects", "refs")
    return os.path.lexists(folder / "HEAD") and all((folder / each).is_dir() for each in parts)


def _led_to(file: Path) -> Path | None:
    """The folder that a file `.git` names; None where it names none."""
    with suppress(OSError):
        if file.is_file():
            content = reading.read(file, _LONGEST_LINK)
            named = os.fsdecode(content).removeprefix("gitdir:").strip()
            folder = Path(os.path.realpath(file.parent / named))
            if os.path.lexists(folder / "HEAD"):
                return folder
    return None


def _leads_back(folder: Path, place: Path) -> bool:
    """Whether a git folder elsewhere says that it belongs to a `.git`: a worktree or submodule."""
    return any(Path(os.path.realpath(folder / name)) == place for name in _owners(folder))


def _owners(folder: Path) -> Iterator[str]:
    """The `.git` files that a git folder says it belongs to."""
    with suppress(OSError):
        yield os.fsdecode(reading.read(folder / "gitdir", _LONGEST_LINK)).strip()
    with suppress(OSError, GitError):
        content = reading.read(folder / "config", _LONGEST_CONFIG)
        options = ("config", "--no-includes", "--file", "-", "core.worktree")
        if named := ask(Path("/"), *options, stdin=content, allowed=(0, 1)):
            yield str(PurePosixPath(named, ".git"))
