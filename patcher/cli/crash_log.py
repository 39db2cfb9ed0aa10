"""Logs of unexpected errors, for users to send in; they are kept in the user's state folder."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from patcher.errors import masked
from patcher.errors.visible import visible
from patcher.resources import __version__, state_home

KEPT = 20


def write(error: BaseException) -> Path | None:
    """The log that an error was written to; None where it cannot be written.

    It has the traceback, the versions, the platform and the command line, in which `~` stands for
    the home directory and `****` for the credentials in URLs. Environment variables are left out.
    It can be shown on a terminal.
    """
    try:
        content = visible(_text(error), keep="\n").encode()
        folder = state_home()
        folder.mkdir(parents=True, exist_ok=True)
        file = _written(folder, content)
        _remove_old(folder)
    except Exception:  # it must not hide the error that it is about
        return None
    return file


def _text(error: BaseException) -> str:
    import platform
    import shlex
    import traceback

    parts = [
        f"effpatch {__version__}",
        f"{platform.python_implementation()} {platform.python_version()}",
        platform.platform(),
        f"$ {shlex.join(['effpatch', *sys.argv[1:]])}",
        "",
        "".join(traceback.format_exception(error)),
    ]
    return masked(_without_home("\n".join(parts)))


def _without_home(text: str) -> str:
    """A text with `~` for the home directory; one that is the root of all files names nobody."""
    import re

    home = os.path.expanduser("~").rstrip("/")
    for name in {home, os.path.realpath(home)} if home else ():
        text = re.sub(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", "~", text)
    return text


def _written(folder: Path, content: bytes) -> Path:
    """A new file, named by the time, that only the user can read."""
    from datetime import datetime, timezone
    from tempfile import mkstemp

    stamp = datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S-%f")
    descriptor, name = mkstemp(prefix=f"{stamp}-", suffix=".log", dir=folder)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
    except OSError:
        os.unlink(name)
        raise
    return Path(name)


def _remove_old(folder: Path) -> None:
    """Remove all logs but the last; their names are in the order of time."""
    for file in sorted(folder.glob("*.log"))[:-KEPT]:
        with suppress(OSError):
            file.unlink()
