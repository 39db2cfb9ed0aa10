"""Trees whose repository, or what looks like one, names programs for git to run."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from patcher.errors import GitError, TreeError
from patcher.model import Pin
from patcher.tree import repository
from patcher.tree.fetch import fetch
from patcher.tree.files import Tree
from tests import small
from tests.commands import contents, git, run

HOOKS = (
    *("applypatch-msg", "commit-msg", "fsmonitor-watchman", "post-applypatch", "post-checkout"),
    *("post-commit", "post-index-change", "post-merge", "post-rewrite", "pre-applypatch"),
    *("pre-auto-gc", "pre-commit", "pre-merge-commit", "prepare-commit-msg", "pre-push"),
    *("pre-rebase", "push-to-checkout", "reference-transaction", "sendemail-validate"),
)
# Settings whose value git runs at one time or another.
PROGRAMS = (
    *("core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.gitProxy"),
    *("core.askPass", "core.alternateRefsCommand", "sequence.editor", "diff.external"),
    *("diff.evil.textconv", "diff.evil.command", "merge.evil.driver", "gpg.program"),
    *("gpg.ssh.program", "filter.evil.clean", "filter.evil.smudge", "filter.evil.process"),
    *("credential.helper", "pager.log", "pager.status", "pager.diff", "interactive.diffFilter"),
    *("remote.origin.uploadpack", "remote.origin.vcs", "uploadpack.packObjectsHook"),
)
SETTINGS = {
    "log.showSignature": "true",
    "commit.gpgSign": "true",
    "remote.origin.promisor": "true",
    "remote.origin.partialclonefilter": "blob:none",
    "remote.origin.url": "ext::sh -c %S",
    "protocol.ext.allow": "always",
    "filter.evil.required": "true",
}


@pytest.fixture
def witness(tmp_path: Path) -> Path:
    """What exists once any of the programs has run."""
    return tmp_path / "witness"


def arm(top: Path, witness: Path, config: Path | None = None) -> None:
    """Have every setting, hook and attribute of a repository name a program that is seen."""
    program = witness.with_name("program")
    program.write_text(f"#!/bin/sh\necho \"$0 $*\" >> '{witness}'\nexit 0\n")
    program.chmod(0o755)
    config = config or top / ".git" / "config"
    hooks = config.parent / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in HOOKS:
        shutil.copy(program, hooks / name)
    settings = {**dict.fromkeys(PROGRAMS, str(program)), **SETTINGS, "core.hooksPath": str(hooks)}
    for name, value in settings.items():
        subprocess.run(["git", "config", "--file", config, name, value], check=True)
    lines = "* filter=evil diff=evil merge=evil\n"
    (config.parent / "info").mkdir(exist_ok=True)
    (config.parent / "info" / "attributes").write_text(lines)
    (top / ".gitattributes").write_text(lines)


def as_repository(root: Path, witness: Path) -> Path:
    tree = small.tree(root, under_git=True)
    arm(tree, witness)
    return tree


def as_worktree(root: Path, witness: Path) -> Path:
    main = small.tree(root.with_name("main"), under_git=True)
    git(main, "worktree", "add", "--quiet", "--detach", str(root))
    arm(main, witness)
    return root


def as_subfolder(root: Path, witness: Path) -> Path:
    tree = small.tree(root / "sub/tree")
    small.commit(root)
    arm(root, witness)
    return tree


def as_file_that_leads_into_the_tree(root: Path, witness: Path) -> Path:
    """What an archive can bring: `.git` is a file, and the folder that it names is in the tree."""
    tree = small.tree(root, under_git=True)
    arm(tree, witness)
    (tree / ".git").rename(tree / "payload")
    (tree / ".git").write_text("gitdir: payload\n")
    return tree


def as_bare_repository(root: Path, witness: Path) -> Path:
    """A folder that git takes for a bare repository, within one that is none."""
    git(root.parent, "init", "--quiet", "--bare", str(root))
    small.tree(root)
    arm(root, witness, root / "config")
    subprocess.run(["git", "config", "--file", root / "config", "core.bare", "false"], check=True)
    subprocess.run(["git", "config", "--file", root / "config", "core.worktree", root], check=True)
    return root


def as_bare_repository_in_a_repository(root: Path, witness: Path) -> Path:
    """One that a clone can bring, as its files can be tracked."""
    small.tree(root, under_git=True)
    return as_bare_repository(root / "inner", witness)


MAKERS = [
    as_repository,
    as_worktree,
    as_subfolder,
    as_file_that_leads_into_the_tree,
    as_bare_repository,
    as_bare_repository_in_a_repository,
]


@pytest.mark.parametrize("make", MAKERS)
def test_no_command_runs_what_a_repository_names(
    make: Callable[[Path, Path], Path], witness: Path, tmp_path: Path
) -> None:
    tree, pack = make(tmp_path / "tree", witness), small.pack(tmp_path / "pack")
    os.utime(tree / "src/app.py", (1, 1))  # what `git status` would look at again, by filters
    before = contents(tree)
    for command in ("status", "diff", "apply", "verify", "revert"):
        options = () if command == "revert" else pack
        more = ("--allow-dirty", "--with-runtime") if command == "apply" else ()
        assert run(command, tree, *options, *more).exit_code in (0, 1), command
        assert run("status", tree, *pack).exit_code in (0, 1)
        assert not witness.exists(), (command, witness.read_text())
    assert run("diff", tree, *pack, "--stat").exit_code == 0
    assert run("apply", tree, *pack, "--dry-run").exit_code in (0, 4)
    series = run("export", tree, *pack, "-o", tmp_path / "series")
    assert series.exit_code in (0, 4), "no author is known in some"
    assert not witness.exists(), witness.read_text()
    assert contents(tree) == before


def test_the_programs_would_run_in_a_repository(witness: Path, tmp_path: Path) -> None:
    """Else the test above would show nothing."""
    tree = as_repository(tmp_path / "tree", witness)
    os.utime(tree / "src/app.py", (1, 1))
    subprocess.run(["git", "-C", tree, "status"], check=False, capture_output=True)
    subprocess.run(["git", "-C", tree, "show", "HEAD"], check=False, capture_output=True)
    ran = witness.read_text()
    assert ran.count("\n") > 2


def test_a_good_checkout_is_known_without_running_what_it_names(
    witness: Path, tmp_path: Path
) -> None:
    origin = small.tree(tmp_path / "origin", under_git=True)
    pin = Pin("small", str(origin), git(origin, "rev-parse", "HEAD").strip(), "src", "", (), {})
    fetch(tmp_path / "dest", pin)
    arm(tmp_path / "dest", witness)
    (tmp_path / "dest" / ".gitattributes").unlink()
    os.utime(tmp_path / "dest/src/app.py", (1, 1))
    assert not fetch(tmp_path / "dest", pin).fresh
    assert not witness.exists(), witness.read_text()


def test_a_commit_that_replaces_the_pin_is_not_the_pin(tmp_path: Path) -> None:
    origin = small.tree(tmp_path / "origin", under_git=True)
    pin = Pin("small", str(origin), git(origin, "rev-parse", "HEAD").strip(), "src", "", (), {})
    fetch(tmp_path / "dest", pin)
    (tmp_path / "dest/setup.py").write_text("evil = 1\n")
    git(tmp_path / "dest", "add", "setup.py")
    git(tmp_path / "dest", "commit", "--quiet", "--message", "evil")
    evil = git(tmp_path / "dest", "rev-parse", "HEAD").strip()
    git(tmp_path / "dest", "update-ref", f"refs/replace/{pin.commit}", evil)
    (tmp_path / "dest/.git/HEAD").write_text(f"{pin.commit}\n")
    with pytest.raises(TreeError, match=r"patched or edited in setup.py"):
        fetch(tmp_path / "dest", pin)


def test_a_fetch_runs_no_filter_hook_or_helper_of_an_address(
    witness: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user's settings name a filter; what is fetched asks for it."""
    origin = small.tree(tmp_path / "origin")
    (origin / ".gitattributes").write_text("* filter=evil\n")
    small.commit(origin)
    (tmp_path / "home" / ".git").mkdir(parents=True)
    arm(tmp_path / "home", witness)
    config = ("config", "--file", str(tmp_path / "home/.git/config"), "--remove-section")
    for section in ("remote.origin", "uploadpack"):  # what the other side of a fetch obeys
        git(tmp_path, *config, section)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "home/.git/config"))
    pin = Pin("small", str(origin), git(origin, "rev-parse", "HEAD").strip(), "src", "", (), {})
    witness.unlink(missing_ok=True)
    assert fetch(tmp_path / "dest", pin).fresh
    assert not witness.exists(), witness.read_text()
    program = str(witness.with_name("program"))
    for address in (f"ext::{program}", f"fd::{program}", f"--upload-pack={program}"):
        with pytest.raises(GitError):
            fetch(tmp_path / "other", Pin("evil", address, pin.commit, "src", "", (), {}))
    assert not witness.exists(), witness.read_text()


