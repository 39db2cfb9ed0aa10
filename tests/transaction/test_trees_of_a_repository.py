"""A repository, and a folder in it that is named as a tree of its own, with the same files."""

import shutil
from pathlib import Path

import pytest

from patcher.errors import LockedError, RecoveryError
from patcher.transaction import hold
from patcher.tree import state
from patcher.tree.files import Tree
from tests import small
from tests.commands import contents, git, run
from tests.transaction.kills import copied, killed_at, whole

INNER = ("--root", ".")
SAMPLE = 7  # of so many changes, one in the quick tests
ENOUGH = [SAMPLE, pytest.param(1, marks=pytest.mark.long)]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return small.tree(tmp_path / "tree", under_git=True)


@pytest.fixture
def pack(tmp_path: Path) -> tuple[str, ...]:
    return small.pack(tmp_path / "pack")


def killed(tree: Path, pack: tuple[str, ...]) -> Path:
    """The tree, with the journal of an `apply` to its inner folder that was changing files."""
    src, waiting = tree / "src", state.folder_of(Tree("tree", tree)) / "journal.renaming"
    for count in range(60):
        copy = copied(tree, tree.with_name("killed"))
        inner = copy / "src"
        assert killed_at(count, lambda inner=inner: run("apply", inner, *INNER, *pack))  # type: ignore[misc]
        waiting = state.folder_of(Tree("copy", copy)) / "journal.renaming"
        if waiting.exists() and (inner / "app.py").read_bytes() != (src / "app.py").read_bytes():
            return copy
        shutil.rmtree(copy)
    pytest.fail("no file was changed")


def test_both_have_one_lock(tree: Path, pack: tuple[str, ...]) -> None:
    before = contents(tree)
    inner = Tree(str(tree / "src"), tree / "src")
    with hold(inner, "effpatch apply"):
        result = run("apply", tree, *pack)
        assert (result.exit_code, result.stdout) == (4, "")
        assert "in use by effpatch apply, process " in result.stderr
    with hold(Tree(str(tree), tree), "a test"), pytest.raises(LockedError):
        hold(inner, "another").__enter__()
    assert contents(tree) == before


@pytest.mark.parametrize("step", ENOUGH)
@pytest.mark.parametrize("outer_first", [True, False], ids=["outer killed", "inner killed"])
def test_one_completes_or_undoes_what_was_begun_in_the_other(
    outer_first: bool, step: int, tree: Path, pack: tuple[str, ...]
) -> None:
    new = copied(tree, tree.with_name("new"))
    assert run("apply", new, *pack).exit_code == 0
    ends, count, again = (contents(tree), contents(new)), 0, True
    seen = set[int]()
    while again:
        copy = copied(tree, tree.with_name(f"tree-{count}"))
        names = [(copy,), (copy / "src", *INNER)]
        first, second = names if outer_first else names[::-1]
        again = killed_at(count, lambda first=first: run("apply", *first, *pack))  # type: ignore[misc]
        said = run("status", *second, *pack).stderr
        seen.add(ends.index(contents(copy)))
        kept = state.names(Tree("copy", copy))
        assert all(name.startswith(state.RECEIPT) for name in kept), said
        assert said.startswith(f"{first[0]}: a run was interrupted") or not said
        if contents(copy) == ends[1]:
            assert run("revert", first[0]).exit_code == 0
        assert contents(copy) == ends[0]
        assert run("apply", *second, *pack).exit_code == 0
        assert run("revert", second[0]).exit_code == 0
        assert whole(copy) == whole(tree)
        count += step
    assert count > 3 * step
    assert seen == {0, 1}


@pytest.mark.parametrize("becomes", ["nothing", "a link"])
def test_a_folder_that_is_gone_is_asked_for(
    becomes: str, tree: Path, pack: tuple[str, ...]
) -> None:
    copy = killed(tree, pack)
    away = (copy / "src").rename(copy.with_name("away"))
    if becomes == "a link":
        (copy / "src").symlink_to(away)
    before = contents(away)
    with pytest.raises(RecoveryError) as caught:
        hold(Tree("copy", copy), "a test").__enter__()
    assert str(caught.value).startswith(f"{copy}/src: is no folder any more")
    assert f"or delete {copy}/.git/effpatch, and" in str(caught.value)
    assert contents(away) == before
    if becomes == "a link":
        (copy / "src").unlink()
    away.rename(copy / "src")
    result = run("revert", copy / "src")
    assert result.exit_code == 0
    assert "a run was interrupted while it changed files; it was finished" in result.stderr
    assert git(copy, "status", "--porcelain") == ""
