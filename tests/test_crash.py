"""A process that is killed at each of its file operations in turn."""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from patcher import transaction
from patcher.checkout import VENDOR
from patcher.errors import BadJournal, Interrupted, Unwritable
from patcher.lock import hold
from patcher.tree import Tree
from tests.commands import run
from tests.test_transaction import AFTER, CHANGES, FILES, everything, planted

# Calls of the operating system that change a file, a folder, or what is on the disk.
OPERATIONS = {
    *("open", "write", "fsync", "replace", "rename", "unlink", "link", "mkdir", "rmdir"),
    *("fchmod", "fchown", "ftruncate"),
}


def killed_at(count: int, work: Callable[[], object]) -> bool:
    """Do the work in a process that is killed when it starts its operation `count`, from 0."""
    child = os.fork()
    if child == 0:
        left = count

        def watch(frame: object, event: str, call: object) -> None:
            nonlocal left
            system = getattr(call, "__module__", "") == "posix"
            if event == "c_call" and system and getattr(call, "__name__", "") in OPERATIONS:
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
            with hold(tree, "a test") as folder:
                transaction.commit(tree, CHANGES, folder)

        if not killed_at(count, work):
            break
        said.add((transaction.recover(tree) or "").rpartition("; it was ")[2])
        now = everything(tree)
        assert now in (FILES, AFTER), count
        assert not (tree.root / ".effpatch").exists()
        seen.add(now == AFTER)
        assert transaction.recover(tree) is None
        count += 1
    assert count > 40
    assert seen == {True, False}
    assert said == {"undone", "finished", ""}


def test_a_recovery_may_be_killed_too(tmp_path: Path) -> None:
    """Killed at a late operation, then killed while it is mended, then mended."""
    for first in (20, 30, 36):
        for second in range(40):
            tree = planted(tmp_path / f"{first}-{second}")

            def work(tree: Tree = tree) -> None:
                with hold(tree, "a test") as folder:
                    transaction.commit(tree, CHANGES, folder)

            def mend(tree: Tree = tree) -> None:
                transaction.recover(tree)

            assert killed_at(first, work)
            again = killed_at(second, mend)
            transaction.recover(tree)
            assert everything(tree) in (FILES, AFTER)
            assert not (tree.root / ".effpatch").exists()
            if not again:
                break


def test_what_was_edited_since_a_crash_is_not_overwritten(tmp_path: Path) -> None:
    tree = planted(tmp_path / "tree")

    def work() -> None:
        with hold(tree, "a test") as folder:
            transaction.commit(tree, CHANGES, folder)

    count = 0
    while killed_at(count, work) and not list(tree.root.glob(".effpatch/journal.renaming")):
        shutil.rmtree(tree.root)
        planted(tree.root)
        count += 1
    (tree.root / "a.py").write_bytes(b"mine\n")
    with pytest.raises(Interrupted, match=r"a.py: edited since a run was cut off"):
        transaction.recover(tree)
    assert (tree.root / "a.py").read_bytes() == b"mine\n"
    (tree.root / "a.py").write_bytes(FILES["a.py"])
    assert "it was finished" in (transaction.recover(tree) or "")
    assert everything(tree) == AFTER


SOME = ("--only", "dataloader-2", "--only", "utils-1", "--only", "init-1")


def whole(root: Path) -> dict[str, bytes]:
    files = (file for file in root.rglob("*") if not file.is_dir())
    return {str(file.relative_to(root)): file.read_bytes() for file in files}


