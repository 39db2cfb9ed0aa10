"""The vendor's repository, whose clone EFFPATCH_REFERENCES names."""

import os
from pathlib import Path

import pytest

from tests.commands import git


def branch_of(release: str) -> tuple[Path, str]:
    """The clone, and the branch of a release in it; skips the test where there is none."""
    folder = os.environ.get("EFFPATCH_REFERENCES")
    if not folder:
        pytest.skip("EFFPATCH_REFERENCES names no clone of HabanaAI/Model-References")
    names = (release, f"origin/{release}")
    known = git(Path(folder), "branch", "--all", "--format=%(refname:lstrip=2)").split()
    name = next((each for each in known if each.removeprefix("remotes/") in names), None)
    if not name:
        pytest.skip(f"{folder} has no branch {release}")
    return Path(folder), name


def file_of(release: str, path: str) -> str:
    """A file of a release."""
    clone, branch = branch_of(release)
    return git(clone, "show", f"{branch}:{path}")
