"""The commits of a repository that is fetched: names of files, and the bytes of single ones."""

from __future__ import annotations

import subprocess
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from patcher.errors import GitError
from patcher.tree.git import Settings, ask, environment, failed, require_git
from patcher.tree.repository import LARGEST

_LIGHT = ("--quiet", "--no-tags", "--filter=blob:none")  # contents are fetched when they are read


@dataclass(frozen=True)
class History:
    """What was fetched of a repository.

    Attributes:
        folder: Where git has it.
        address: Where it was fetched from; absolute where that is a folder.
        head: The newest commit that was fetched, 40 hex digits.
    """

    folder: Path
    address: str
    head: str
    _trees: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)

    def files(self, commit: str) -> Mapping[str, str]:
        """The id of each file's bytes in a commit, by path; links and submodules left out."""
        if commit not in self._trees:
            rows = _split(_git(self.folder, "ls-tree", "-r", "-z", "--full-tree", commit))
            parted = (row.partition("\t") for row in rows)
            self._trees[commit] = {
                path: head.split()[2] for head, _, path in parted if head.startswith("100")
            }
        return self._trees[commit]

    def read(self, blobs: Iterable[str]) -> dict[str, bytes]:
        """The bytes of files by their ids; what is too large to be read is left out.

        Raises:
            GitError: They cannot be fetched.
        """
        wanted = [*dict.fromkeys(blobs)]
        if not wanted:
            return {}
        how = ("fetch", *_LIGHT, "--no-write-fetch-head", "--stdin", "origin")
        with suppress(GitError):  # all at once; else git fetches each when it is read
            _git(self.folder, *how, stdin="".join(f"{blob}\n" for blob in wanted).encode())
        with _objects(self.folder, self.address) as ask_for:
            return {each: content for each in wanted if (content := ask_for(each)) is not None}

    def touching(self, paths: Collection[str]) -> Sequence[str]:
        """The commits that change some of the paths, the newest first."""
        if not paths:
            return ()
        log = ("log", "--format=%H", "--full-history", "--no-renames", self.head, "--")
        return [*dict.fromkeys(_git(self.folder, *log, *sorted(paths)).split())]

    def paths(self) -> frozenset[str]:
        """Every path that a file ever had."""
        log = ("log", "-z", "--format=", "--name-only", "--no-renames", "-m", self.head)
        return frozenset(_split(_git(self.folder, *log))) | self.files(self.head).keys()


@contextmanager
def fetched(address: str, commit: str = "") -> Iterator[History]:
    """A repository without the contents of its files: one commit, or all that HEAD has.

    Args:
        address: Where to fetch from; a folder is one as well.
        commit: The full id of the commit; "" for all.

    Raises:
        GitError: It cannot be fetched.
    """
    with TemporaryDirectory(prefix="effpatch-") as name:
        folder = Path(name)
        _git(folder, "init", "--quiet")
        source = str(Path(address).resolve()) if Path(address).is_dir() else address
        try:
            _git(folder, "remote", "add", "--", "origin", source)
            depth = ["--depth=1"] if commit else []
            _git(folder, "fetch", *_LIGHT, *depth, "origin", commit or "HEAD")
        except GitError as error:
            raise GitError(address, error.found, error.wanted, error.next_step) from None
        yield History(folder, source, _git(folder, "rev-parse", "FETCH_HEAD"))


def _git(folder: Path, *arguments: str, stdin: bytes = b"") -> str:
    return ask(folder, *arguments, stdin=stdin, settings=Settings.FETCH)


def _split(text: str) -> list[str]:
    return [each for each in text.split("\0") if each]


@contextmanager
def _objects(folder: Path, address: str) -> Iterator[_Reader]:
    """What gives the bytes of an object of a repository by its id; None where it is too large."""
    with subprocess.Popen(
        [require_git(), "cat-file", "--batch"],
        cwd=folder,
        env=environment(Settings.FETCH, folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        yield _Reader(process, address)


@dataclass(frozen=True, slots=True)
class _Reader:
    process: subprocess.Popen[bytes]
    place: str

    def __call__(self, blob: str) -> bytes | None:
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin
        assert stdout
        stdin.write(f"{blob}\n".encode())
        stdin.flush()
        *_, size = stdout.readline().split() or [b"missing"]
        if not size.isdigit():
            raise failed(self.place, f"there is no file with the id {blob}")
        content = stdout.read(int(size))
        stdout.read(1)
        return content if len(content) <= LARGEST else None
