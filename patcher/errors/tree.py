"""A tree that cannot be patched as it stands."""

from __future__ import annotations

from patcher.errors.base import PatchError


class Unreadable(PatchError):
    """A file cannot be read."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(
            f"{place}: cannot be read ({reason}), expected a file; "
            "mend it or its permissions and run again"
        )


class Unwritable(PatchError):
    """A file that has to change must not or cannot be written."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(
            f"{place}: cannot be written ({reason}), nothing was changed; "
            "make it writable and run again"
        )


class Unparsable(PatchError):
    """A file is not Python that can be read."""

    def __init__(self, place: str, line: int, reason: str) -> None:
        where = f"{place}:{line}" if line else place
        super().__init__(
            f"{where}: not valid Python ({reason}), nothing was changed; "
            "correct the file or check the pin"
        )


class TooLong(PatchError):
    """A file is too long to be parsed in reasonable time."""

    def __init__(self, place: str, size: int, most: int) -> None:
        super().__init__(
            f"{place}: {size:,} bytes, expected at most {most:,}, nothing was changed; "
            "correct the file or check the pin"
        )


class Irreproducible(PatchError):
    """LibCST does not print a file as it was read, so an edit could lose something."""

    def __init__(self, place: str, line: int) -> None:
        super().__init__(
            f"{place}:{line}: holds control characters or line ends that would not survive "
            "an edit, nothing was changed; remove them and run again"
        )