@pytest.mark.parametrize("command", ["apply", "revert"])
def test_a_command_is_old_or_new_wherever_it_is_killed(command: str, tmp_path: Path) -> None:
    """The next `status` mends the tree, and a further one finds it so."""
    trees = {"revert": shutil.copytree(VENDOR / "miniature", tmp_path / "unpatched")}
    trees["apply"] = shutil.copytree(VENDOR / "miniature", tmp_path / "patched")
    assert run("apply", trees["apply"], *SOME).exit_code == 0
    start = trees["revert" if command == "apply" else "apply"]
    old, new = whole(start), whole(trees[command])
    arguments = SOME if command == "apply" else ()
    seen, count = set(), 0
    while True:
        copy = shutil.copytree(start, tmp_path / "copy")
        if not killed_at(count, lambda copy=copy: run(command, copy, *arguments)):  # type: ignore[misc]
            break
        assert run("status", copy).exit_code == 1
        now = whole(copy)
        assert now in (old, new), count
        assert not (copy / ".effpatch").exists()
        assert run("status", copy).stderr == ""
        assert whole(copy) == now
        seen.add(now == new)
        shutil.rmtree(copy)
        count += 1
    assert whole(copy) == new
    assert seen == {True, False}


@pytest.mark.parametrize("stage", ["staging", "renaming", "undoing"])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[", id="cut off"),
        pytest.param('{"a": 1}', id="another thing"),
        pytest.param(
            '[{"target": "a.py", "new": "../victim", "old": "", "before": "", "after": ""}]',
            id="about a file outside",
        ),
        pytest.param(
            '[{"target": "../planted", "new": "a.py", "old": "", "before": "", "after": "z"}]',
            id="to a place outside",
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
    with pytest.raises(BadJournal, match="not a journal"):
        transaction.recover(tree)
    assert (tmp_path / "victim").read_text() == "mine"
    assert not (tmp_path / "planted").exists()
    assert (tree.root / "a.py").read_bytes() == FILES["a.py"]


def cut_off(stage: str, root: Path, operations: int) -> Tree:
    """A tree in which a run was killed some operations after its journal said a stage."""
    tree = planted(root)

    def work() -> None:
        with hold(tree, "a test") as folder:
            transaction.commit(tree, CHANGES, folder)

    count, late = 0, 0
    while late < operations:
        shutil.rmtree(root)
        planted(root)
        assert killed_at(count, work)
        count += 1
        late += bool(list(root.glob(f".effpatch/journal.{stage}")))
    return tree


def test_an_edit_after_a_crash_before_any_change_is_kept(tmp_path: Path) -> None:
    tree = cut_off("staging", tmp_path / "tree", 3)
    (tree.root / "mine.py").write_bytes(b"mine\n")
    (tree.root / "mine.py").replace(tree.root / "a.py")  # as editors save
    assert "it was undone" in (transaction.recover(tree) or "")
    assert everything(tree) == {**FILES, "a.py": b"mine\n"}


def test_files_put_back_after_a_crash_have_the_run_undone(tmp_path: Path) -> None:
    tree = cut_off("renaming", tmp_path / "tree", 5)
    assert everything(tree)["a.py"] == AFTER["a.py"]
    for path, content in FILES.items():  # as `git checkout .` does
        (tree.root / path).unlink(missing_ok=True)
        (tree.root / path).write_bytes(content)
    assert "it was undone" in (transaction.recover(tree) or "")
    assert everything(tree) == FILES


def test_a_folder_of_its_own_that_is_a_link_is_not_entered(tmp_path: Path) -> None:
    tree = planted(tmp_path / "tree")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "journal.new").write_text("mine")
    (tree.root / ".effpatch").symlink_to(outside)
    with pytest.raises(Unwritable, match="it is a link"):
        transaction.recover(tree)
    assert [file.name for file in outside.iterdir()] == ["journal.new"]


def test_a_lock_with_another_name_is_not_written(tmp_path: Path) -> None:
    tree = planted(tmp_path / "tree")
    (tmp_path / "outside").write_text("mine")
    (tree.root / ".effpatch").mkdir()
    os.link(tmp_path / "outside", tree.root / ".effpatch" / "lock")
    with pytest.raises(Unwritable, match="it has other names"), hold(tree, "a test"):
        pass
    assert (tmp_path / "outside").read_text() == "mine"
