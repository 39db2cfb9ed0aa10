"""What commands take from a configuration file, and that one in a stranger's tree runs nothing."""

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from patcher.resources import RULES as PACKS
from patcher.resources import VENDOR
from tests.cli.conftest import CopyPack
from tests.commands import INSTALLED, contents, process, run
from tests.counts import RULES

Write = Callable[..., Path]


@pytest.fixture
def configure(miniature: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a configuration beside the miniature, and stand there."""
    monkeypatch.chdir(miniature.parent)

    def write(text: str, folder: str | Path = "") -> Path:
        file = miniature.parent / folder / "effpatch.toml"
        file.write_text(text)
        return file

    return write


def test_packs(configure: Write) -> None:
    configure('packs = ["supplement"]')
    listed = run("rules")
    assert listed.stdout == run("rules", "--pack", "supplement").stdout
    assert (
        run("rules", "--pack", "documented").stdout == run("--pack", "documented", "rules").stdout
    )
    assert run("rules", "--pack", "documented").stdout != listed.stdout
    assert (
        run("status", "miniature").stdout == run("status", "miniature", "--pack=supplement").stdout
    )


def test_a_pack_in_a_folder(
    configure: Write, copy_pack: CopyPack, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_pack("mine")
    configure('packs = ["mine"]')
    Path("below").mkdir()
    monkeypatch.chdir("below")
    assert "mine/hooks-1" in run("rules").stdout


def test_rules_to_skip(configure: Write) -> None:
    configure('skip = ["main-3", "main-4"]')
    said = "effpatch.toml: skip: leaves out main-3, main-4\n"
    result = run("apply", "miniature", "--dry-run")
    assert (f"would make {RULES - 2} edits" in result.stdout, result.stderr) == (True, said)
    assert run("apply", "miniature", "--dry-run", "-q").stderr == ""
    for words, made in ((["--skip", "main-5"], RULES - 1), (["--only", "main-3"], 1)):
        result = run("apply", "miniature", "--dry-run", *words)
        assert f"would make {made} edit" in result.stdout
        assert result.stderr == "", "what the user names counts, and not the file"


def test_rules_to_skip_of_packs_that_are_not_chosen(configure: Write) -> None:
    configure('packs = ["documented", "supplement"]\nskip = ["main-3", "supplement/hooks-1"]')
    found = run("diff", "miniature", "--pack", "documented", "--stat")
    assert found.stderr == "effpatch.toml: skip: leaves out main-3\n"
    assert run("diff", "miniature", "--pack", "tensorflow_2_15", "--stat").stderr == ""


def test_an_unknown_rule_to_skip(configure: Write) -> None:
    configure('skip = ["man-3"]')
    result = run("apply", "miniature")
    said = "effpatch.toml: skip: no rule 'man-3' in pack documented; did you mean main-3?\n"
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", said)


def test_a_wrong_file_stops_what_would_use_it(configure: Write) -> None:
    configure("pack = []")
    for words in (["status", "miniature"], ["rules"], ["apply", "miniature", "--only", "main-3"]):
        result = run(*words)
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
        assert result.stderr.startswith("effpatch.toml: pack: unknown key, ")
    for words in (["--help"], ["apply", "--help"], ["--version"], ["revert", "--help"]):
        assert run(*words).exit_code == 0


def test_a_tree_is_restored_whatever_the_file_says(configure: Write, miniature: Path) -> None:
    before = contents(miniature)
    run("apply", "miniature")
    configure("packs = [")
    assert run("revert", "miniature").exit_code == 0
    assert contents(miniature) == before


def test_verbose_names_the_file(configure: Write) -> None:
    configure('packs = ["supplement"]\nskip = ["supplement/hooks-1"]')
    said = run("diff", "miniature", "-v").stderr.splitlines()
    assert said[0] == "effpatch.toml: packs supplement; skip supplement/hooks-1"
    configure("")
    assert "effpatch.toml: no defaults" in run("-v", "rules").stderr


def test_no_file_is_read_in_a_tree_that_is_only_named(miniature: Path, tmp_path: Path) -> None:
    (miniature / "effpatch.toml").write_text("not TOML")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert process(INSTALLED, "diff", miniature, "--stat", cwd=elsewhere).returncode == 0
    assert process(INSTALLED, "diff", miniature, "--stat", cwd=miniature).returncode == 2


def test_a_current_folder_that_is_gone(miniature: Path, tmp_path: Path) -> None:
    words = f"mkdir gone && cd gone && rmdir ../gone && {INSTALLED} diff --stat {miniature}"
    done = process("sh", "-c", words, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def stranger(miniature: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A patched tree that brings a stack, whose Python leaves the file `ran` when it is run."""
    monkeypatch.delenv("EFFPATCH_STACK", raising=False)
    run("apply", miniature, "--with-runtime")
    python = miniature / "stack" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\ntouch {miniature.parent}/ran\nexit 1\n")
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    (miniature / "effpatch.toml").write_text('stack = "stack"\npacks = ["documented"]\n')
    monkeypatch.chdir(miniature)
    return miniature


@pytest.mark.parametrize(
    "words",
    [
        ["stack", "check"],
        ["demo", "--train"],
        ["demo", "--detect", "-o", "made"],
        ["verify", "."],
        ["status", "."],
        ["train", ".", "--sample-data", "--dry-run"],
        ["train", ".", "--sample-data", "--check"],
        ["train", "../mine", "--sample-data", "--dry-run"],
        ["verify", "../mine", "--graph"],
    ],
    ids=" ".join,
)
def test_the_stack_of_a_tree_in_which_one_stands_is_not_run(
    words: list[str], stranger: Path
) -> None:
    shutil.copytree(VENDOR / "miniature", stranger.parent / "mine")
    run("apply", stranger.parent / "mine", "--with-runtime")
    done = process(INSTALLED, *words, cwd=stranger)
    assert done.returncode in (0, 1, 4, 5, 2), done.stderr
    assert done.returncode != 2 or "to inspect it, its Python would be run; " in done.stderr
    assert not (stranger.parent / "ran").exists()
    if "../mine" in words:
        assert "effpatch.toml: not used, as ../mine is not in its folder\n" in done.stderr


@pytest.mark.parametrize("words", [["train", ".", "--sample-data"], ["verify", ".", "--graph"]])
def test_the_stack_is_run_for_a_tree_in_its_folder(words: list[str], stranger: Path) -> None:
    """Where the user asks to run what is in the folder; and it is said whose stack that is."""
    done = process(INSTALLED, *words, cwd=stranger)
    assert f"effpatch.toml: the stack is {stranger}/stack\n" in done.stderr
    assert (stranger.parent / "ran").exists()


@pytest.mark.parametrize("by", ["option", "variable"])
def test_a_stack_that_the_user_names_counts_more(by: str, stranger: Path, tmp_path: Path) -> None:
    words = ["--stack", str(tmp_path)] if by == "option" else []
    env = {**os.environ, **({} if words else {"EFFPATCH_STACK": str(tmp_path)})}
    done = process(INSTALLED, "train", ".", "--sample-data", *words, cwd=stranger, env=env)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith(f"{tmp_path}: no bin/python in it")
    assert not (stranger.parent / "ran").exists()


def test_a_stack_is_no_error_where_none_is_used(stranger: Path) -> None:
    assert run("verify", stranger).exit_code == 0
    refused = run("verify", stranger, "--stack", stranger / "stack")
    assert (refused.exit_code, "--stack requires --graph" in refused.stderr) == (2, True)


def test_a_pack_that_a_tree_brings_is_data(stranger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its modules are run by no command that looks, and for no tree but those in the folder."""
    pack = shutil.copytree(PACKS / "documented", stranger / "evil")
    for module in ("conftest", "setup", "__init__", "pack"):
        (pack / f"{module}.py").write_text(f"open({str(stranger.parent / 'ran')!r}, 'w')\n")
    (stranger / "effpatch.toml").write_text('packs = ["./evil"]\n')
    for words in (["status", "."], ["diff", "."], ["rules"], ["verify", "."], ["review", "."]):
        assert process(INSTALLED, *words, cwd=stranger).returncode in (0, 1)
    assert not (stranger.parent / "ran").exists()
