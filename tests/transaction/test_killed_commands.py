"""Commands that are killed before each of their changes in turn, and what users do then."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from patcher import transaction
from patcher.resources import VENDOR
from patcher.tree import state
from patcher.tree.files import Tree
from tests import small
from tests.commands import contents, git, run
from tests.transaction.kills import copied, killed, whole

COMMIT = ("--commit-per-rule",)
BRANCH = ("--commit", "--branch", "hpu")


@dataclass(frozen=True)
class Kind:
    """A kind of tree: how one is made, the options that name its pack and some rules of it."""

    make: Callable[[Path], Path]
    pack: tuple[str, ...]
    some: tuple[str, ...]

    def start(self, root: Path, *, under_git: bool) -> Path:
        tree = self.make(root)
        if under_git:
            small.commit(tree)
        return tree


@pytest.fixture(
    scope="session", params=["small", pytest.param("miniature", marks=pytest.mark.long)]
)
def kind(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Kind:
    if request.param == "small":
        return Kind(small.tree, small.pack(tmp_path_factory.mktemp("packs") / "small"), small.SOME)
    some = ("--only", "dataloader-1", "--only", "dataloader-2", "--only", "utils-1")
    return Kind(lambda root: shutil.copytree(VENDOR / "miniature", root), (), some)


@pytest.mark.parametrize(
    ("under_git", "command", "options"),
    [
        pytest.param(False, "apply", (), id="apply"),
        pytest.param(False, "revert", (), id="revert"),
        pytest.param(True, "apply", (), id="apply under git"),
        pytest.param(True, "revert", (), id="revert under git"),
        pytest.param(True, "apply", COMMIT, id="apply with commits"),
        pytest.param(True, "apply", BRANCH, id="apply on a branch"),
    ],
)
def test_a_command_is_old_or_new_wherever_it_is_killed(
    under_git: bool, command: str, options: tuple[str, ...], kind: Kind, tmp_path: Path
) -> None:
    """The next `status` recovers the tree, and a further command finds nothing to recover."""
    start = kind.start(tmp_path / "start", under_git=under_git)
    if command == "revert":
        assert run("apply", start, *kind.pack, *kind.some).exit_code == 0
    else:
        options = (*kind.pack, *kind.some, *options)
    done = copied(start, tmp_path / "done")
    assert run(command, done, *options).exit_code == 0
    old, new = whole(start), whole(done)
    assert old != new
    seen = []
    for copy in killed(start, lambda copy: run(command, copy, *options)):
        assert run("status", copy, *kind.pack).exit_code == 1
        assert set(state.names(Tree(str(copy), copy))) <= {state.RECEIPT}, copy
        assert transaction.recover(Tree(str(copy), copy)) == ""
        now = whole(copy)
        assert now in (old, new), copy
        seen.append(now == new)
        shutil.rmtree(copy)
    assert seen == sorted(seen), "from some kill on it is new"
    assert set(seen[:-1]) == {True, False}
    assert seen[-1], "no kill"


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


@pytest.fixture(scope="session")
def cut(kind: Kind, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree `old`, as `new` with commits on a branch, and as killed on the way, by numbers.

    The kills are those while files change and commits are adopted. The HEAD is detached, as the
    pin's is.
    """
    place = tmp_path_factory.mktemp("cut")
    old = kind.start(place / "old", under_git=True)
    git(old, "checkout", "--quiet", "--detach")
    *_, new = killed(old, lambda copy: run("apply", copy, *kind.pack, *kind.some, *BRANCH))
    new.rename(place / "new")
    return place


@pytest.mark.xdist_group("cut")
@pytest.mark.parametrize("act", [clean, commit_another, commit_all, branch_off, collect, reset])
def test_what_a_user_does_with_git_after_a_crash_is_kept(
    act: Callable[[Path], None], kind: Kind, cut: Path, tmp_path: Path
) -> None:
    cut_off = [tree for tree in cut.iterdir() if (tree / ".git/effpatch/journal.renaming").exists()]
    assert len(cut_off) > 8
    both = [{**contents(cut / name), "README.md": b""} for name in ("old", "new")]
    for tree in cut_off:
        copy = shutil.copytree(tree, tmp_path / tree.name)
        act(copy)
        mine, branch = git(copy, "rev-parse", "HEAD"), git(copy, "branch", "--show-current")
        assert run("status", copy, *kind.pack).exit_code == 1
        now = {**contents(copy), "README.md": b""}
        assert now in both, tree.name
        assert set(state.names(Tree(str(copy), copy))) <= {state.RECEIPT}
        git(copy, "merge-base", "--is-ancestor", mine.strip(), "HEAD")
        if act is commit_all:
            assert git(copy, "diff", "--cached", "--name-only") == "", "all is in the commit"
        after = git(copy, "branch", "--show-current")
        assert after == branch or (after == "hpu\n" and act in (clean, collect, reset)), tree.name
        if now == both[0] and act is reset:
            assert run("apply", copy, *kind.pack, *kind.some, *BRANCH).exit_code == 0
