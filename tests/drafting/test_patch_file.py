"""Unified diffs, applied to the files of a tree."""

import subprocess
from pathlib import Path

import pytest

from patcher.drafting.from_port.patch_file import patched
from patcher.drafting.trees import Entry, read_tree
from patcher.errors import TreeError
from tests.commands import git
from tests.small import commit

OLD = {"src/a.py": "a = 1\nb = 2\nc = 3\n", "src/gone.py": "x = 1\n", "odd name.txt": "one\n"}
NEW = {"src/a.py": "a = 1\nb = 3\nc = 3", "src/new.py": "y = 1\n", "odd name.txt": "two\n"}


LINK = Entry(b"/dev/null", is_link=True)


def written(folder: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def texts(tree: dict[str, Entry]) -> dict[str, str]:
    return {path: entry.content.decode() for path, entry in tree.items()}


def test_what_git_writes(tmp_path: Path) -> None:
    tree = written(tmp_path, OLD)
    commit(tree)
    before = read_tree(tree)
    (tree / "src/gone.py").unlink()
    written(tree, NEW)
    (tree / "src/new.py").chmod(0o755)
    git(tree, "add", ".")
    found = patched("port.diff", git(tree, "diff", "--cached").encode(), before)
    assert texts(found) == NEW
    assert found == read_tree(tree)


def test_renames(tmp_path: Path) -> None:
    tree = written(tmp_path, OLD)
    commit(tree)
    before = read_tree(tree)
    git(tree, "mv", "src/a.py", "src/b.py")
    diff = git(tree, "diff", "--cached", "-M").encode()
    assert "src/b.py" in patched("port.diff", diff, before)
    assert "src/a.py" not in patched("port.diff", diff, before)


def test_what_diff_writes(tmp_path: Path) -> None:
    for name, files in (("old", OLD), ("new", NEW)):
        written(tmp_path / name, files)
    command = ["diff", "-ruN", "old", "new"]
    diff = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).stdout
    assert texts(patched("port.diff", diff, read_tree(tmp_path / "old"))) == NEW


def test_a_hunk_may_have_moved() -> None:
    diff = b"--- a.py\n+++ a.py\n@@ -1,2 +1,2 @@\n b = 2\n-c = 3\n+c = 4\n"
    tree = {"a.py": Entry(b"a = 1\nb = 2\nc = 3\n")}
    assert texts(patched("d", diff, tree)) == {"a.py": "a = 1\nb = 2\nc = 4\n"}


@pytest.mark.parametrize(
    ("diff", "sentence"),
    [
        pytest.param("", "d: cannot be read as a diff (No valid patches in input", id="empty"),
        pytest.param("some words\n", "expected a unified diff, as `git diff`", id="no diff"),
        pytest.param(
            "--- a.py\n+++ a.py\n@@ -1 +1 @@\n-z = 1\n+z = 2\n",
            "d: does not fit the tree (patch failed: a.py:1); name the tree that the diff was made",
            id="other lines",
        ),
        pytest.param(
            "--- b.py\n+++ b.py\n@@ -1 +1 @@\n-z = 1\n+z = 2\n",
            "d: does not fit the tree (b.py: No such file or directory)",
            id="no file",
        ),
        pytest.param(
            "--- a.py\n+++ a.py\n@@ -1,3 +1 @@\n-a = 1\n", "(corrupt patch at line 5)", id="cut"
        ),
        pytest.param(
            "--- /dev/null\n+++ b/../../x.py\n@@ -0,0 +1 @@\n+a = 1\n", "x.py'", id="outside"
        ),
        pytest.param(
            "--- /dev/null\n+++ b/.git/config\n@@ -0,0 +1 @@\n+a = 1\n", ".git/config'", id="git's"
        ),
        pytest.param(
            "diff --git a/a.py b/a.py\nindex 1..2\nBinary files a/a.py and b/a.py differ\n",
            "a.py is binary",
            id="binary",
        ),
        pytest.param(
            "--- link.py\n+++ link.py\n@@ -1 +1 @@\n-a = 1\n+a = 2\n", "is a link", id="link"
        ),
    ],
)
def test_a_diff_that_does_not_fit(diff: str, sentence: str) -> None:
    with pytest.raises(TreeError) as caught:
        patched("d", diff.encode(), {"a.py": Entry(b"a = 1\nb = 2\n"), "link.py": LINK})
    assert sentence in str(caught.value)
