"""The edits as a series of patch files."""

import ast
import shutil
import subprocess
from pathlib import Path

import pytest

from patcher.packs.rules import TO_BE_WRITTEN
from tests import receipts
from tests.commands import contents, git, run
from tests.rule_check import DOCUMENTED
from tests.transaction.test_branches import crlf, subjects

PATCHES = f"{len(list(DOCUMENTED.entries()))} patches"


def test_an_exported_series_gives_what_apply_gives(authored: Path, tmp_path: Path) -> None:
    other = shutil.copytree(authored, tmp_path / "other")
    series = tmp_path / "series"
    result = run("export", other, "-o", series)
    assert result.stdout == f"{series}: {PATCHES} for `git am`\n"
    assert git(other, "status", "--porcelain") == ""
    subprocess.run(["git", "am", "-q", *sorted(series.iterdir())], cwd=other, check=True)
    run("apply", authored)
    assert contents(other) == contents(authored)
    assert subjects(other)[-1].startswith("utils-1: ")


@pytest.mark.usefixtures("author")
def test_an_exported_series_on_the_pin(upstream: Path, pristine: Path, tmp_path: Path) -> None:
    other = shutil.copytree(pristine, tmp_path / "other", symlinks=True)
    assert run("export", upstream, "-o", tmp_path / "series").exit_code == 0
    git(other, "am", "-q", *map(str, sorted((tmp_path / "series").iterdir())))
    run("apply", upstream)
    assert contents(other) == contents(upstream)
    base = git(upstream, "rev-parse", "HEAD").strip()
    for commit in git(other, "rev-list", f"{base}..HEAD").split():
        for path in git(other, "show", "--name-only", "--format=", commit).split():
            ast.parse(git(other, "show", f"{commit}:{path}"))


def test_a_patched_tree_is_exported_as_it_was(authored: Path, tmp_path: Path) -> None:
    run("apply", authored)
    assert run("export", authored, "-o", tmp_path / "series").exit_code == 0
    assert f"{len(list((tmp_path / 'series').iterdir()))} patches" == PATCHES


def test_a_patched_tree_without_a_receipt_is_refused(authored: Path, tmp_path: Path) -> None:
    run("apply", authored)
    receipts.place(authored).unlink()
    result = run("export", authored, "-o", tmp_path / "series")
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr == (
        f"{authored}: every edit is there already, and no receipt says what the files were before; "
        "export from a checkout without the edits\n"
    )
    assert not (tmp_path / "series").exists()


def test_export_writes_to_an_empty_folder_only(authored: Path, tmp_path: Path) -> None:
    (tmp_path / "series").mkdir()
    (tmp_path / "series" / "mine").write_text("")
    result = run("export", authored, "-o", tmp_path / "series")
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert "the folder is not empty" in result.stderr


def test_the_users_settings_do_not_spoil_a_series(
    authored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = shutil.copytree(authored, tmp_path / "other")
    settings = tmp_path / "settings"
    settings.write_text(
        "[user]\nname = a\nemail = a@localhost\n[diff]\nnoprefix = true\ncontext = 0\n"
        "orderFile = /nowhere\n[format]\ncoverLetter = true\nuseAutoBase = true\n"
        f"suffix = .txt\n[core]\nhooksPath = {tmp_path}\nexcludesFile = {tmp_path}/ignored\n"
    )
    (tmp_path / "ignored").write_text("utils.py\n")
    (tmp_path / "prepare-commit-msg").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "prepare-commit-msg").chmod(0o755)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    assert PATCHES in run("export", authored, "-o", tmp_path / "series").stdout
    monkeypatch.delenv("GIT_CONFIG_GLOBAL")
    git(other, "am", "-q", *map(str, sorted((tmp_path / "series").iterdir())))
    run("apply", authored)
    assert contents(other) == contents(authored)


def test_what_a_link_points_at_is_exported(linked: Path, tmp_path: Path) -> None:
    other = shutil.copytree(linked, tmp_path / "other", symlinks=True)
    assert run("export", linked, "-o", tmp_path / "series").exit_code == 0
    git(other, "am", "-q", *map(str, sorted((tmp_path / "series").iterdir())))
    run("apply", linked)
    assert contents(other) == contents(linked)


def test_a_series_with_line_ends_of_windows_says_how_to_apply_it(
    authored: Path, tmp_path: Path
) -> None:
    crlf(authored)
    other = shutil.copytree(authored, tmp_path / "other")
    result = run("export", authored, "-o", tmp_path / "series")
    assert result.stdout.endswith(f": {PATCHES} for `git am --keep-cr`\n")
    git(other, "am", "-q", "--keep-cr", *map(str, sorted((tmp_path / "series").iterdir())))
    run("apply", authored)
    assert contents(other) == contents(authored)


def test_a_reason_that_is_not_written_yet_is_in_no_patch(authored: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "pack.toml").write_text('title = "Mine"\nrevises = "documented"\n')
    (folder / "main.toml").write_text(
        f'[[rule]]\nitem = 3\nwhy = "{TO_BE_WRITTEN}"\nwhose = "ours"\ntitle = "to try it"\n'
    )
    words = ("--pack", folder, "--only", "mine/main-3", "-o", tmp_path / "series")
    result = run("export", authored, *words)
    assert result.exit_code == 0, result.output
    (patch,) = (tmp_path / "series").iterdir()
    assert "mine/main-3: to try it" in patch.read_text("utf-8")
    assert "TODO" not in patch.read_text("utf-8")
