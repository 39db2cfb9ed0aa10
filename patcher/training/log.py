"""What programs print, kept in a file as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from patcher.errors import Unwritable, reason


@contextmanager
def opened(path: Path) -> Iterator[Callable[[str], None]]:
    """Open a log; gives what adds a line to its end, at once.

    Raises:
        Unwritable: It cannot be written, or not to the end.
    """
    try:
        file = path.open("ab", buffering=0)
    except OSError as error:
        raise Unwritable(str(path), reason(error)) from None
    with file:

        def add(line: str) -> None:
            try:
                file.write(f"{line}\n".encode())
            except OSError as error:
                raise Unwritable(str(path), reason(error)) from None

        yield add


def last_line(path: Path) -> str:
    """The last line of a log that says something."""
    lines = path.read_text("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "no output")
