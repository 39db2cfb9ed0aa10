"""The files below some folders, reached through no link, and writes that have reached the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from patcher import reading
from patcher.transaction import attributes, renames
from patcher.tree.state import LARGEST

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


class Disk:
    """Folders whose files are named by the name of a folder and their path below it.

    The way to a file is walked each time and follows no link: a folder that was replaced by one
    is an OSError, not a way out. Every method raises OSError where the system does.
    """

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders, self._places = dict[str, int](), folders
        try:
            for name, folder in folders.items():
                self._folders[name] = os.open(folder, _FOLDER)
        except OSError:
            self.close()
            raise

    def __enter__(self) -> Disk:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the folders."""
        while self._folders:
            os.close(self._folders.popitem()[1])

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None where there is none."""
        try:
            with self._folder(path) as (folder, name):
                return reading.read(name, LARGEST, follow_links=False, folder=folder)
        except FileNotFoundError:
            return None

    def make_folders(self, path: str) -> None:
        """Make the folders that a file is to be in, where they do not exist."""
        for folder in reversed(PurePosixPath(path).parents[:-2]):
            with self._folder(folder.as_posix()) as (outer, name), suppress(FileExistsError):
                os.mkdir(name, dir_fd=outer)
                os.fsync(outer)

    def remove_folders(self, path: str) -> None:
        """Remove the folders that a file was in, where nothing is in them."""
        for folder in PurePosixPath(path).parents[:-2]:
            with suppress(OSError), self._folder(folder.as_posix()) as (outer, name):
                os.rmdir(name, dir_fd=outer)

    def write(self, path: str, content: bytes, like: str = "", mode: int = 0o600) -> None:
        """Make a file, synced; with all that another has besides its bytes, else with a mode.

        The file has that before it has content.
        """
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with self._folder(path) as (folder, name):
            descriptor = os.open(name, flags, 0o600 if like else mode, dir_fd=folder)
        try:
            if like:
                with self._opened(like) as other:
                    mode = attributes.copy(other, descriptor)
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            if like:
                os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def link(self, path: str, other: str) -> None:
        """Give a file another name."""
        with self._folder(path) as (folder, name), self._folder(other) as (place, new):
            os.link(name, new, src_dir_fd=folder, dst_dir_fd=place, follow_symlinks=False)

    def rename(self, path: str, other: str) -> None:
        """Put a file in the place of another."""
        with self._folder(path) as (folder, name), self._folder(other) as (place, new):
            os.replace(name, new, src_dir_fd=folder, dst_dir_fd=place)

    def exchange(self, path: str, other: str) -> bool:
        """Have two files exchange their names; False where the system cannot do that."""
        with self._folder(path) as (folder, name), self._folder(other) as (place, new):
            return renames.exchange(name, new, (folder, place))

    def rename_to_free(self, path: str, other: str) -> bool:
        """Rename a file to a name that nothing has; False where the system cannot do that."""
        with self._folder(path) as (folder, name), self._folder(other) as (place, new):
            return renames.rename_to_free(name, new, (folder, place))

    def remove(self, *paths: str) -> None:
        """Remove files, those that exist; "" is none."""
        for path in filter(None, paths):
            with suppress(FileNotFoundError), self._folder(path) as (folder, name):
                os.unlink(name, dir_fd=folder)

    def status(self, path: str) -> os.stat_result | None:
        """What the file system says about a name; None where it does not exist."""
        try:
            with self._folder(path) as (folder, name):
                return os.stat(name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def place(self, path: str) -> Path:
        """Where a file is, for sentences."""
        first, _, rest = path.partition("/")
        return self._places[first] / rest

    def names(self, folder: str) -> list[str]:
        """The names in one of the folders."""
        return os.listdir(self._folders[folder])

    def sync(self, path: str) -> None:
        """Sync the names in a file's folder, if that exists, to the disk."""
        with suppress(FileNotFoundError), self._folder(path) as (folder, _):
            os.fsync(folder)

    @contextmanager
    def _opened(self, path: str) -> Iterator[int]:
        """A file, open for reading."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        with self._folder(path) as (folder, name):
            descriptor = os.open(name, flags, dir_fd=folder)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    @contextmanager
    def _folder(self, path: str) -> Iterator[tuple[int, str]]:
        """The folder of a file, open, and the file's name in it."""
        first, *folders, name = PurePosixPath(path).parts
        descriptor = os.dup(self._folders[first])
        try:
            for folder in folders:
                outer, descriptor = descriptor, os.open(folder, _FOLDER, dir_fd=descriptor)
                os.close(outer)
            yield descriptor, name
        finally:
            os.close(descriptor)
