"""What a file has besides its bytes stays, or the run is refused; and nobody else reads it."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from struct import pack as packed_as

import pytest

from patcher.tree import state
from patcher.tree.files import Tree
from tests import small
from tests.commands import contents, process, run

MODES = [0o600, 0o640, 0o664, 0o755, 0o700, 0o444 | 0o200, 0o4755, 0o2775]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return small.tree(tmp_path / "tree", under_git=True)


@pytest.fixture
def pack(tmp_path: Path) -> tuple[str, ...]:
    return small.pack(tmp_path / "pack")


def properties(file: Path) -> object:
    found = file.stat()
    names = sorted(os.listxattr(file))
    extended = {name: os.getxattr(file, name) for name in names}
    return stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid, extended


@pytest.mark.parametrize("mode", MODES, ids=oct)
def test_the_mode_stays(mode: int, tree: Path, pack: tuple[str, ...]) -> None:
    (tree / "src/app.py").chmod(mode)
    before = properties(tree / "src/app.py")
    assert run("apply", tree, *pack, "--allow-dirty").exit_code == 0
    assert properties(tree / "src/app.py") == before
    assert run("revert", tree).exit_code == 0
    assert properties(tree / "src/app.py") == before


def test_extended_attributes_and_access_control_lists_stay(
    tree: Path, pack: tuple[str, ...]
) -> None:
    file = tree / "src/app.py"
    try:
        os.setxattr(file, "user.origin", b"somewhere")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    # Version 2: user::rw-, user:1234:rw-, group::r--, mask::rw-, other::---
    entries = [(1, 6, -1), (2, 6, 1234), (4, 4, -1), (16, 6, -1), (32, 0, -1)]
    packed = (2).to_bytes(4, "little") + b"".join(
        packed_as("<HHI", tag, rights, who % 2**32) for tag, rights, who in entries
    )
    os.setxattr(file, "system.posix_acl_access", packed)
    before = properties(file)
    assert "system.posix_acl_access" in str(before)
    assert run("apply", tree, *pack).exit_code == 0
    assert properties(file) == before
    assert run("revert", tree).exit_code == 0
    assert properties(file) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_the_owner_stays_or_nothing_is_changed(tree: Path, pack: tuple[str, ...]) -> None:
    file = tree / "src/app.py"
    os.chown(file, 1234, 4321)
    before = properties(file)
    assert run("apply", tree, *pack).exit_code == 0
    assert properties(file) == before
    assert run("revert", tree).exit_code == 0
    if not shutil.which("setpriv"):
        pytest.skip("setpriv is not there to give the right up")
    drop = ("setpriv", "--bounding-set=-chown,-fowner")
    done = process(*drop, sys.executable, "-m", "patcher", "apply", tree, *pack)
    assert (done.returncode, done.stdout) == (4, "")
    why = "its owner and group cannot be kept: operation not permitted"
    assert done.stderr.startswith(f"src/app.py: cannot be written ({why}), nothing was changed")
    assert contents(tree) == {path: text.encode() for path, text in small.TREE.items()}


HOLD = """
import fcntl, sys
file = open(sys.argv[1])
fcntl.flock(file, fcntl.LOCK_EX)
print(1, flush=True)
input()
"""
WATCH = """
import os, sys
sys.path[:0] = [{root!r}]
seen = open({log!r}, "a", 1)
write = os.write
def watched(descriptor, content):
    mode = os.fstat(descriptor).st_mode & 0o777
    place = os.readlink(f"/proc/self/fd/{{descriptor}}")
    seen.write(f"{{mode:o}} {{place}}\\n")
    return write(descriptor, content)
os.write = watched
from patcher.cli.main import main
main(sys.argv[1:])
"""


@pytest.mark.parametrize("under_git", [True, False], ids=["repository", "plain folder"])
def test_what_only_the_user_can_read_is_nowhere_readable(
    under_git: bool, pack: tuple[str, ...], tmp_path: Path
) -> None:
    """At no moment: every write is looked at, and what is left behind."""
    tree, log = small.tree(tmp_path / "tree", under_git=under_git), tmp_path / "log"
    (tree / "src/app.py").chmod(0o600)
    code = WATCH.format(root=str(Path(__file__).parents[2]), log=str(log))
    for command, options in (("apply", (*pack, "--allow-dirty")), ("revert", ())):
        done = process(sys.executable, "-c", code, command, tree, *options)
        assert done.returncode == 0, done.stderr
        written = [line.split(" ", 1) for line in log.read_text().splitlines()]
        private = [line for line in written if "tools.py" not in line[1]]
        assert len(private) > 2
        assert {mode for mode, _ in private} == {"600"}, private
        folder = state.folder_of(Tree("tree", tree.resolve()))
        for file in folder.iterdir() if folder.exists() else ():
            assert file.stat().st_mode & 0o777 == 0o600, file


@pytest.mark.parametrize("command", ["apply", "revert"])
def test_other_names_of_a_file_are_reported(
    command: str, tree: Path, pack: tuple[str, ...], tmp_path: Path
) -> None:
    if command == "revert":
        assert run("apply", tree, *pack).exit_code == 0
    before = (tree / "src/app.py").read_bytes()
    os.link(tree / "src/app.py", tmp_path / "another name")
    result = run(command, tree, *(pack if command == "apply" else ()))
    note = "has other names (hard links), which keep what was in it"
    assert (result.exit_code, result.stderr) == (0, f"src/app.py: {note}\n")
    assert (tmp_path / "another name").read_bytes() == before
    assert (tree / "src/app.py").read_bytes() != before


def test_a_lock_that_others_can_open_stops_nobody(tree: Path, pack: tuple[str, ...]) -> None:
    """One as an archive can bring it, held by somebody who can only read."""
    lock = tree / ".git/effpatch/lock"
    lock.parent.mkdir()
    lock.write_text("effpatch apply")
    lock.chmod(0o644)
    command = [sys.executable, "-c", HOLD, str(lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"1\n"
        assert run("apply", tree, *pack).exit_code == 0
        assert holder.poll() is None
        holder.communicate(b"\n")
