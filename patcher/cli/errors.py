"""Errors as sentences on standard error, and as exit codes."""

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from patcher.cli.source_lines import pointed_at
from patcher.errors import ErrorList, MismatchError, PatchError, reason
from patcher.resources import __version__

_UNFORESEEN = 70
_INTERRUPTED = 130
_COLUMNS = 100


def exit_code_of(work: Callable[[], int | None], place: Path | None = None) -> int:
    """Run some work and print its error, if it ends with one; gives the exit code.

    What the system refuses without naming a file is about `place`, or else standard output.
    """
    try:
        return work() or 0
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise  # Click itself turns these into messages and exit codes
    except PatchError as error:
        show(error)
        return error.exit_code
    except OSError as error:
        if error.errno == errno.EPIPE:  # as with `| head`: Click ends quietly
            raise
        click.echo(_system_error(error, place), err=True)
        return PatchError.exit_code
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        return _INTERRUPTED
    except Exception as error:
        return report(error)


def report(error: BaseException) -> int:
    """Print an error that nobody foresaw, and write it to a log; gives the exit code."""
    from patcher.cli import crash_log

    if os.environ.get("EFFPATCH_TRACEBACK"):
        import traceback

        traceback.print_exception(error)
    click.echo(_unforeseen(error, crash_log.write(error)), err=True)
    return _UNFORESEEN


def show(error: PatchError) -> None:
    """Print an error; a terminal gets the source as well, if a source line is meant."""
    for each in error.errors if isinstance(error, ErrorList) else (error,):
        if isinstance(each, MismatchError) and each.source and sys.stderr.isatty():
            source = (line for place in each.source for line in pointed_at(place, _columns()))
            click.echo("\n".join([each.summary, *source, f"  hint: {each.next_step}"]), err=True)
        else:
            click.echo(each, err=True)


def _columns() -> int:
    """The width of the terminal that errors go to, in columns; 100 where it does not say."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or _COLUMNS
    except (OSError, ValueError):
        return _COLUMNS


def _system_error(error: OSError, place: Path | None) -> str:
    if named := error.filename or place:
        step = "free some space or correct its permissions, and run again"
        return str(PatchError(str(named), reason(error), next_step=step))
    found = f"{reason(error)}, so the report is incomplete"
    step = "`effpatch status` shows the state of the tree"
    return str(PatchError("standard output", found, next_step=step))


def _unforeseen(error: BaseException, log: Path | None) -> str:
    found = " ".join(f"unexpected {type(error).__name__}: {_message(error)}".split())
    step = f"please report this with {log}"
    if log is None:
        step = "please report this, with the command and what it prints under EFFPATCH_TRACEBACK=1"
    return str(PatchError(f"effpatch {__version__}", found.removesuffix(":"), next_step=step))


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # of an exception that cannot even say what it is
        return ""
