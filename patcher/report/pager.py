"""Showing long texts on a terminal, in the pager that the user has chosen."""

import os
import shutil
import signal
import subprocess
from contextlib import suppress

from patcher.report import on_terminal
from patcher.report.colours import is_able
from patcher.report.streams import write_exactly

# As git sets them: no pager for a text that fits, colours as they are, what was shown stays.
_SETTINGS = {"LESS": "FRX", "LV": "-c"}


def show(content: bytes, *, paged: bool = True) -> None:
    """Write to standard output; on a terminal that can do it, in a pager.

    That is GIT_PAGER, else PAGER, else `less` if there is one. An empty one or `cat` is none.
    """
    command = _command() if paged and content and on_terminal() and is_able() else ""
    if not command or not _is_shown_in(command, content):
        write_exactly(content)


def _command() -> str:
    for name in ("GIT_PAGER", "PAGER"):
        if name in os.environ:
            command = os.environ[name].strip()
            return "" if command == "cat" else command
    return "less" if shutil.which("less") else ""


def _is_shown_in(command: str, content: bytes) -> bool:
    """Run a pager, as git does by a shell; False where that does not find it."""
    before = signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is for the pager
    try:
        write_exactly(b"")  # what was printed before comes first
        pager = subprocess.Popen(
            command, shell=True, stdin=subprocess.PIPE, env={**_SETTINGS, **os.environ}
        )
        with suppress(BrokenPipeError):  # it was left before the end
            pager.communicate(content)
        return pager.wait() not in (126, 127)
    finally:
        signal.signal(signal.SIGINT, before)
