"""Reading a file of unknown origin: only a regular one, up to a limit."""

import errno
import os
import stat
from pathlib import Path

_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY  # opening a pipe would wait for a writer
_PIECE = 1 << 20


class UnsuitableFileError(OSError):
    """A file is none that is read, or too large; `strerror` says which, for a sentence."""


def read(
    path: str | Path,
    limit: int,
    *,
    follow_links: bool = True,
    folder: int | None = None,
) -> bytes:
    """The bytes of a regular file.

    Args:
        path: The file.
        limit: The number of bytes that it may have.
        follow_links: Whether the path itself may be a symbolic link.
        folder: The descriptor of the folder that a relative path starts from; the working
            directory where it is None.

    Raises:
        UnsuitableFileError: It is a folder, pipe, socket or device, or larger than that.
        OSError: It cannot be opened or read.
    """
    flags = _FLAGS if follow_links else _FLAGS | os.O_NOFOLLOW
    descriptor = os.open(path, flags, dir_fd=folder)
    try:
        return read_descriptor(descriptor, limit)
    finally:
        os.close(descriptor)


def read_descriptor(descriptor: int, limit: int) -> bytes:
    """The bytes of the regular file that a descriptor is open for, from where it stands.

    The size that the system reports is looked at first, and not relied on: a file may grow, and
    one in `/proc` reports none.

    Raises:
        UnsuitableFileError: It is a folder, pipe, socket or device, or larger than `limit`.
        OSError: It cannot be read.
    """
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        raise UnsuitableFileError(errno.EINVAL, "not a regular file")
    if found.st_size > limit:
        raise _too_large(limit)
    pieces, left = list[bytes](), limit + 1
    while left and (piece := os.read(descriptor, min(left, _PIECE))):
        pieces.append(piece)
        left -= len(piece)
    if not left:
        raise _too_large(limit)
    return b"".join(pieces)


def _too_large(limit: int) -> UnsuitableFileError:
    return UnsuitableFileError(errno.EFBIG, f"larger than {limit:,} bytes")
