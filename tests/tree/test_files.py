"""The files of a tree, read and asked git about."""

import os
from pathlib import Path

import pytest

from patcher.errors import GitError, TreeError, WriteError
from patcher.tree.files import Tree, digest
from patcher.tree.git import ask, failed, try_to
from tests.commands import git

UTILS = "efficientdet/utils.py"


@pytest.fixture
def tree(repository: Path) -> Tree:
    """The miniature as a repository with one commit."""
    return Tree("tree", repository)


def test_reads_what_there_is(tree: Tree) -> None:
    content = (tree.root / UTILS).read_bytes()
    assert tree.read([UTILS, "nowhere.py", f"{UTILS}/below.py"]) == {UTILS: content}
    assert tree.present([UTILS, "nowhere.py"]) == [UTILS]


@pytest.mark.parametrize("target", ["nowhere", UTILS], ids=["to nowhere", "in a circle"])
def test_a_link_that_leads_nowhere_is_there_but_cannot_be_read(target: str, tree: Tree) -> None:
    (tree.root / UTILS).unlink()
    (tree.root / UTILS).symlink_to(tree.root / target)
    assert tree.present([UTILS]) == [UTILS]
    with pytest.raises(TreeError, match=f"^{UTILS}: cannot be read"):
        tree.read([UTILS])


def test_a_link_inside_is_followed_and_one_out_is_not(tree: Tree, tmp_path: Path) -> None:
    (tree.root / "inside.py").symlink_to(UTILS)
    assert tree.real("inside.py") == UTILS
    (tmp_path / "outside.py").touch()
    (tree.root / "out.py").symlink_to(tmp_path / "outside.py")
    with pytest.raises(TreeError, match="replace the link by a copy"):
        tree.target("out.py")
    with pytest.raises(TreeError, match="correct the path"):
        tree.target("../outside.py")


def test_a_new_file_needs_room(tree: Tree) -> None:
    assert tree.new_target("some/new.py") == tree.root / "some/new.py"
    for path in (UTILS, f"{UTILS}/new.py"):
        with pytest.raises(WriteError, match="something of that name"):
            tree.new_target(path)


def test_python_files_are_those_of_the_tree_itself(tree: Tree) -> None:
    (tree.root / ".hidden").mkdir()
    (tree.root / ".hidden" / "a.py").touch()
    (tree.root / "link.py").symlink_to(UTILS)
    (tree.root / "notes.txt").touch()
    found = tree.python_files()
    assert UTILS in found
    assert not {".hidden/a.py", "link.py", "notes.txt"} & set(found)


def test_git_knows_what_it_could_not_restore(tree: Tree) -> None:
    paths = [UTILS, "efficientdet/main.py", "new.py"]
    assert tree.uncommitted(paths[:2]) == tree.modified() == []
    assert tree.committed(tree.python_files(), ()) == {}
    before = (tree.root / UTILS).read_bytes()
    (tree.root / UTILS).write_bytes(b"edited = 1\n")
    (tree.root / "new.py").write_bytes(b"new = 1\n")
    assert tree.uncommitted(paths) == [UTILS, "new.py"]
    assert tree.uncommitted([]) == []
    assert tree.modified() == [UTILS]
    assert tree.committed(tree.python_files(), ()) == {UTILS: before, "new.py": None}
    assert tree.committed(tree.python_files(), [UTILS]) == {"new.py": None}


def test_the_commit_is_that_of_the_checkout(tree: Tree, tmp_path: Path) -> None:
    assert tree.commit() == git(tree.root, "rev-parse", "HEAD").strip()
    assert Tree("plain", tmp_path).commit() is None


def test_a_hook_of_another_repository_changes_nothing(
    tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head, other = tree.commit(), tmp_path / "other"
    git(tmp_path, "init", "--quiet", str(other))
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    assert (tree.commit(), tree.modified()) == (head, [])
    assert os.environ["GIT_DIR"] == str(other / ".git"), "it is the caller's"


def test_git_says_why_it_fails(tree: Tree) -> None:
    with pytest.raises(GitError, match="git failed: bad revision 'nothing'"):
        ask(tree.root, "rev-parse", "nothing", "--")
    assert try_to(tree.root, "rev-parse", "--verify", "--quiet", "nothing") == (1, b"")


@pytest.mark.parametrize(
    ("said", "shown"),
    [("no such path.", "no such path"), ("and so on...", "and so on..."), ("plain", "plain")],
)
def test_the_full_stop_of_git_does_not_stand_before_a_semicolon(said: str, shown: str) -> None:
    assert str(failed("here", said)) == f"here: git failed: {shown}; fix that and run again"


def test_an_unknown_commit_is_named() -> None:
    said = f"git upload-pack: not our ref {'0' * 40}"
    found = f"here: no commit {'0' * 40} there; correct the address or the commit"
    assert str(failed("here", said)) == found


def test_no_file_has_no_digest() -> None:
    assert (digest(None), len(digest(b""))) == ("", 64)
