"""`effpatch` and `python -m patcher`: the command line, loaded so that nothing is a traceback."""

import os
import sys
import warnings
from typing import Any

# Python puts the current folder first, which may be a tree whose modules are not ours to import.
if __name__ == "__main__" and not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
    del sys.path[0]

from patcher.cli import interrupts

_UNFORESEEN, _INTERRUPTED = 70, 130


def main(name: str | None = None) -> None:
    """Run the command line, called by a name in its help, and end this process.

    The first Ctrl-C stops it, also while it is being loaded.
    """
    code: object = _INTERRUPTED
    try:
        try:
            interrupts.heed_first()
            code = _exit_code(name)
        finally:
            interrupts.heed_none()
    except KeyboardInterrupt:
        _tell("interrupted")
    raise SystemExit(code)


def _exit_code(name: str | None) -> object:
    sys.unraisablehook = _disregard
    if not sys.warnoptions:  # such as on a quote with an odd escape, of which nobody here hears
        warnings.simplefilter("ignore")
        sys.warnoptions.append("ignore")  # which the processes of a pool get as well
    try:
        import threading

        from patcher.cli.main import main as command

        threading.excepthook = _report
        command(prog_name=name)
    except SystemExit as end:
        return end.code
    except Exception as error:  # of an installation that lacks something
        if interrupts.is_one(error):
            raise KeyboardInterrupt from None
        return _unloadable(error)
    return 0


def _disregard(failure: Any) -> None:
    """See to an error in a destructor: it stops nothing; of a Ctrl-C, the next one is heeded."""
    if failure.exc_type is KeyboardInterrupt:
        interrupts.heed_next()
    elif os.environ.get("EFFPATCH_TRACEBACK"):
        sys.__unraisablehook__(failure)


def _report(failure: Any) -> None:
    """Report an error that ended a thread."""
    from patcher.cli.errors import report

    report(failure.exc_value)


def _unloadable(error: Exception) -> int:
    from patcher.cli import crash_log

    if os.environ.get("EFFPATCH_TRACEBACK"):
        import traceback

        traceback.print_exception(error)
    log = crash_log.write(error)
    found = f"cannot be loaded ({type(error).__name__}: {error})"
    _tell(f"effpatch: {found}; install it again{f', or report this with {log}' if log else ''}")
    return _UNFORESEEN


def _tell(sentence: str) -> None:
    from patcher.report.streams import guarded, say

    with guarded():
        say(sentence, error=True)


if __name__ == "__main__":
    main("python -m patcher")
