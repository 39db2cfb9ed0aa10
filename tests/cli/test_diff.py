import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import INSTALLED, contents, git, process, run, screen
from tests.counts import FILES, RULES


def test_diff_is_what_git_shows_afterwards(repository: Path) -> None:
    shown = run("diff", repository).stdout
    run("apply", repository)
    assert shown == git(repository, "diff", "--no-color")


def test_a_patch_made_of_the_diff_gives_the_same_tree(repository: Path, tmp_path: Path) -> None:
    other = shutil.copytree(repository, tmp_path / "other")
    patch = run("diff", repository).stdout.encode()
    subprocess.run(["git", "-C", str(other), "apply"], input=patch, check=True)
    run("apply", repository)
    assert contents(other) == contents(repository)


@pytest.mark.parametrize("command", [["git", "apply"], ["patch", "-p1", "--quiet"]], ids=" ".join)
def test_diff_by_rule_is_a_patch_as_a_whole(
    command: list[str], repository: Path, tmp_path: Path
) -> None:
    other = shutil.copytree(repository, tmp_path / "other")
    series = run("diff", repository, "--by-rule").stdout
    assert series.count("\n# ") + 1 == RULES
    subprocess.run(command, cwd=other, input=series.encode(), check=True)
    run("apply", repository)
    assert contents(other) == contents(repository)


def test_each_rule_has_its_reason_above_its_patch(miniature: Path) -> None:
    series = run("diff", miniature, "--by-rule", "--only", "main-16").stdout.split("\n")
    assert series[0] == "# main-16: import the writer of hyper-parameters"
    assert series[1] == "    The call that main-17 adds needs it."
    assert series[2].startswith("    Our choice: The document names no place")
    assert next(line for line in series[3:] if line[:1] != " ").startswith("diff --git ")


def test_diff_in_other_forms(miniature: Path) -> None:
    stat = run("diff", miniature, "--stat").stdout.splitlines()
    assert stat[0].split() == ["file", "added", "removed"]
    assert stat[-1].startswith(f"{FILES} files, ")
    assert (
        json.loads(run("diff", miniature, "--json").stdout)["diff"]
        == run("diff", miniature).stdout.rstrip("\n") + "\n"
    )


def test_diff_exit_code(miniature: Path) -> None:
    assert run("diff", miniature).exit_code == 0
    assert run("diff", miniature, "--exit-code").exit_code == 1
    run("apply", miniature)
    result = run("diff", miniature, "--exit-code")
    assert (result.exit_code, result.stdout) == (0, "")


@pytest.mark.parametrize("forms", [["--stat", "--by-rule"], ["--json", "--stat"]], ids=" ".join)
def test_forms_that_exclude_each_other(forms: list[str], miniature: Path) -> None:
    result = run("diff", miniature, *forms)
    assert result.exit_code == 2
    assert "--by-rule, --stat and --json cannot be used together" in result.stderr


def test_a_pipe_gets_no_escapes(miniature: Path) -> None:
    for options in ([], ["--by-rule"], ["--stat"], ["--json"]):
        done = process(INSTALLED, "diff", miniature, *options)
        assert done.returncode == 0
        assert "\x1b" not in done.stdout
    assert "# main-1" not in process(INSTALLED, "diff", miniature).stdout


@pytest.mark.parametrize(
    ("options", "variables", "coloured"),
    [
        pytest.param([], {}, True, id="a terminal"),
        pytest.param([], {"NO_COLOR": "1"}, False, id="NO_COLOR"),
        pytest.param([], {"TERM": "dumb"}, False, id="a dumb terminal"),
        pytest.param([], {"TERM": "dumb", "FORCE_COLOR": "1"}, True, id="FORCE_COLOR"),
        pytest.param(["--color=never"], {"FORCE_COLOR": "1"}, False, id="never"),
        pytest.param(["--color=always"], {"NO_COLOR": "1"}, True, id="always"),
    ],
)
def test_a_terminal_shows_reasons_in_colours(
    options: list[str], variables: dict[str, str], coloured: bool, miniature: Path
) -> None:
    _, shown = screen("diff", miniature, "--no-pager", *options, **variables)
    assert (b"\x1b[" in shown) is coloured
    text = re.sub(rb"\x1b\[[0-9;]*m", b"", shown).decode()
    title = text.index("# main-11: count one shard where Horovod does not run")
    reason = text.index("    A one-card run must not divide its steps")
    hunk = text[reason:].partition("\n@@ ")[2].partition("\n# ")[0]  # other rules may be in it
    wanted = [
        *("-    if hvd is not None:", "+    if horovod_enabled():"),
        *("+    else:", "+        num_shards = 1"),
    ]
    assert title < reason
    assert [line.strip() for line in hunk.split("\n") if line.strip() in wanted] == wanted


