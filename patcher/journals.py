"""The journal of a run: what it makes of files, for whoever finds it after a crash.

Its name says how far the run has come; to rename it takes no room on a full disk.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from patcher.disk import sync, write

_STAGES = ("staging", "renaming", "undoing")


def find(folder: Path) -> Path | None:
    """The journal, whatever it says."""
    return next((path for stage in _STAGES if (path := folder / f"journal.{stage}").exists()), None)


def begin(folder: Path, steps: Sequence[Mapping[str, str]]) -> None:
    """Write the steps of a run that starts to stage its files."""
    (folder / "journal.new").unlink(missing_ok=True)
    write(folder / "journal.new", json.dumps(list(steps)).encode(), None)
    os.replace(folder / "journal.new", folder / "journal.staging")
    sync(folder)


def turn(folder: Path, stage: str) -> None:
    """Have the journal say another stage."""
    journal = find(folder)
    if journal:
        os.replace(journal, folder / f"journal.{stage}")
        sync(folder)


def drop(folder: Path) -> None:
    """Take the journal away: nothing is left to do."""
    (folder / "journal.new").unlink(missing_ok=True)
    journal = find(folder)
    if journal:
        journal.unlink()
        sync(folder)
