"""What programs print, kept in a file as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from patcher.errors import WriteError, reason


@contextmanager
def open_log(path: Path) -> Iterator[Callable[[str], None]]:
    """Open a log; the function that it gives adds a line to the end, at once.

    Raises:
        WriteError: It cannot be written, or not to the end.
    """
    try:
        file = path.open("ab", buffering=0)
    except OSError as error:
        raise _unwritable(path, error) from None
    with file:

        def add(line: str) -> None:
            try:
                file.write(f"{line}\n".encode())
            except OSError as error:
                raise _unwritable(path, error) from None

        yield add


def last_line(path: Path) -> str:
    """The last line of a log that is not blank."""
    lines = path.read_text("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "no output")


def _unwritable(path: Path, error: OSError) -> WriteError:
    advice = "free some space there or make it writable, and run again"
    return WriteError(str(path), f"cannot be written ({reason(error)})", next_step=advice)