@pytest.mark.parametrize("path", [".", "", "bin", "./bin"])
def test_git_is_not_one_of_the_tree(
    path: str, witness: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a search path on which the current folder is, or the folder that git runs in."""
    tree, pack = small.tree(tmp_path / "tree", under_git=True), small.pack(tmp_path / "pack")
    for folder in (tree, tree / "bin"):
        folder.mkdir(exist_ok=True)
        (folder / "git").write_text(f"#!/bin/sh\ntouch '{witness}'\n")
        (folder / "git").chmod(0o755)
    monkeypatch.chdir(tree)
    monkeypatch.setenv("PATH", f"{path}:{os.environ['PATH']}")
    for command in ("status", "diff", "apply", "verify"):
        assert run(command, ".", *pack).exit_code in (0, 1)
    assert run("export", ".", *pack, "-o", tmp_path / "series").exit_code in (0, 4)
    pin = Pin("small", str(tree), git(tree, "rev-parse", "HEAD").strip(), "src")
    witness.unlink(missing_ok=True)
    assert fetch(tmp_path / "dest", pin).fresh
    assert not witness.exists()


def test_what_another_side_says_may_be_anything(tmp_path: Path) -> None:
    """Bytes that are no text, in a name that git repeats."""
    name = os.fsdecode(b"nowhere-\xff\x1b[2J")
    with pytest.raises(GitError) as error:
        fetch(tmp_path / "dest", Pin("evil", f"{tmp_path}/{name}", "0" * 40, "src"))
    assert str(error.value).isprintable()
    assert "does not appear to be a git repository" in str(error.value)


def test_names_that_git_takes_for_patterns_are_names(tmp_path: Path) -> None:
    tree = small.tree(tmp_path / "tree")
    (tree / ":(exclude)src").mkdir()
    for name in (":(exclude)src/a.py", "src/*.py", ":!b.py"):
        (tree / name).write_text("A = 1\n")
    small.commit(tree)
    names = [":(exclude)src/a.py", "src/*.py", ":!b.py", "src/app.py"]
    found = Tree("tree", tree)
    assert found.uncommitted(names) == []
    for name in names:
        (tree / name).write_text("A = 2\n")
        assert found.uncommitted([name]) == [name]
    assert found.uncommitted(names) == names


@pytest.mark.parametrize("flag", ["--skip-worktree", "--assume-unchanged"])
def test_what_git_was_told_not_to_look_at_is_looked_at(flag: str, tmp_path: Path) -> None:
    tree, pack = small.tree(tmp_path / "tree", under_git=True), small.pack(tmp_path / "pack")
    git(tree, "update-index", flag, "src/tools.py")
    told = git(tree, "ls-files", "-v")
    (tree / "src/tools.py").write_text("C = 1  # mine\n")
    assert git(tree, "status", "--porcelain") == ""
    result = run("apply", tree, *pack)
    assert (result.exit_code, "uncommitted changes in src/tools.py" in result.stderr) == (4, True)
    git(tree, "update-index", flag.replace("--", "--no-"), "src/tools.py")
    git(tree, "checkout", "src/tools.py")
    git(tree, "update-index", flag, "src/tools.py")
    assert run("apply", tree, *pack, "--commit").exit_code == 0
    assert git(tree, "ls-files", "-v") == told
    assert git(tree, "show", "HEAD:src/tools.py") == "C = 2\n"


def test_line_ends_that_git_converts_are_no_changes(tmp_path: Path) -> None:
    tree = small.tree(tmp_path / "tree", under_git=True)
    file = tree / "src/app.py"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert Tree("tree", tree).uncommitted(["src/app.py"]) == []
    file.write_bytes(file.read_bytes() + b"\r")
    assert Tree("tree", tree).uncommitted(["src/app.py"]) == ["src/app.py"]


def test_a_file_that_git_ignores_or_does_not_know_cannot_be_restored(tmp_path: Path) -> None:
    tree = small.tree(tmp_path / "tree")
    (tree / ".gitignore").write_text("ignored.py\n")
    small.commit(tree)
    for name in ("src/ignored.py", "src/new.py"):
        (tree / name).write_text("A = 1\n")
    names = ["src/ignored.py", "src/new.py", "src/app.py"]
    assert Tree("tree", tree).uncommitted(names) == names[:2]
    (tree / "src/app.py").write_text("A = 2\n")
    git(tree, "add", "src/app.py")
    (tree / "src/app.py").write_text(small.TREE["src/app.py"])
    assert Tree("tree", tree).uncommitted(["src/app.py"]) == ["src/app.py"], "staged otherwise"


def test_only_a_file_that_is_answered_leads_to_a_repository_of_its_own(tmp_path: Path) -> None:
    other = small.tree(tmp_path / "other", under_git=True)
    tree = small.tree(tmp_path / "tree")
    (tree / ".git").write_text(f"gitdir: {other}/.git\n")
    found = repository.find(tree)
    assert found
    assert not found.is_ours
    before = contents(other), git(other, "log", "--format=%H"), sorted(os.listdir(other / ".git"))
    pack = small.pack(tmp_path / "pack")
    result = run("apply", tree, *pack, "--commit")
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert "which does not say that it belongs here" in result.stderr
    assert run("apply", tree, *pack).exit_code == 0
    after = contents(other), git(other, "log", "--format=%H"), sorted(os.listdir(other / ".git"))
    assert after == before


@pytest.mark.parametrize(("parts", "code"), [(("objects",), 0), (("objects", "refs"), 4)])
def test_what_only_looks_like_a_repository_leads_to_none_around_it(
    parts: tuple[str, ...], code: int, tmp_path: Path
) -> None:
    """Below a folder with a colon in its name, which ends a list of folders for git."""
    own = tmp_path / "own"
    tree = small.tree(own / "a:b/tree")
    small.commit(own)
    before = git(own, "log", "--format=%H"), git(own, "ls-files", "-s")
    for part in parts:
        (tree / ".git" / part).mkdir(parents=True)
    (tree / ".git/HEAD").touch()
    result = run("apply", tree, *small.pack(tmp_path / "pack"), "--commit", "--allow-dirty")
    now = git(own, "log", "--format=%H"), git(own, "ls-files", "-s")
    assert (result.exit_code, now == before) == (code, code == 4)
    if code == 0:  # it is of the repository around it, and so are its commits
        assert {line.split("\t")[1] for line in now[1].splitlines()} == {
            f"a:b/tree/{path}" for path in small.TREE
        }
