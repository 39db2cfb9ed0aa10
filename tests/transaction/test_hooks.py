"""`--commit` honours the user's hooks and signing, and commits in the middle of nothing."""

import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests import small
from tests.commands import INSTALLED, contents, git, run

OLD = {path: text.encode() for path, text in small.TREE.items()}
MIDST = {
    "MERGE_HEAD": "merge",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "rebase-merge/": "rebase",
    "rebase-apply/": "rebase or am",
    "BISECT_LOG": "bisect",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return small.tree(tmp_path / "tree", under_git=True)


@pytest.fixture
def pack(tmp_path: Path) -> tuple[str, ...]:
    return small.pack(tmp_path / "pack")


def hook(tree: Path, name: str, script: str) -> Path:
    file = tree / ".git/hooks" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return file


def state_of(tree: Path) -> tuple[object, ...]:
    questions = (("log", "--format=%H"), ("status", "--porcelain"), ("ls-files", "-s"), ("branch",))
    return contents(tree), *(git(tree, *question) for question in questions)


@pytest.mark.parametrize(
    "way", [("--commit",), ("--commit-per-rule",), ("--commit", "--branch", "b")]
)
@pytest.mark.parametrize("name", ["pre-commit", "prepare-commit-msg", "commit-msg"])
def test_a_hook_that_refuses_is_obeyed(
    name: str, way: tuple[str, ...], tree: Path, pack: tuple[str, ...]
) -> None:
    hook(tree, name, "echo 'no commits on Fridays' >&2; exit 1")
    before = state_of(tree)
    result = run("apply", tree, *pack, *way)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (4, "", 1)
    assert result.stderr == (
        f"{name}: the hook refused the commit (no commits on Fridays); "
        "do what it asks for, or apply without --commit\n"
    )
    assert state_of(tree) == before
    assert run("apply", tree, *pack).exit_code == 0


def test_hooks_see_what_is_committed(tree: Path, pack: tuple[str, ...], tmp_path: Path) -> None:
    log = tmp_path / "log"
    hook(tree, "pre-commit", f"git diff --cached >> '{log}'; cat src/app.py >> '{log}'")
    hook(tree, "commit-msg", 'echo "Signed-off-by: tester" >> "$1"')
    hook(tree, "post-commit", f"git log -1 --format=after:%s >> '{log}'")
    assert run("apply", tree, *pack, "--commit").exit_code == 0
    seen = log.read_text()
    assert "+A = 2" in seen
    assert "\nA = 2\nB = 2\n" in seen
    assert "after:Apply the edits of small" in seen
    assert git(tree, "log", "-1", "--format=%B").endswith("Signed-off-by: tester\n\n")
    assert git(tree, "status", "--porcelain") == ""


def test_hooks_where_the_user_keeps_them_are_obeyed(tree: Path, pack: tuple[str, ...]) -> None:
    hook(tree, "pre-commit", "exit 1")
    shutil.move(tree / ".git/hooks", tree / "our-hooks")
    git(tree, "config", "core.hooksPath", "our-hooks")
    assert run("apply", tree, *pack, "--commit").exit_code == 4


def test_a_hook_runs_once_the_user_asks_for_a_commit(
    tree: Path, pack: tuple[str, ...], tmp_path: Path
) -> None:
    hook(tree, "pre-commit", f"touch '{tmp_path}/ran'")
    assert run("apply", tree, *pack, "--commit", "--dry-run").exit_code == 0
    assert run("apply", tree, *pack).exit_code == 0
    assert not (tmp_path / "ran").exists()
    assert run("revert", tree).exit_code == 0
    assert run("apply", tree, *pack, "--commit").exit_code == 0
    assert (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("script", "why"),
    [
        pytest.param("echo 'A = 3' > src/app.py; exit 1", "", id="and refuses"),
        pytest.param(
            "echo 'A = 3' > src/app.py; git add src/app.py", "it changed what is to be committed",
            id="and adds it",
        ),
    ],
)  # fmt: skip
def test_what_a_hook_makes_of_a_file_is_kept_next_to_it(
    script: str, why: str, tree: Path, pack: tuple[str, ...]
) -> None:
    """As formatters do."""
    hook(tree, "pre-commit", script)
    before = state_of(tree)
    result = run("apply", tree, *pack, "--commit")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (4, "", 1)
    assert why in result.stderr
    (left,) = (tree / "src").glob(".app.py.*")
    assert result.stderr.endswith(f"; what it made of src/app.py is in {left}\n")
    assert left.read_text() == "A = 3\n"
    left.unlink()
    assert state_of(tree) == before


def test_what_a_hook_made_is_named_after_a_ctrl_c(tree: Path, pack: tuple[str, ...]) -> None:
    hook(tree, "pre-commit", "echo 'A = 3' > src/app.py; touch ../begun; exec sleep 60")
    before = state_of(tree)
    words = [str(INSTALLED), "apply", str(tree), *pack, "--commit"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as command:
        wait_for(tree.with_name("begun"))
        command.send_signal(signal.SIGINT)
        _, said = command.communicate()
    (left,) = (tree / "src").glob(".app.py.*")
    assert said == f"interrupted; what a hook made of src/app.py is in {left}\n"
    assert (command.returncode, left.read_text()) == (130, "A = 3\n")
    left.unlink()
    assert state_of(tree) == before


def wait_for(file: Path) -> None:
    end = time.monotonic() + 30
    while not file.exists():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("rm src/app.py; exit 1", id="removed"),
        pytest.param("rm src/app.py; exit 0", id="removed, and nothing refused"),
        pytest.param("git commit -q --no-verify --allow-empty -m other", id="another commit"),
        pytest.param("git checkout -q -b other", id="another branch"),
        pytest.param("echo 1 > x; git add x", id="more is staged"),
    ],
)
def test_what_a_hook_does_meanwhile_never_leaves_a_part(
    script: str, tree: Path, pack: tuple[str, ...]
) -> None:
    hook(tree, "pre-commit", f"unset GIT_INDEX_FILE; {script}")
    staged = git(tree, "ls-files", "-s", "src")
    result = run("apply", tree, *pack, "--commit")
    if result.exit_code == 0:
        assert git(tree, "show", "HEAD:src/app.py") == "A = 2\nB = 2\n"
        assert git(tree, "diff", "HEAD", "--stat", "--", "src/tools.py") == ""
        return
    now = {path: contents(tree)[path] for path in small.TREE}
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (4, "", 1)
    assert now == OLD
    assert git(tree, "ls-files", "-s", "src") == staged
    assert git(tree, "log", "--format=%s").splitlines()[-1] == "all"
    assert "Apply the edits" not in git(tree, "log", "--all", "--format=%s")


