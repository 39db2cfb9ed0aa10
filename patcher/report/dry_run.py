"""What `train --dry-run` shows: the command, where results go, and the variables that are set."""

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from patcher.errors import masked
from patcher.report.rows import print_rows
from patcher.report.streams import say
from patcher.training.presets import Setting, settings_of
from patcher.training.session import Session

_STYLES = {"preset": "green", "you": "yellow", "effpatch": "dim"}


def show(session: Session, packs: Mapping[str, int], release: str) -> None:
    """Print what a session would run, and with what; credentials of URLs are left out.

    Args:
        session: One that is planned.
        packs: Those of which the tree has every edit, and how many these are.
        release: Of an accelerator's software, in words; "" where none is installed.
    """
    say(masked(f"$ {shlex.join(session.command())}"))
    for name, text in _facts(session, packs, release):
        say(f"{name:<8} {masked(text)}")
    for note in session.notes:
        say(f"{'note':<8} {masked(note)}")
    say("")
    own = session.users_environment
    settings = settings_of(session.presets, own, session.environment)
    rows = ((each.variable, _whose(each), "", _words(each)) for each in settings)
    summary = f"{session.folder}: nothing was run, and nothing was changed"
    print_rows(("variable", "set by", "", ""), rows, masked(summary))


def _facts(session: Session, packs: Mapping[str, int], release: str) -> Iterator[tuple[str, str]]:
    yield "in", str(Path.cwd())
    yield "results", session.results
    yield "log", str(session.log)
    yield "packs", ", ".join(f"{name} ({number} edits)" for name, number in packs.items())
    yield "release", release or "none of an accelerator's software is installed"


def _whose(setting: Setting) -> tuple[str, str]:
    return setting.whose, _STYLES[setting.whose]


def _words(setting: Setting) -> str:
    return masked("; ".join(filter(None, (setting.value, setting.why))))
