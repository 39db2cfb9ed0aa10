"""This repository, for tests of what is published from it."""

import shutil
from pathlib import Path

from tests.commands import git

ROOT = Path(__file__).parents[1]


def clone(place: Path) -> Path:
    """A repository at a place, with a commit of all that is in this one, committed there or not."""
    names = git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    for name in filter(lambda name: (ROOT / name).is_file(), names):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, place / name)
    git(place, "init", "--quiet")
    git(place, "add", "--all")
    git(place, "commit", "--quiet", "--message", "all")
    return place