def test_commits_are_signed_where_the_user_wants_that(
    tree: Path, pack: tuple[str, ...], tmp_path: Path
) -> None:
    program = tmp_path / "gpg"
    program.write_text(
        "#!/bin/sh\ncat > /dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\n"
        "for line in '-----BEGIN PGP SIGNATURE-----' '' 'a test' '-----END PGP SIGNATURE-----'\n"
        'do echo "$line"; done\n'
    )
    program.chmod(0o755)
    git(tree, "config", "gpg.program", str(program))
    git(tree, "config", "commit.gpgSign", "true")
    assert run("apply", tree, *pack, "--commit-per-rule").exit_code == 0
    commits = git(tree, "rev-list", "HEAD").split()
    assert len(commits) == 4
    for commit in commits[:3]:
        assert "gpgsig -----BEGIN PGP SIGNATURE-----" in git(tree, "cat-file", "commit", commit)
    program.write_text("#!/bin/sh\nexit 1\n")
    before = state_of(tree)
    assert run("revert", tree).exit_code == 0
    git(tree, "add", ".")
    git(tree, "commit", "--quiet", "--no-gpg-sign", "--message", "back")
    before = state_of(tree)
    assert run("apply", tree, *pack, "--commit").exit_code == 4
    assert state_of(tree) == before


@pytest.mark.parametrize("name", MIDST)
def test_in_the_middle_of_something_nothing_is_committed(
    name: str, tree: Path, pack: tuple[str, ...]
) -> None:
    place = tree / ".git" / name
    if name.endswith("/"):
        place.mkdir()
    else:
        place.write_text(git(tree, "rev-parse", "HEAD"))
    before = contents(tree)
    result = run("apply", tree, *pack, "--commit")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (4, "", 1)
    assert f"a {MIDST[name]} has not ended; finish or abort it first" in result.stderr
    assert contents(tree) == before == OLD
    assert run("apply", tree, *pack).exit_code == 0
