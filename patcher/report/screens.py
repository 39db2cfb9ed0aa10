"""Parts of a report shown one by one: a screen each on a terminal, else below one another."""

import shutil
import sys
from collections.abc import Callable, Iterable, Sequence

from rich.text import Text

from patcher.report import on_terminal
from patcher.report.colours import is_able
from patcher.report.output import Output
from patcher.report.streams import write_exactly

Part = Callable[[], None]
_FRAME = 4  # lines of a screen besides its part: the title, the question, and an empty one at each


def room() -> int:
    """How many lines a part may have to fit on a screen."""
    return max(shutil.get_terminal_size().lines - _FRAME, 1)


def show(titles: Sequence[str], parts: Iterable[Part], *, paused: bool = True) -> bool:
    """Print parts below their titles; on a terminal, each on a screen that waits for a key.

    The next part is worked out while the user reads the one before.

    Args:
        titles: What the parts are called.
        parts: Functions that print one each.
        paused: Whether a key is waited for, where there is a terminal.

    Returns:
        Whether all were shown: False where the user has quit.

    Raises:
        KeyboardInterrupt: The user has pressed Ctrl-C.
    """
    is_paused = paused and sys.stdin.isatty() and on_terminal() and is_able()
    for number, part in enumerate(parts):
        if is_paused:
            if number and not _is_continued():
                return False
            _clear()
        elif number:
            Output().show("")
        heading = f"{number + 1} of {len(titles)}: {titles[number]}"
        Output().show(Text(heading, style="bold"), "")
        part()
    return True


def _clear() -> None:
    """Start a new screen; the one before can still be scrolled back to."""
    write_exactly(b"\n" * shutil.get_terminal_size().lines + b"\x1b[H\x1b[J")


def _is_continued() -> bool:
    """Wait for a key, and tell whether the user wants to go on: not with q or Ctrl-D."""
    import click

    out = Output()
    out.show("")
    out.print(Text("Press any key to go on, q to quit", style="dim"), end="", soft_wrap=True)
    out.file.flush()
    try:
        return click.getchar().lower() not in ("q", "")
    except EOFError:  # Ctrl-D
        return False
    finally:
        write_exactly(b"\r\x1b[K")
