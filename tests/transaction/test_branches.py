"""Commits of the edits: on the branch that is checked out, or on a new one."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from patcher.errors import GitError
from patcher.transaction.branches import Commit, build
from patcher.tree.files import Tree
from tests.commands import INSTALLED, contents, git, run
from tests.rule_check import DOCUMENTED

# One edit is enough where it does not matter what is committed.
ONE = ("--only", "utils-1", "--no-verify")
IDS = [id_ for id_, _, _ in DOCUMENTED.entries()]


def subjects(tree: Path) -> list[str]:
    return git(tree, "log", "--reverse", "--format=%s").splitlines()[1:]


def test_one_commit_of_everything(authored: Path) -> None:
    assert run("apply", authored, "--commit").exit_code == 0
    assert len(subjects(authored)) == 1
    assert git(authored, "log", "-1", "--format=%an <%ae>").strip() == "Tester <tester@localhost>"
    assert git(authored, "status", "--porcelain") == ""
    assert "main-3: do not use TPUs by default" in git(authored, "log", "-1", "--format=%b")


def test_one_commit_for_each_edit(authored: Path) -> None:
    run("apply", authored, "--commit-per-rule")
    assert [subject.partition(":")[0] for subject in subjects(authored)] == IDS
    body = git(authored, "log", "--grep=^main-11:", "--format=%b")
    assert "A one-card run must not divide its steps" in body
    assert "Before:\n\n    if hvd is not None:\n" in body
    assert "After:\n\n    if horovod_enabled():\n" in body
    assert git(authored, "status", "--porcelain") == ""
    names = git(authored, "log", "--name-only", "--format=", f"-{len(IDS)}").split()
    assert len(names) == len(IDS)


@pytest.mark.parametrize("option", ["--commit", "--commit-per-rule"])
def test_edits_that_are_there_are_not_committed(option: str, authored: Path) -> None:
    tip = git(authored, "rev-parse", "HEAD")
    run("apply", authored, *ONE)
    result = run("apply", authored, *ONE, option)
    assert result.exit_code == 0
    assert result.stderr == (
        f"{authored}: nothing was committed: the edits were made before; run `effpatch revert` "
        "first, or commit them with git\n"
    )
    assert git(authored, "rev-parse", "HEAD") == tip
    run("revert", authored)
    assert run("apply", authored, *ONE, option).stderr == ""
    assert git(authored, "rev-parse", "HEAD~") == tip
    result = run("apply", authored, *ONE, option)
    assert (result.exit_code, result.stderr) == (
        0,
        f"{authored}: nothing was committed: the edits are committed already\n",
    )


def test_commits_on_a_new_branch(authored: Path) -> None:
    old = git(authored, "rev-parse", "--abbrev-ref", "HEAD").strip()
    tip = git(authored, "rev-parse", "HEAD")
    run("apply", authored, *ONE, "--commit", "--branch", "hpu")
    assert git(authored, "rev-parse", "--abbrev-ref", "HEAD") == "hpu\n"
    assert git(authored, "rev-parse", old) == tip
    assert git(authored, "rev-parse", "hpu~") == tip


def test_other_work_is_not_touched(authored: Path) -> None:
    (authored / "staged.py").write_text("staged\n")
    git(authored, "add", "staged.py")
    (authored / "README.md").write_text("not staged\n")
    (authored / "new.py").write_text("new\n")
    run("apply", authored, *ONE, "--only", "init-1", "--commit-per-rule")
    status = set(git(authored, "status", "--porcelain").splitlines())
    assert status == {"A  staged.py", " M README.md", "?? new.py"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(("--commit", "--branch", "taken"), "has a branch taken already", id="taken"),
        pytest.param(("--commit", "--branch", "a..b"), "git failed", id="no name for a branch"),
    ],
)
def test_a_branch_that_cannot_be(arguments: tuple[str, ...], sentence: str, authored: Path) -> None:
    git(authored, "branch", "taken")
    before = contents(authored)
    result = run("apply", authored, *ONE, *arguments)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert sentence in result.stderr
    assert contents(authored) == before


@pytest.mark.parametrize(
    "arguments",
    [("--commit", "--commit-per-rule"), ("--branch", "hpu")],
    ids=["both", "a branch for nothing"],
)
def test_options_that_do_not_go_together(arguments: tuple[str, ...], authored: Path) -> None:
    assert run("apply", authored, *arguments).exit_code == 2


def test_a_folder_without_history_is_not_committed(miniature: Path) -> None:
    before = contents(miniature)
    result = run("apply", miniature, "--commit")
    assert result.exit_code == 4
    assert "no git checkout with a commit in it" in result.stderr
    assert contents(miniature) == before


def test_uncommitted_work_is_never_committed(authored: Path) -> None:
    file = authored / "efficientdet" / "utils.py"
    file.write_text(file.read_text() + "# mine\n")
    result = run("apply", authored, "--commit", "--allow-dirty")
    assert result.exit_code == 4
    assert "uncommitted changes in efficientdet/utils.py" in result.stderr


def test_a_tree_below_a_repository_is_committed_there(authored: Path) -> None:
    git(authored, "mv", "-k", "efficientdet", "README.md", ".")
    below = authored / "vendor" / "automl"
    below.mkdir(parents=True)
    git(authored, "mv", "efficientdet", "vendor/automl/efficientdet")
    git(authored, "commit", "--quiet", "--message", "move")
    assert run("apply", below, "--commit").exit_code == 0
    assert git(authored, "status", "--porcelain") == ""


def test_an_author_is_needed(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    git(repository, "config", "user.useConfigOnly", "true")
    before = contents(repository)
    for words in (("apply", "--commit"), ("export", "-o", tmp_path / "series")):
        result = run(words[0], repository, *ONE[:2], *words[1:])
        assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
        assert result.stderr.startswith(f"{repository}: git failed: no email was given")
        assert result.stderr.endswith(
            "; run `git config --global user.name NAME` and "
            "`git config --global user.email ADDRESS`\n"
        )
    assert contents(repository) == before


@pytest.mark.parametrize("branch", [(), ("--branch", "hpu")], ids=["here", "branch"])
@pytest.mark.parametrize("lock", ["index.lock", "HEAD.lock"])
def test_a_repository_that_is_locked_stays_as_it_is(
    lock: str, branch: tuple[str, ...], authored: Path
) -> None:
    before = contents(authored)
    tip = git(authored, "rev-parse", "HEAD")
    (authored / ".git" / lock).touch()
    result = run("apply", authored, *ONE, "--commit", *branch)
    (authored / ".git" / lock).unlink()
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert contents(authored) == before
    assert git(authored, "rev-parse", "HEAD") == tip
    assert git(authored, "status", "--porcelain") == ""
    assert git(authored, "branch", "--list", "hpu") == ""
    assert run("apply", authored, *ONE, "--commit", *branch).exit_code == 0


def test_what_a_link_points_at_is_committed(linked: Path) -> None:
    assert run("apply", linked, "--commit-per-rule").exit_code == 0
    assert git(linked, "status", "--porcelain") == ""
    assert git(linked, "show", "--name-only", "--format=", "HEAD") == "real/utils.py\n"
    assert (linked / "efficientdet/utils.py").is_symlink()


@pytest.mark.parametrize("branch", [(), ("--branch", "hpu")], ids=["here", "branch"])
def test_a_repository_whose_hook_refuses_stays_as_it_is(
    branch: tuple[str, ...], authored: Path
) -> None:
    hook = authored / ".git" / "hooks" / "reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    before, tip = contents(authored), git(authored, "rev-parse", "HEAD")
    result = run("apply", authored, *ONE, "--commit", *branch)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert "hook" in result.stderr
    assert (contents(authored), git(authored, "rev-parse", "HEAD")) == (before, tip)
    assert git(authored, "status", "--porcelain") == ""
    assert git(authored, "branch", "--list", "hpu") == ""


def test_a_branch_that_another_bars_leaves_all_as_it_is(authored: Path) -> None:
    git(authored, "branch", "hpu")
    before = contents(authored)
    result = run("apply", authored, *ONE, "--commit", "--branch", "hpu/documented")
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert "'refs/heads/hpu' exists" in result.stderr
    assert contents(authored) == before
    assert git(authored, "status", "--porcelain") == ""


def test_a_worktree_is_committed_to(authored: Path, tmp_path: Path) -> None:
    git(authored, "worktree", "add", "--quiet", str(tmp_path / "tree"), "-b", "port")
    assert run("apply", tmp_path / "tree", *ONE, "--commit").exit_code == 0
    assert git(tmp_path / "tree", "status", "--porcelain") == ""
    assert not (tmp_path / "tree" / ".effpatch").exists()
    assert git(authored, "log", "-1", "--format=%s", "port").startswith(
        "Apply the edits of documented"
    )


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_edits_that_git_was_told_to_overlook_are_not_committed(flag: str, authored: Path) -> None:
    file = authored / "efficientdet" / "utils.py"
    file.write_text(file.read_text("utf-8") + "# mine\n", "utf-8")
    git(authored, "update-index", flag, "efficientdet/utils.py")
    tip = git(authored, "rev-parse", "HEAD")
    result = run("apply", authored, *ONE, "--commit")
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert "uncommitted changes in efficientdet/utils.py" in result.stderr
    assert git(authored, "rev-parse", "HEAD") == tip


def test_files_that_git_ignores_are_not_committed(authored: Path) -> None:
    inner = authored / "vendor"
    shutil.copytree(authored / "efficientdet", inner / "efficientdet")
    (authored / ".gitignore").write_text("vendor/\n")
    result = run("apply", inner, *ONE, "--commit")
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert git(authored, "log", "--format=%s").count("\n") == 1


def crlf(tree: Path) -> None:
    """Commit one file with the line ends of Windows, and have git turn them from then on."""
    file = tree / "efficientdet" / "utils.py"
    git(tree, "config", "core.autocrlf", "false")
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    git(tree, "commit", "--quiet", "--all", "--message", "line ends")


def test_line_ends_that_are_stored_stay(authored: Path) -> None:
    crlf(authored)
    git(authored, "config", "core.autocrlf", "true")
    assert run("apply", authored, "--only", "utils-1", "--commit", "--no-verify").exit_code == 0
    assert git(authored, "show", "--numstat", "--format=", "HEAD").split()[:2] == ["1", "1"]
    assert git(authored, "status", "--porcelain") == ""


def test_line_ends_that_git_turns_are_turned(authored: Path) -> None:
    git(authored, "config", "core.autocrlf", "true")
    for file in (authored / "efficientdet").rglob("*.py"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    git(authored, "add", "--renormalize", ".")
    assert run("apply", authored, "--commit").exit_code == 0
    assert b"\r\n" in (authored / "efficientdet/utils.py").read_bytes()
    assert "\r" not in git(authored, "show", "HEAD:efficientdet/utils.py")


def test_a_merge_under_way_is_not_mixed_with(authored: Path) -> None:
    git(authored, "checkout", "--quiet", "-b", "other")
    git(authored, "commit", "--quiet", "--allow-empty", "--message", "other")
    git(authored, "checkout", "--quiet", "-")
    git(authored, "commit", "--quiet", "--allow-empty", "--message", "this")
    git(authored, "merge", "--quiet", "--no-commit", "--no-ff", "other")
    result = run("apply", authored, *ONE, "--commit", "--branch", "hpu")
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert "a merge has not ended" in result.stderr


def test_a_branch_needs_a_name(authored: Path) -> None:
    assert run("apply", authored, *ONE, "--commit", "--branch", "").exit_code == 4
    assert run("apply", authored, "--branch", "").exit_code == 2


def test_a_folder_whose_name_is_no_text_is_committed_in(authored: Path) -> None:
    below = os.fsencode(authored) + b"/caf\xe9"
    os.mkdir(below)
    os.rename(authored / "efficientdet", below + b"/efficientdet")
    git(authored, "add", "--all")
    git(authored, "commit", "--quiet", "--message", "move")
    command = [os.fsencode(INSTALLED), b"apply", below, b"--commit"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert git(authored, "log", "-1", "--format=%s").startswith("Apply the edits of documented")


@pytest.mark.parametrize("name", [None, "hpu"], ids=["here", "a new branch"])
def test_another_branch_checked_out_meanwhile_stays_as_it_is(
    name: str | None, authored: Path, tmp_path: Path
) -> None:
    """After the commits were made, and before the branch is to end in them."""
    tree, path = Tree("tree", authored), "efficientdet/utils.py"
    before = (authored / path).read_bytes()
    commits = [Commit("edit\n", {path: b"edited = 1\n"})]
    update = build(tree, name, commits, {path: before}, tmp_path)
    git(authored, "checkout", "--quiet", "-b", "mine")
    base = git(authored, "rev-parse", "HEAD")
    with pytest.raises(GitError, match="something else was checked out or committed meanwhile"):
        update.make(tree, tmp_path)
    assert git(authored, "rev-parse", "mine") == git(authored, "rev-parse", "HEAD") == base
    assert git(authored, "branch", "--show-current") == "mine\n"
    assert (git(authored, "branch", "--list", "hpu"), git(authored, "status", "-s")) == ("", "")
