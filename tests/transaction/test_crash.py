"""A process that is killed at each of its file operations in turn."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from patcher import transaction
from patcher.errors import RecoveryError, WriteError
from patcher.model import Change
from patcher.resources import VENDOR
from patcher.transaction import hold
from patcher.tree.files import Tree
from tests.commands import contents, git, run
from tests.transaction.test_transaction import AFTER, CHANGES, FILES, everything, planted

# Calls of the operating system that change a file, a folder, or what is on the disk.
OPERATIONS = {
    *("open", "write", "fsync", "replace", "rename", "unlink", "link", "mkdir", "rmdir"),
    *("fchmod", "fchown", "ftruncate", "fork_exec"),
}


def killed_at(count: int, work: Callable[[], object]) -> bool:
    """Do the work in a process that is killed when it starts its operation `count`, from 0."""
    child = os.fork()
    if child == 0:
        left = count

        def watch(frame: FrameType, event: str, call: object) -> None:
            nonlocal left
            system = getattr(call, "__module__", "") in ("posix", "_posixsubprocess")
            walks = frame.f_code.co_name == "_folder"  # opens folders, to read
            name = getattr(call, "__name__", "")
            if event == "c_call" and system and name in OPERATIONS and not walks:
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1

        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.setprofile(watch)
        try:
            work()
        finally:
            sys.setprofile(None)
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def test_a_transaction_is_old_or_new_wherever_it_is_killed(tmp_path: Path) -> None:
    seen, said, count = set(), set(), 0
    while True:
        tree = planted(tmp_path / str(count))

        def work(tree: Tree = tree) -> None:
            with hold(tree, "a test") as held:
                transaction.commit(held, CHANGES)

        if not killed_at(count, work):
            break
        said.add(transaction.recover(tree).rpartition("; it was ")[2])
        now = everything(tree)
        assert now in (FILES, AFTER), count
        assert not (tree.root / ".effpatch").exists()
        seen.add(now == AFTER)
        assert transaction.recover(tree) == ""
        count += 1
    assert count > 40
    assert seen == {True, False}
    assert said == {"undone", "finished", ""}


@pytest.mark.parametrize("stage", ["staging", "renaming", "finishing", "undoing"])
def test_a_recovery_may_be_killed_too(stage: str, tmp_path: Path) -> None:
    """Killed in each stage, then at every operation of its recovery, then recovered."""
    start, count = cut_off(stage, tmp_path / "start", 2), 0
    while True:
        tree = copied(start, tmp_path / str(count))
        again = killed_at(count, lambda tree=tree: transaction.recover(tree))  # type: ignore[misc]
        transaction.recover(tree)
        wanted = (AFTER,) if stage in ("renaming", "finishing") else (FILES,)
        assert everything(tree) in wanted, count
        assert not (tree.root / ".effpatch").exists()
        if not again:
            break
        count += 1
    assert count > 5


@pytest.mark.parametrize(
    ("operations", "edited", "wanted"),
    [
        pytest.param(1, "sub/b.py", FILES, id="before it was changed"),
        pytest.param(5, "a.py", AFTER, id="after it was changed"),
    ],
)
def test_what_was_edited_since_a_crash_is_kept(
    operations: int, edited: str, wanted: dict[str, bytes], tmp_path: Path
) -> None:
    tree = cut_off("renaming", tmp_path / "tree", operations)
    (tree.root / "mine.py").write_bytes(b"mine\n")
    (tree.root / "mine.py").replace(tree.root / edited)
    transaction.recover(tree)
    assert everything(tree) == {**wanted, edited: b"mine\n"}


def test_edits_that_bar_both_ways_are_not_overwritten(tmp_path: Path) -> None:
    tree = cut_off("renaming", tmp_path / "tree", 5)
    assert everything(tree)["a.py"] == AFTER["a.py"]
    assert everything(tree)["sub/b.py"] == FILES["sub/b.py"]
    for path in ("a.py", "sub/b.py"):
        (tree.root / path).unlink()
        (tree.root / path).write_bytes(b"mine\n")
    with pytest.raises(RecoveryError, match=r"a.py: edited since a run was interrupted") as said:
        transaction.recover(tree)
    assert (tree.root / "a.py").read_bytes() == b"mine\n"
    advice = re.search(r"move (\S+) in its place", str(said.value))
    assert advice
    (tree.root / advice[1]).replace(tree.root / "a.py")
    assert "it was undone" in transaction.recover(tree)
    assert everything(tree) == {**FILES, "sub/b.py": b"mine\n"}


SOME = ("--only", "dataloader-1", "--only", "dataloader-2", "--only", "utils-1")
COMMIT = ("--only", "utils-1", "--only", "init-1", "--commit-per-rule")

BRANCH = ("--only", "utils-1", "--commit", "--branch", "hpu")


def versioned(root: Path) -> Path:
    """The miniature as a repository with an author of its own."""
    shutil.copytree(VENDOR / "miniature", root)
    git(root, "init", "--quiet", "--initial-branch", "main")
    git(root, "config", "user.name", "tester")
    git(root, "config", "user.email", "tester@localhost")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "the miniature")
    return root


def whole(root: Path) -> dict[str, object]:
    """Every file outside `.git`, and what git says of the tree."""
    files = (file for file in root.rglob("*") if not file.is_dir() and ".git" not in file.parts)
    found: dict[str, object] = {str(f.relative_to(root)): f.read_bytes() for f in files}
    if (root / ".git").exists():
        found["status"] = git(root, "status", "--porcelain")
        found["subjects"] = git(root, "log", "--format=%s")
        found["branch"] = git(root, "branch", "--show-current")
    return found


@pytest.mark.parametrize(
    ("under_git", "command", "options"),
    [
        pytest.param(False, "apply", SOME, id="apply"),
        pytest.param(False, "revert", (), id="revert"),
        pytest.param(True, "apply", SOME, id="apply under git"),
        pytest.param(True, "revert", (), id="revert under git"),
        pytest.param(True, "apply", COMMIT, id="apply with commits"),
        pytest.param(True, "apply", BRANCH, id="apply on a branch"),
    ],
)
def test_a_command_is_old_or_new_wherever_it_is_killed(
    under_git: bool, command: str, options: tuple[str, ...], tmp_path: Path
) -> None:
    """The next `status` recovers the tree, and a further one finds it so."""
    start = tmp_path / "start"
    versioned(start) if under_git else shutil.copytree(VENDOR / "miniature", start)
    if command == "revert":
        assert run("apply", start, *SOME).exit_code == 0
    done = shutil.copytree(start, tmp_path / "done")
    assert run(command, done, *options).exit_code == 0
    old, new = whole(start), whole(done)
    assert old != new
    seen, count = set(), 0
    while True:
        copy = shutil.copytree(start, tmp_path / "copy")
        if not killed_at(count, lambda copy=copy: run(command, copy, *options)):  # type: ignore[misc]
            break
        assert run("status", copy).exit_code == 1
        now = whole(copy)
        assert now in (old, new), count
        assert not list(copy.rglob("*effpatch")), count
        assert transaction.recover(Tree(str(copy), copy)) == ""
        assert whole(copy) == now
        seen.add(now == new)
        shutil.rmtree(copy)
        count += 1
    assert whole(copy) == new
    assert seen == {True, False}


STEPS = (
    '{"files": [{"target": "%s", "new": "%s", "old": "", "before": "", "after": "%s"}], '
    '"commits": null}'
)


@pytest.mark.parametrize("stage", ["staging", "renaming", "finishing", "undoing"])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[", id="cut off"),
        pytest.param('{"a": 1}', id="another thing"),
        pytest.param(
            STEPS % ("a.py", "../victim", ""),
            id="about a file outside",
        ),
        pytest.param(
            STEPS % ("../planted", "a.py", "z"),
            id="to a place outside",
        ),
        pytest.param(STEPS % ("a\\u0000.py", "", "z"), id="of no name"),
        pytest.param(STEPS % ("a\\ud800.py", "", "z"), id="of no name that can be written"),
        pytest.param("[" * 100_000, id="deeply nested"),
        pytest.param('{"files": [], "commits": {"branch": "HEAD"}}', id="of no commits"),
        pytest.param(
            '{"files": [], "commits": {"branch": "", "base": "--all", "tip": "x", '
            '"before": {}, "after": {}}}',
            id="of commits that git would take for options",
        ),
    ],
)
def test_what_is_no_journal_of_the_tree_is_not_followed(
    stage: str, text: str, tmp_path: Path
) -> None:
    tree = planted(tmp_path / "tree")
    (tmp_path / "victim").write_text("mine")
    folder = tree.root / ".effpatch"
    folder.mkdir()
    (folder / f"journal.{stage}").write_text(text)
    with pytest.raises(RecoveryError, match="not a journal"):
        transaction.recover(tree)
    assert (tmp_path / "victim").read_text() == "mine"
    assert not (tmp_path / "planted").exists()
    assert (tree.root / "a.py").read_bytes() == FILES["a.py"]


def cut_off(stage: str, root: Path, operations: int) -> Tree:
    """A tree in which a run was killed some operations after its journal said a stage."""
    tree = planted(root)

    replace = os.replace

    def refuse(source: str, target: str, **folders: int) -> None:
        if target == "b.py" and source.endswith(".new"):
            raise OSError(5, "Input/output error")
        replace(source, target, **folders)

    def work() -> None:
        if stage == "undoing":  # what a run does once it cannot go on; in the child alone
            os.replace = refuse  # type: ignore[assignment]
        with hold(tree, "a test") as held:
            transaction.commit(held, CHANGES)

    count, late = 0, 0
    while late < operations:
        shutil.rmtree(root)
        planted(root)
        assert killed_at(count, work)
        count += 1
        late += bool(list(root.glob(f".effpatch/journal.{stage}")))
    return tree


def copied(tree: Tree, root: Path) -> Tree:
    """A copy of a tree with whatever a run has left in it, hard links among that."""
    subprocess.run(["cp", "-a", tree.root, root], check=True)
    return Tree(str(root), root.resolve())


@pytest.mark.parametrize(
    ("stage", "operations", "found", "after"),
    [
        pytest.param("renaming", 5, "it was finished", AFTER, id="finished"),
        pytest.param("undoing", 2, "it was undone", FILES, id="undone"),
    ],
)
def test_whoever_takes_the_lock_recovers_first(
    stage: str, operations: int, found: str, after: dict[str, bytes], tmp_path: Path
) -> None:
    tree = cut_off(stage, tmp_path / "tree", operations)
    assert everything(tree) != after
    with hold(tree, "a test") as held:
        assert everything(tree) == after
        assert found in held.recovered
    with hold(tree, "a test") as held:
        assert held.recovered == ""


def test_a_change_on_top_of_a_crash_is_made_whole(tmp_path: Path) -> None:
    tree = cut_off("renaming", tmp_path / "tree", 5)
    with hold(tree, "a test") as held:
        transaction.commit(held, [Change("a.py", AFTER["a.py"], b"a = 3\n")])
    assert everything(tree) == {**AFTER, "a.py": b"a = 3\n"}


def test_an_edit_after_a_crash_before_any_change_is_kept(tmp_path: Path) -> None:
    tree = cut_off("staging", tmp_path / "tree", 3)
    (tree.root / "mine.py").write_bytes(b"mine\n")
    (tree.root / "mine.py").replace(tree.root / "a.py")  # as editors save
    assert "it was undone" in transaction.recover(tree)
    assert everything(tree) == {**FILES, "a.py": b"mine\n"}


def test_files_put_back_after_a_crash_have_the_run_undone(tmp_path: Path) -> None:
    tree = cut_off("renaming", tmp_path / "tree", 5)
    assert everything(tree)["a.py"] == AFTER["a.py"]
    for path, content in FILES.items():  # as `git checkout .` does
        (tree.root / path).unlink(missing_ok=True)
        (tree.root / path).write_bytes(content)
    assert "it was undone" in transaction.recover(tree)
    assert everything(tree) == FILES


def test_a_folder_of_its_own_that_is_a_link_is_not_entered(tmp_path: Path) -> None:
    tree = planted(tmp_path / "tree")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "journal.new").write_text("mine")
    (tree.root / ".effpatch").symlink_to(outside)
    with pytest.raises(WriteError, match="it is a link"):
        transaction.recover(tree)
    assert [file.name for file in outside.iterdir()] == ["journal.new"]


def test_a_lock_with_another_name_is_not_written(tmp_path: Path) -> None:
    tree = planted(tmp_path / "tree")
    (tmp_path / "outside").write_text("mine")
    (tree.root / ".effpatch").mkdir()
    os.link(tmp_path / "outside", tree.root / ".effpatch" / "lock")
    with pytest.raises(WriteError, match="it has other names"), hold(tree, "a test"):
        pass
    assert (tmp_path / "outside").read_text() == "mine"


def clean(tree: Path) -> None:
    git(tree, "clean", "-fdq")


def commit_another(tree: Path) -> None:
    (tree / "README.md").write_text("mine\n")
    git(tree, "commit", "--quiet", "--message", "mine", "README.md")


def commit_all(tree: Path) -> None:
    (tree / "README.md").write_text("mine\n")
    git(tree, "commit", "--quiet", "--all", "--message", "mine")


def branch_off(tree: Path) -> None:
    git(tree, "checkout", "--quiet", "-b", "mine")


def collect(tree: Path) -> None:
    git(tree, "gc", "--quiet", "--prune=now")


def reset(tree: Path) -> None:
    git(tree, "reset", "--quiet", "--hard")


ON_BRANCH = (*SOME, "--commit", "--branch", "hpu")


@pytest.fixture(scope="session")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree `old`, as `new` with commits on a branch, and as killed on the way, by numbers.

    The kills are those while files change and commits are adopted. The HEAD is detached, as the
    pin's is.
    """
    place = tmp_path_factory.mktemp("cut")
    old = versioned(place / "old")
    git(old, "checkout", "--quiet", "--detach")
    new = shutil.copytree(old, place / "new")
    assert run("apply", new, *ON_BRANCH).exit_code == 0
    for count in range(1000):
        tree = shutil.copytree(old, place / str(count))
        if not killed_at(count, lambda tree=tree: run("apply", tree, *ON_BRANCH)):  # type: ignore[misc]
            return place
    raise AssertionError("it does not end")


