"""Two commands on one tree, of which one is stopped at a change and killed while the other runs.

Whichever change that is, the tree is the old one or the new one, and `revert` gives the old one.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from patcher.tree import state
from patcher.tree.files import Tree
from tests import small
from tests.commands import INSTALLED, run
from tests.transaction.kills import copied, stopped_at, whole

PAIRS = [
    *(("apply", "apply"), ("apply", "revert"), ("apply", "status"), ("apply", "diff")),
    *(("revert", "apply"), ("revert", "revert"), ("revert", "status"), ("revert", "verify")),
]
# How trees end where the second command is one that changes them.
ENDS = {"apply": {True}, "revert": {False}}
SAMPLE = 7  # of so many changes, one in the quick tests


class Trees(NamedTuple):
    """A tree before and after, and the options that name its pack and some rules of it."""

    old: Path
    new: Path
    pack: tuple[str, ...]

    def options(self, command: str) -> tuple[str, ...]:
        more = small.SOME if command == "apply" else ()
        return () if command == "revert" else (*self.pack, *more)


@pytest.fixture(params=[True, False], ids=["repository", "plain folder"])
def trees(request: pytest.FixtureRequest, tmp_path: Path) -> Trees:
    pack = small.pack(tmp_path / "pack")
    old = small.tree(tmp_path / "old", under_git=request.param)
    new = copied(old, tmp_path / "new")
    assert run("apply", new, *pack, *small.SOME).exit_code == 0
    return Trees(old, new, pack)


def goes_on(tree: Path, command: str, options: tuple[str, ...], first: int) -> tuple[int, str]:
    """The exit code and errors of a command that waits for another, which then is killed."""
    words = [sys.executable, str(INSTALLED), command, str(tree), *options]
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(words, **pipes) as second:  # type: ignore[call-overload]
        time.sleep(0.3)  # most of the time until it looks for the lock; it waits half a second
        os.kill(first, signal.SIGKILL)
        os.waitpid(first, 0)
        _, said = second.communicate()
    return second.returncode, said


def check(trees: Trees, tree: Path, first: str, second: str, ended: tuple[int, str]) -> bool:
    """See that nothing is lost once both have ended; whether the tree is patched."""
    code, said = ended
    old, new = ({**whole(each), "receipt": None} for each in (trees.old, trees.new))
    if code == 4 and second != "revert":  # it came too early, and says so
        assert "in use by" in said or "can no longer be" in said or "no rule has been" in said, said
    assert "Traceback" not in said
    assert run("status", tree, *trees.pack).exit_code == 1
    found = Tree(str(tree), tree)
    assert set(state.names(found)) <= {state.RECEIPT}
    now = whole(tree)
    patched = bool(now["receipt"])
    assert {**now, "receipt": None} == (new if patched else old), (first, second)
    if second == "apply" and code == 0:
        assert patched
    if second == "revert" and code == 0:
        assert not patched
    assert run("apply", tree, *trees.pack, *small.SOME).exit_code == 0
    assert run("revert", tree).exit_code == 0
    assert {**whole(tree), "receipt": None} == old
    return patched


def tried(
    trees: Trees, first: str, second: str, step: int, place: Callable[[int], Path]
) -> set[bool]:
    """Try changes of the first command, each `step`-th; gives whether trees ended patched."""
    count, seen = 0, set[bool]()
    while True:
        tree = copied(trees.old if first == "apply" else trees.new, place(count))
        stopped = stopped_at(count, lambda tree=tree: run(first, tree, *trees.options(first)))  # type: ignore[misc]
        if not stopped:
            assert count > 3 * step
            return seen
        ended = goes_on(tree, second, trees.options(second), stopped)
        seen.add(check(trees, tree, first, second, ended))
        count += step


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_one_of_two_is_killed_at_some_of_its_changes(
    first: str, second: str, trees: Trees, tmp_path: Path
) -> None:
    seen = tried(trees, first, second, SAMPLE, lambda count: tmp_path / f"tree-{count}")
    assert seen == ENDS.get(second, {True, False})


@pytest.mark.parametrize(
    "sample", [pytest.param(2, marks=pytest.mark.long), pytest.param(1, marks=pytest.mark.extended)]
)
@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_one_of_two_is_killed_at_most_of_its_changes(
    first: str, second: str, sample: int, trees: Trees, tmp_path: Path
) -> None:
    seen = tried(trees, first, second, sample, lambda count: tmp_path / f"tree-{count}")
    assert seen == ENDS.get(second, {True, False})
