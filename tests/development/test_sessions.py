"""The sessions of nox, the workflow that runs them, the changelog and its release notes."""

import re
import sys
from pathlib import Path

import yaml
from packaging.version import Version

from patcher.resources import __version__
from tests.commands import process

ROOT = Path(__file__).parents[2]
GITHUB = ROOT / ".github"
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
HEADINGS = [line.split()[1] for line in CHANGELOG.splitlines() if line.startswith("## ")]
BY_HAND = {"lock", "notes"}


def nox(*arguments: str) -> tuple[int, str, str]:
    done = process(sys.executable, "-m", "nox", *arguments, cwd=ROOT)
    return done.returncode, done.stdout, done.stderr


def test_the_workflow_runs_every_session_that_checks() -> None:
    _, listed, _ = nox("--list")
    sessions = {line.split()[1] for line in listed.splitlines() if line[:2] in ("* ", "- ")}
    workflow = yaml.safe_load((GITHUB / "workflows" / "ci.yml").read_text("utf-8"))
    matrix = workflow["jobs"]["nox"]["strategy"]["matrix"]["session"]
    assert {*matrix} == sessions - BY_HAND


def test_release_notes_are_what_the_changelog_says() -> None:
    code, notes, _ = nox("-s", "notes", "--", HEADINGS[0])
    newest = re.split("^## .*\n", CHANGELOG, flags=re.MULTILINE)[1]
    assert (code, notes) == (0, f"{newest.strip()}\n")


def test_notes_of_a_version_that_is_not_there() -> None:
    code, notes, errors = nox("-s", "notes", "--", "9.9")
    assert (code, notes) == (1, "")
    assert "CHANGELOG.md: has no `## 9.9`, expected that" in errors


def test_the_changelog_ends_at_the_version_in_the_code() -> None:
    """What is unreleased comes first, then the versions, the newest first."""
    versions = [Version(each) for each in HEADINGS if each != "Unreleased"]
    assert HEADINGS[len(HEADINGS) - len(versions) :] == [*map(str, versions)]
    assert versions == sorted(versions, reverse=True)
    assert HEADINGS.count("Unreleased") <= 1
    assert not versions or versions[0] == Version(__version__)