@pytest.mark.xdist_group("cut")
@pytest.mark.parametrize("act", [clean, commit_another, commit_all, branch_off, collect, reset])
def test_what_a_user_does_with_git_after_a_crash_is_kept(
    act: Callable[[Path], None], cut: Path, tmp_path: Path
) -> None:
    killed = [tree for tree in cut.iterdir() if (tree / ".git/effpatch/journal.renaming").exists()]
    assert len(killed) > 8
    both = [{**contents(cut / name), "README.md": b""} for name in ("old", "new")]
    for tree in killed:
        copy = shutil.copytree(tree, tmp_path / tree.name)
        act(copy)
        mine, branch = git(copy, "rev-parse", "HEAD"), git(copy, "branch", "--show-current")
        assert run("status", copy).exit_code == 1
        now = {**contents(copy), "README.md": b""}
        assert now in both, tree.name
        assert not (copy / ".git/effpatch").exists()
        git(copy, "merge-base", "--is-ancestor", mine.strip(), "HEAD")
        after = git(copy, "branch", "--show-current")
        assert after == branch or (after == "hpu\n" and act in (clean, collect, reset)), tree.name
        if now == both[0] and act is reset:
            assert run("apply", copy, *ON_BRANCH).exit_code == 0


def test_what_is_lost_after_a_crash_is_said(tmp_path: Path) -> None:
    """Both files of a run are gone, and another was put back: it can neither end nor be undone."""
    tree = cut_off("renaming", tmp_path / "tree", 5)
    assert everything(tree)["a.py"] == AFTER["a.py"]
    for file in (*tree.root.rglob("*.new"), *(tree.root / ".effpatch").glob("old.*")):
        file.unlink()
    with pytest.raises(RecoveryError, match=r"a.py: changed by a run that was interrupted"):
        transaction.recover(tree)
    (tree.root / "a.py").write_bytes(FILES["a.py"])
    assert "it was undone" in transaction.recover(tree)
    assert everything(tree) == FILES


@pytest.mark.parametrize("operations", range(1, 28, 3))
def test_edits_while_a_run_is_taken_back_are_kept(operations: int, tmp_path: Path) -> None:
    tree = cut_off("undoing", tmp_path / "tree", operations)
    (tree.root / "mine.py").write_bytes(b"mine\n")
    (tree.root / "mine.py").replace(tree.root / "sub/b.py")
    assert "it was undone" in transaction.recover(tree)
    assert everything(tree) == {**FILES, "sub/b.py": b"mine\n"}
