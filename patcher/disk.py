"""Writes that have reached the disk when they return."""

from __future__ import annotations

import os
from pathlib import Path


def write(file: Path, content: bytes, like: Path | None) -> None:
    """A new file, with the mode and, where permitted, the owner of another."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    descriptor = os.open(file, flags, 0o666)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        if like:
            status = like.stat()
            own = os.fstat(descriptor)
            if (status.st_uid, status.st_gid) != (own.st_uid, own.st_gid):
                _give(descriptor, status)
            os.fchmod(descriptor, status.st_mode & 0o7777)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _give(descriptor: int, status: os.stat_result) -> None:
    """Pass a file to another owner, where that is permitted."""
    try:
        os.fchown(descriptor, status.st_uid, status.st_gid)
    except PermissionError:
        return


def sync(folder: Path) -> None:
    """Have the names in a folder reach the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