@pytest.mark.parametrize("variables", [{"FORCE_COLOR": "1"}, {}], ids=["FORCE_COLOR", "always"])
def test_a_pipe_is_coloured_on_request(variables: dict[str, str], miniature: Path) -> None:
    options = [] if variables else ["--color=always"]
    done = process(INSTALLED, "diff", miniature, *options, env={**os.environ, **variables})
    assert "\x1b[1;33m# main-11: " in done.stdout
    assert "\x1b[7;32m" in done.stdout, "words that differ are marked"


def test_a_pipe_has_no_width(miniature: Path) -> None:
    command, shown = (INSTALLED, "diff", miniature, "--by-rule"), set[str]()
    for width in ("40", "80", "200"):
        shown.add(process(*command, env={**os.environ, "COLUMNS": width}).stdout)
    assert len(shown) == 1


def test_a_document_that_is_not_there_is_missed(miniature: Path, tmp_path: Path) -> None:
    result = run("diff", miniature, "--doc", tmp_path / "none.md")
    assert (result.exit_code, result.stdout) == (4, "")
    assert "none.md: cannot be read" in result.stderr


def test_reasons_are_as_wide_as_the_terminal(miniature: Path) -> None:
    for width in (40, 80):
        _, shown = screen("diff", miniature, "--no-pager", COLUMNS=str(width), NO_COLOR="1")
        reasons = [line for line in shown.decode().split("\r\n") if line.startswith("    ")]
        told = [line for line in reasons if line.startswith("    Our choice: ")]
        assert told
        assert max(map(len, told)) <= width


class TestPager:
    @pytest.fixture
    def pager(self, tmp_path: Path) -> str:
        """A pager that tells what it was given, and shows none of it."""
        return f"{sys.executable} -c 'import sys; print(\"PAGED\", len(sys.stdin.read()))'"

    @pytest.mark.parametrize("name", ["GIT_PAGER", "PAGER"])
    def test_a_terminal_has_the_pager_of_the_user(
        self, name: str, pager: str, miniature: Path
    ) -> None:
        others = {"PAGER": "false"} if name == "GIT_PAGER" else {}
        code, shown = screen("diff", miniature, **{**others, name: pager})
        assert (code, shown.startswith(b"PAGED "), shown.count(b"\n")) == (0, True, 1)

    @pytest.mark.parametrize(
        ("options", "variables"),
        [
            pytest.param(["--no-pager"], {}, id="not wanted"),
            pytest.param([], {"GIT_PAGER": ""}, id="an empty one"),
            pytest.param([], {"GIT_PAGER": "cat"}, id="cat"),
            pytest.param([], {"TERM": "dumb"}, id="a dumb terminal"),
            pytest.param([], {"GIT_PAGER": "no-such-pager"}, id="one that is not there"),
        ],
    )
    def test_else_all_is_printed(
        self, options: list[str], variables: dict[str, str], pager: str, miniature: Path
    ) -> None:
        code, shown = screen("diff", miniature, *options, **{"PAGER": pager, **variables})
        assert code == 0
        assert b"# main-11" in shown
        assert b"PAGED" not in shown

    def test_one_that_is_left_early_ends_quietly(self, miniature: Path) -> None:
        code, shown = screen("diff", miniature, PAGER="head -n 1")
        assert (code, shown.count(b"\n")) == (0, 1)


def test_ctrl_c_ends_a_pager_that_heeds_it(miniature: Path) -> None:
    code = "import os, signal, subprocess, sys\nsignal.raise_signal(signal.SIGINT)\n"
    shown = screen("diff", miniature, PAGER=f"{sys.executable} -c '{code}'")[1]
    assert b"KeyboardInterrupt" in shown
