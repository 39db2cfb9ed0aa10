"""`--quiet` and `--verbose`, before and after the command."""

import json
import os
from pathlib import Path

import pytest

from patcher.packs import DEFAULT, load_pack
from patcher.report.verbosity import Verbosity, chosen
from patcher.resources import RULES
from tests.commands import INSTALLED, git, process, run, screen
from tests.counts import FILES, MADE
from tests.counts import RULES as NUMBER

QUIET, VERBOSE = ["-q", "--quiet"], ["-v", "--verbose"]
PACK = load_pack(DEFAULT)
assert PACK.upstream is not None
PIN = f"{PACK.upstream.repository}@{PACK.upstream.commit}"


@pytest.mark.usefixtures("author")
def test_what_only_does_something_is_silent(miniature: Path, tmp_path: Path) -> None:
    for words in (
        ["apply", "-q", str(miniature)],
        ["-q", "apply", str(miniature)],  # nothing is left to do
        ["revert", "--quiet", str(miniature)],
        ["export", str(miniature), "-o", str(tmp_path / "patches"), "-q"],
        ["--quiet", "review", str(miniature), "-o", str(tmp_path / "page.html")],
        ["-q", "infer", str(miniature), str(miniature), "-o", str(tmp_path / "pack")],
    ):
        result = run(*words)
        assert (result.exit_code, result.stdout if words[1] != "infer" else "") == (0, ""), words
        assert result.stderr == "", words
    assert len([*(tmp_path / "patches").iterdir()]) == NUMBER


def test_commits_are_silent(authored: Path) -> None:
    result = run("apply", authored, "--commit", "-q")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert git(authored, "rev-list", "--count", "HEAD") == "2\n"


@pytest.mark.parametrize(
    "words",
    [
        ["diff"],
        ["diff", "--stat"],
        ["status"],
        ["status", "--json"],
        ["apply", "--dry-run"],
        ["verify"],
        ["review", "--format=json"],
    ],
    ids=" ".join,
)
def test_what_was_asked_for_is_printed(words: list[str], miniature: Path) -> None:
    if words[0] == "verify":
        run("apply", miniature)
    full, quiet = run(*words, miniature), run(*words, miniature, "-q")
    assert full.stdout
    assert (quiet.exit_code, quiet.stdout) == (full.exit_code, full.stdout)


def test_errors_and_warnings_are_printed(miniature: Path) -> None:
    """Every rule that was asked for and not made is named, and what the user has to know."""
    assert run("apply", miniature, "--only", "man-3", "-q").stderr.startswith("--only: no rule")
    (miniature / "efficientdet" / "utils.py").rename(miniature / "utils.py")
    moved = "efficientdet/utils.py: not found, using utils.py instead\n"
    assert run("diff", miniature, "-q").stderr == moved


def test_a_fetch_is_silent(pristine: Path, tmp_path: Path) -> None:
    result = run("fetch", tmp_path / "automl", "-q")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    code, written = screen("fetch", tmp_path / "automl", "-q")
    assert (code, written) == (0, b"")


def test_no_progress_is_shown_on_a_terminal(miniature: Path) -> None:
    other = miniature.rename(miniature.with_name("one"))
    places = [other, other]
    assert screen("apply", *places, "-q") == (0, b"")


def test_several_trees(miniature: Path, tmp_path: Path) -> None:
    """The processes that work on them say as much as this one would."""
    other = tmp_path / "other"
    process("cp", "-r", miniature, other)
    quiet = process(INSTALLED, "apply", miniature, other, "-q")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")
    verbose = process(INSTALLED, "status", miniature, other, "-v")
    assert f"{other}: receipt: " in verbose.stderr
    assert len(verbose.stdout.splitlines()) == 2


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("option", VERBOSE)
def test_verbose_says_what_is_used(option: str, before: bool, miniature: Path) -> None:
    words = [option, "apply", str(miniature)] if before else ["apply", str(miniature), option]
    result = run(*words)
    assert result.stdout == f"{miniature}: {MADE}\n"
    said = dict(line.split(": ", 1) for line in result.stderr.splitlines())
    assert said[f"pack {DEFAULT}"] == f"{RULES / DEFAULT}, for {PIN}"
    assert said["rules"] == f"{NUMBER} selected"
    assert said["tree"] == str(miniature)
    assert Path(said["receipt"]).is_file()
    assert len(said["read"].split(", ")) >= FILES
    for phase in ("opening the tree", "planning, checking and writing"):
        assert said[phase].endswith(" s")


def test_json_is_the_same(miniature: Path) -> None:
    plain, verbose = run("status", miniature, "--json"), run("status", miniature, "--json", "-v")
    assert json.loads(plain.stdout) == json.loads(verbose.stdout)
    assert (plain.stderr, verbose.stderr.count("\n") > 3) == ("", True)


def test_the_last_one_counts(miniature: Path) -> None:
    assert run("apply", miniature, "-q", "-v").stdout == f"{miniature}: {MADE}\n"
    assert run("-v", "revert", miniature, "-q").output == ""
    assert chosen() is Verbosity.QUIET
    run("rules")
    assert chosen() is Verbosity.NORMAL, "each command begins anew"


def test_what_is_said_commands_no_terminal(miniature: Path) -> None:
    odd = miniature.rename(miniature.with_name("a\x1b[31mb"))
    assert "\x1b" not in run("status", odd, "-v").output
    assert os.path.isdir(odd)
