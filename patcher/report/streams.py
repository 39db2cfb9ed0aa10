"""Standard output and error: what is written to them commands no terminal, and ends no command.

What is printed for people goes through `say` or `patcher.report.output`, which know where a line
ends. Whatever does not is caught by what `guarded` puts in place of the streams.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO, StringIO, TextIOWrapper
from typing import Any, TextIO, cast

from patcher.code.encodings import keeps_ascii
from patcher.errors import PatchError, reason
from patcher.errors.visible import visible


def say(text: str, *, error: bool = False, end: str = "\n") -> None:
    """Print a text as one line, on standard output or error, with what is in it made visible."""
    print(visible(text), file=sys.stderr if error else sys.stdout, end=end, flush=True)


def write_exactly(content: bytes) -> None:
    """Write bytes to standard output as they are."""
    stream = sys.stdout.behind if isinstance(sys.stdout, _Guarded) else _Steady(sys.stdout)
    stream.flush()
    stream.write_exactly(content)
    stream.flush()


def as_bytes(text: str) -> bytes:
    """A text and a line end in UTF-8, for machines; half a character is an escape."""
    return f"{text}\n".encode(errors="backslashreplace")


def require_written() -> None:
    """Check that all that was printed has been written to standard output, which is guarded.

    Raises:
        PatchError: It could not be, and not because the reader has left.
    """
    sys.stdout.flush()
    if failure := getattr(sys.stdout, "failure", ""):
        found = f"{failure}, so the report is incomplete"
        step = "`effpatch status` shows the state of the tree"
        raise PatchError("standard output", found, next_step=step)


def unguarded(stream: TextIO) -> TextIO:
    """What is behind a guarded stream, for what writes colours, and sees to the rest itself."""
    return cast("TextIO", stream.behind) if isinstance(stream, _Guarded) else stream


@contextmanager
def guarded() -> Iterator[None]:
    """Guard standard output and error; one of them that is closed counts as the null device.

    All but line ends and tabs that is not printable is made visible. What cannot be written, since
    the reader has left as with `| head`, or the disk is full, goes nowhere, and the command goes
    on: `require_written` tells.
    """
    _open_descriptors()
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin = sys.stdin or StringIO()
    sys.stdout, sys.stderr = _guard(sys.stdout), _guard(sys.stderr)
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(ValueError):  # some test closes its own
                stream.flush()
        sys.stdin, sys.stdout, sys.stderr = before


def _open_descriptors() -> None:
    """Open each standard descriptor that is closed, before some file gets its number."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            with suppress(OSError):
                os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)


def _guard(stream: TextIO | None) -> TextIO:
    if isinstance(stream, TextIOWrapper):  # which has to take every name, and JSON as UTF-8
        stream.reconfigure(
            encoding=stream.encoding if keeps_ascii(stream.encoding) else "utf-8",
            errors="backslashreplace",
        )
    return cast("TextIO", _Guarded(_Steady(stream or TextIOWrapper(BytesIO()))))


class _Steady:
    """A text stream, or the binary one below it, of which no failure ends a command.

    Attributes:
        failure: The first one that is no fault of the reader's.
    """

    def __init__(self, stream: Any) -> None:
        self._stream, self.failure = stream, ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        self._survive(lambda: self._stream.write(text))
        return len(text)

    def write_exactly(self, content: bytes) -> None:
        self._survive(lambda: self._stream.buffer.write(content))

    def writelines(self, lines: Iterable[str]) -> None:
        self.write("".join(lines))

    def flush(self) -> None:
        self._survive(self._stream.flush)

    def _survive(self, work: Callable[[], object]) -> None:
        try:
            work()
        except OSError as error:
            self._discard_rest()
            if error.errno != errno.EPIPE:
                self.failure = self.failure or reason(error)

    def _discard_rest(self) -> None:
        """Send what is still buffered, and whatever follows, to the null device."""
        with suppress(OSError, ValueError):
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, self._stream.fileno())
            os.close(null)


class _Guarded:
    """A stream of text in which nothing commands a terminal."""

    def __init__(self, behind: _Steady) -> None:
        self.behind = behind

    def __getattr__(self, name: str) -> Any:
        return getattr(self.behind, name)

    @property
    def buffer(self) -> _GuardedBytes:
        """The same for bytes, which Click writes for the completion of words, for one."""
        return _GuardedBytes(self)

    def write(self, text: str) -> int:
        self.behind.write(visible(text, keep="\n\t"))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        self.write("".join(lines))


class _GuardedBytes:
    """The bytes of a guarded stream, which are text in UTF-8."""

    def __init__(self, stream: _Guarded) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, content: bytes) -> int:
        self._stream.write(content.decode("utf-8", "surrogateescape"))
        return len(content)
