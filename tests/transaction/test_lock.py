import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from patcher.errors import LockedError
from patcher.transaction import hold
from patcher.tree.files import Tree
from patcher.tree.state import folder_of, names
from tests.commands import INSTALLED, contents, run
from tests.counts import MADE

HOLD = """
import sys, time
from pathlib import Path
from patcher.transaction import hold
from patcher.tree.files import Tree
with hold(Tree("tree", Path(sys.argv[1])), "effpatch apply"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_one_run_at_a_time_and_the_other_says_whose(miniature: Path) -> None:
    before = contents(miniature)
    command = [sys.executable, "-c", HOLD, str(miniature)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        result = run("apply", miniature)
        assert (result.exit_code, result.stdout) == (4, "")
        assert f"in use by effpatch apply, process {other.pid} on " in result.stderr
        assert run("status", miniature).exit_code == 1  # reading goes on
        other.kill()
    assert contents(miniature) == before
    assert run("apply", miniature).exit_code == 0
    assert names(Tree("tree", miniature)) == ["receipt"]


def test_two_applies_at_once(miniature: Path) -> None:
    """Whichever comes first works; the other waits for nobody and says so, or has nothing to do."""
    command = [str(INSTALLED), "apply", str(miniature)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    runs = [subprocess.Popen(command, **pipes) for _ in range(4)]  # type: ignore[call-overload]
    said = [each.communicate() for each in runs]
    assert sum(MADE in out for out, _ in said) == 1
    for out, err in said:
        assert MADE in out or "nothing to do" in out or "in use by effpatch" in err
    assert run("status", miniature).exit_code == 0


def test_the_lock_goes_with_the_process(tmp_path: Path) -> None:
    tree = Tree("tree", tmp_path)
    child = os.fork()
    if child == 0:
        hold(tree, "a child").__enter__()
        os.kill(os.getpid(), 9)
    os.waitpid(child, 0)
    start = time.monotonic()
    with hold(tree, "a test"):
        assert time.monotonic() - start < 5
    assert list(tmp_path.iterdir()) == []


def test_a_lock_cannot_be_held_twice(tmp_path: Path) -> None:
    tree = Tree("tree", tmp_path)
    with hold(tree, "one"), pytest.raises(LockedError, match="in use by one, process"):
        hold(tree, "two").__enter__()


@pytest.mark.parametrize("again", [False, True], ids=["removed", "and made again"])
def test_a_lock_that_was_taken_away_meanwhile_does_not_count(
    again: bool, miniature: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its holder removes the file between our opening and locking it, another may make a new."""
    tree = Tree(str(miniature), miniature)
    lock, flock = folder_of(tree) / "lock", fcntl.flock
    taken: list[str] = []

    def late(descriptor: int, how: int) -> None:
        flock(descriptor, how)
        if not taken:
            taken.append(lock.read_text())
            lock.unlink()
            if again:
                lock.touch()

    monkeypatch.setattr(fcntl, "flock", late)
    with hold(tree, "a test"):
        assert lock.read_text().startswith("a test, process ")
    assert taken == [""]


def test_many_runs_one_after_the_other_all_end_well(miniature: Path) -> None:
    """Each takes lock and folder away while the next one waits for them."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom patcher.errors import LockedError\n"
        "from patcher.transaction import hold\nfrom patcher.tree.files import Tree\n"
        "done = 0\nwhile done < 300:\n"
        "    try:\n        with hold(Tree('t', Path(sys.argv[1])), 'a test'):\n"
        "            done += 1\n    except LockedError:\n        pass\n"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code, miniature]) for _ in range(4)]
    assert [each.wait() for each in runs] == [0] * 4
    assert not folder_of(Tree("tree", miniature)).exists()


@pytest.mark.parametrize("signed", [True, False])
def test_a_run_waits_for_one_that_ends_soon(signed: bool, tmp_path: Path) -> None:
    """As a `status` is that looks for something to recover, or a run that has just begun."""
    tree = Tree("tree", tmp_path)
    lock = folder_of(tree) / "lock"
    lock.parent.mkdir()
    lock.write_text("effpatch status" if signed else "")
    code = (
        "import fcntl, sys, time\nfile = open(sys.argv[1])\nfcntl.flock(file, fcntl.LOCK_EX)\n"
        "print('held', flush=True)\ntime.sleep(float(sys.argv[2]))\n"
    )
    seconds = 0.2 if signed else 1.0  # longer than a run waits that knows whom it waits for
    command = [sys.executable, "-c", code, str(lock), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with hold(tree, "a test"):
            assert holder.wait() == 0
