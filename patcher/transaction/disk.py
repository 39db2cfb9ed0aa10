"""The files below a folder, reached through no link, and writes that have reached the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


class Root:
    """A folder whose files are named by their paths below it.

    The way to a file is walked each time and follows no link: a folder that was replaced by one
    is an OSError, not a way out. Every method raises OSError where the system does.
    """

    def __init__(self, folder: Path) -> None:
        self._descriptor = os.open(folder, _FOLDER)

    def __enter__(self) -> Root:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None where there is none."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK  # a pipe must not block
        try:
            with self._folder(path) as (folder, name):
                descriptor = os.open(name, flags, dir_fd=folder)
        except FileNotFoundError:
            return None
        with open(descriptor, "rb") as file:
            return file.read()

    def make_folders(self, path: str) -> None:
        """Make the folders that a file is to be in, where they do not exist."""
        for folder in reversed(PurePosixPath(path).parents[:-1]):
            with self._folder(folder.as_posix()) as (outer, name), suppress(FileExistsError):
                os.mkdir(name, dir_fd=outer)
                os.fsync(outer)

    def remove_folders(self, path: str) -> None:
        """Remove the folders that a file was in, where nothing is in them."""
        for folder in PurePosixPath(path).parents[:-1]:
            with suppress(OSError), self._folder(folder.as_posix()) as (outer, name):
                os.rmdir(name, dir_fd=outer)

    def write(self, path: str, content: bytes, like: str = "") -> None:
        """Make a file, synced; with the mode and, where permitted, the owner of another."""
        status = self.status(like or path)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with self._folder(path) as (folder, name):
            descriptor = os.open(name, flags, 0o666, dir_fd=folder)
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            if status:
                own = os.fstat(descriptor)
                if (status.st_uid, status.st_gid) != (own.st_uid, own.st_gid):
                    with suppress(PermissionError):
                        os.fchown(descriptor, status.st_uid, status.st_gid)
                os.fchmod(descriptor, status.st_mode & 0o7777)
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

    def sync(self, path: str) -> None:
        """Sync the names in a file's folder, if that exists, to the disk."""
        with suppress(FileNotFoundError), self._folder(path) as (folder, _):
            os.fsync(folder)

    @contextmanager
    def _folder(self, path: str) -> Iterator[tuple[int, str]]:
        """The folder of a file, open, and the file's name in it."""
        *folders, name = PurePosixPath(path).parts
        descriptor = os.dup(self._descriptor)
        try:
            for folder in folders:
                outer, descriptor = descriptor, os.open(folder, _FOLDER, dir_fd=descriptor)
                os.close(outer)
            yield descriptor, name
        finally:
            os.close(descriptor)
