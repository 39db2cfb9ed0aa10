"""Errors as sentences on standard error, and as exit codes."""

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from patcher.cli import interrupts
from patcher.cli.source_lines import pointed_at
from patcher.errors import ErrorList, MismatchError, PatchError, masked, reason
from patcher.errors.visible import visible
from patcher.report.streams import guarded, require_written, say
from patcher.resources import __version__

_UNFORESEEN = 70
_INTERRUPTED = 130
_COLUMNS = 100


def exit_code_of_command(work: Callable[[], int | None]) -> int:
    """Run a whole command, however it ends; gives the exit code."""
    try:
        with guarded():
            code = _ended(work)
            return _ended(require_written) or code
    except KeyboardInterrupt:  # while something was printed
        return _INTERRUPTED


def _ended(work: Callable[[], int | None]) -> int:
    try:
        return exit_code_of(work)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except click.ClickException as error:
        if not isinstance(error, click.exceptions.NoArgsIsHelpError):  # whose message is a page
            vars(error)["message"] = visible(masked(error.message))
        error.show()
        return error.exit_code
    except click.Abort:  # what Click makes of Ctrl-C
        return report(KeyboardInterrupt())
    except BaseException as error:
        return report(error)


def exit_code_of(work: Callable[[], int | None], place: Path | None = None) -> int:
    """Run some work and print its error, if it ends with one; gives the exit code.

    What the system refuses without naming a file is about `place`.
    """
    try:
        return work() or 0
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise  # Click itself turns these into messages and exit codes
    except PatchError as error:
        show(error)
        return error.exit_code
    except OSError as error:
        if error.errno == errno.EPIPE:  # as of a program that we have started
            return report(error)
        show(_system_error(error, place))
        return PatchError.exit_code
    except (Exception, KeyboardInterrupt) as error:
        return report(error)


def report(error: BaseException) -> int:
    """Print an error that nobody foresaw, and write it to a log; gives the exit code.

    A Ctrl-C has no log.
    """
    from patcher.cli import crash_log

    if interrupts.is_one(error):
        more = error.args if isinstance(error, KeyboardInterrupt) else ()
        say("; ".join(("interrupted", *map(str, more))), error=True)
        return _INTERRUPTED
    if os.environ.get("EFFPATCH_TRACEBACK"):
        import traceback

        sys.stderr.write(masked("".join(traceback.format_exception(error))))
    show(_unforeseen(error, crash_log.write(error)))
    return _UNFORESEEN


def show(error: PatchError) -> None:
    """Print an error; a terminal gets the source as well, if a source line is meant."""
    for each in error.errors if isinstance(error, ErrorList) else (error,):
        if isinstance(each, MismatchError) and each.source and sys.stderr.isatty():
            source = [line for place in each.source for line in pointed_at(place, _columns())]
            sys.stderr.writelines(
                f"{line}\n" for line in (each.summary, *source, f"  hint: {each.next_step}")
            )
        else:
            say(str(each), error=True)


def _columns() -> int:
    """The width of the terminal that errors go to, in columns; 100 where it does not say."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or _COLUMNS
    except (OSError, ValueError):
        return _COLUMNS


def _system_error(error: OSError, place: Path | None) -> PatchError:
    named = error.filename or place
    if named is None and not _has_folder():
        found, step = "does not exist any more", "change to another one and run again"
        return PatchError("current folder", found, next_step=step)
    step = "free some space or correct its permissions, and run again"
    return PatchError(str(named or "effpatch"), reason(error), next_step=step)


def _has_folder() -> bool:
    try:
        os.getcwd()
    except OSError:
        return False
    return True


def _unforeseen(error: BaseException, log: Path | None) -> PatchError:
    found = " ".join(f"unexpected {type(error).__name__}: {_message(error)}".split())
    step = f"please report this with {log}"
    if log is None:
        step = "please report this, with the command and what it prints under EFFPATCH_TRACEBACK=1"
    return PatchError(f"effpatch {__version__}", found.removesuffix(":"), next_step=step)


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # of an exception that cannot even say what it is
        return ""
