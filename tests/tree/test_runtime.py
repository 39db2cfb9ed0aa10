"""`apply --with-runtime`: the runtime beside `main.py`, as part of one transaction."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from patcher import transaction
from patcher.errors import PackError
from patcher.model import Pack, Runtime
from patcher.resources import VENDOR
from patcher.tree import runtime
from patcher.tree.files import Tree
from tests import receipts, small
from tests.commands import contents, git, run
from tests.counts import MADE, RULES
from tests.rule_check import DOCUMENTED, REVISIONS
from tests.transaction.kills import killed, whole

COMMON = "efficientdet/TensorFlow/common"
RUNTIME = runtime.files([DOCUMENTED])
ADDED = f"added {len(RUNTIME)} files of the runtime"
ONE = ("--only", "utils-1", "--with-runtime", "--no-verify")


def test_it_comes_with_the_edits_and_goes_with_them(miniature: Path) -> None:
    before = contents(miniature)
    result = run("apply", miniature, "--with-runtime")
    assert result.stdout.endswith(f"{MADE}, and {ADDED}\n")
    assert RUNTIME.items() <= contents(miniature).items()
    assert "nothing to do" in run("apply", miniature, "--with-runtime").stdout
    assert run("status", miniature).stdout.endswith(f"{RULES} applied\n")
    cached = miniature / COMMON / "__pycache__" / "tb_utils.cpython-311.pyc"
    cached.parent.mkdir()
    cached.touch()
    assert run("revert", miniature).exit_code == 0
    assert contents(miniature) == before
    assert not (miniature / "efficientdet/TensorFlow").exists()


def test_it_can_come_later(miniature: Path) -> None:
    run("apply", miniature)
    plain = contents(miniature)
    dry = run("apply", miniature, "--with-runtime", "--dry-run")
    assert dry.stdout.endswith(f"would {ADDED.replace('added', 'add')}\n")
    assert contents(miniature) == plain
    said = json.loads(run("apply", miniature, "--with-runtime", "--json").stdout)
    assert said["written"] == list(RUNTIME)
    assert contents(miniature) == {**plain, **RUNTIME}


def test_it_stays_while_single_edits_are_undone(miniature: Path) -> None:
    before = contents(miniature)
    run("apply", miniature, *ONE)
    assert run("revert", miniature, "--only", "utils-1").exit_code == 0
    assert contents(miniature) == {**before, **RUNTIME}
    assert run("revert", miniature).exit_code == 0
    assert contents(miniature) == before


def test_verify_takes_no_notice_of_it(repository: Path) -> None:
    run("apply", repository)
    plain = json.loads(run("verify", repository, "--json").stdout)
    run("apply", repository, "--with-runtime")
    assert json.loads(run("verify", repository, "--json").stdout) == plain
    receipts.place(repository).unlink()
    run("apply", repository, "--with-runtime")
    assert run("verify", repository).exit_code == 0
    bare = shutil.copytree(repository, repository.with_name("bare"))
    shutil.rmtree(bare / "efficientdet/TensorFlow")
    assert run("verify", repository, "--against", bare).exit_code == 0
    assert run("verify", bare, "--against", repository).exit_code == 0


def test_a_commit_does_not_hold_it(authored: Path) -> None:
    run("apply", authored, "--with-runtime", "--commit")
    assert "TensorFlow" not in git(authored, "show", "--name-only", "--format=", "HEAD")
    assert (authored / COMMON / "tb_utils.py").is_file()


def test_by_itself_it_leaves_nothing_to_commit(authored: Path) -> None:
    """Also where a link is tracked, as the pin has one."""
    (authored / "link").symlink_to("nowhere")
    git(authored, "add", "link")
    assert run("apply", authored, "--allow-dirty", "--commit").exit_code == 0
    git(authored, "commit", "--quiet", "--message", "link")
    head = git(authored, "rev-parse", "HEAD")
    result = run("apply", authored, "--with-runtime", "--commit")
    assert (result.exit_code, "files of the runtime" in result.stdout) == (0, True)
    assert git(authored, "rev-parse", "HEAD") == head


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(f"{COMMON}/tb_utils.py", id="another module of that name"),
        pytest.param(f"{COMMON}/__init__.py", id="a package"),
        pytest.param("efficientdet/TensorFlow/models/a.py", id="more beside it"),
        pytest.param("efficientdet/TensorFlow", id="a file for the folder"),
    ],
)
def test_what_is_in_its_place_is_left_alone(path: str, miniature: Path) -> None:
    (miniature / path).parent.mkdir(parents=True, exist_ok=True)
    (miniature / path).write_bytes(b"theirs\n")
    before = contents(miniature)
    result = run("apply", miniature, "--with-runtime")
    assert result.exit_code == 4
    assert path.startswith(result.stderr.partition(":")[0])
    assert "not the runtime of effpatch" in result.stderr
    assert contents(miniature) == before


def test_a_link_in_its_place_is_not_followed(miniature: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (miniature / "efficientdet/TensorFlow").symlink_to(tmp_path / "outside")
    assert run("apply", miniature, "--with-runtime").exit_code == 4
    assert not list((tmp_path / "outside").iterdir())


def test_edits_in_it_are_kept(miniature: Path) -> None:
    run("apply", miniature, "--with-runtime")
    (miniature / COMMON / "tb_utils.py").write_bytes(b"mine\n")
    before = contents(miniature)
    for command in (("apply", miniature, "--with-runtime"), ("revert", miniature)):
        result = run(*command)
        assert result.exit_code == 4
        assert result.stderr.startswith(f"{COMMON}/tb_utils.py: edited since it was added")
    assert contents(miniature) == before


@pytest.fixture(params=["small", pytest.param("miniature", marks=pytest.mark.long)])
def start(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, tuple[str, ...]]:
    """A tree, and the options that apply one edit to it and put the runtime beside its program."""
    if request.param == "miniature":
        return shutil.copytree(VENDOR / "miniature", tmp_path / "start"), ONE
    pack = small.pack(tmp_path / "small")
    return small.tree(tmp_path / "start"), (*pack, "--only", "small/app-1", "--with-runtime")


@pytest.mark.parametrize("command", ["apply", "revert"])
def test_all_or_nothing_wherever_it_is_killed(
    command: str, start: tuple[Path, tuple[str, ...]]
) -> None:
    tree, options = start
    if command == "revert":
        assert run("apply", tree, *options).exit_code == 0
        options = ()
    old, seen = whole(tree), []
    for copy in killed(tree, lambda copy: run(command, copy, *options)):
        transaction.recover(Tree(str(copy), copy))
        now = whole(copy)
        seen.append(now)
        runtime_files = [path for path in now if path.endswith("/TensorFlow/common/tb_utils.py")]
        assert bool(runtime_files) == bool(list(copy.glob("*/TensorFlow")))
        assert bool(runtime_files) == bool(now["receipt"]), copy
    new = seen.pop()
    assert old != new
    assert set(map(repr, seen)) == {repr(old), repr(new)}


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(os.mkfifo, "not a regular file", id="a pipe"),
        pytest.param(lambda file: file.symlink_to("/dev/zero"), "not a regular file", id="zeros"),
        pytest.param(lambda file: file.symlink_to(file), "symbolic links", id="a circle"),
        pytest.param(lambda file: file.write_bytes(bytes(4_000_001)), "larger than", id="large"),
    ],
)
def test_a_module_of_a_pack_is_a_file_of_a_size(
    make: Callable[[Path], object], said: str, tmp_path: Path
) -> None:
    (tmp_path / "shop").mkdir()
    make(tmp_path / "shop/till.py")
    pack = Pack("mine", (), runtime=Runtime(tmp_path, ("shop",)))
    with pytest.raises(PackError, match=f"till.py: cannot be read .*{said}"):
        runtime.files([pack])


def test_modules_of_a_pack_have_a_size_in_all(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    for name, size in (("a", 3_999_900), ("b", 200)):
        (tmp_path / f"shop/{name}.py").write_text("#" * size)
    with pytest.raises(PackError, match="0: modules of more than 4,000,000 bytes in all"):
        runtime.files([Pack("mine", (), runtime=Runtime(tmp_path, ("shop",)))])


def test_a_pack_has_so_many_modules(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    for number in range(1001):
        (tmp_path / f"shop/m{number}.py").touch()
    with pytest.raises(PackError, match="0: more than 1,000 modules"):
        runtime.files([Pack("mine", (), runtime=Runtime(tmp_path, ("shop",)))])


@pytest.mark.parametrize("pack", REVISIONS)
def test_a_revision_brings_a_loader_of_habanas_name(pack: str, miniature: Path) -> None:
    """In folders without `__init__.py`, so that the library's own, which has one, is taken."""
    before = contents(miniature)
    done = run("apply", miniature, "--pack", pack, "--with-runtime")
    assert done.exit_code == 0, done.stderr
    place = miniature / "efficientdet" / "habana_frameworks"
    assert [each.name for each in place.rglob("*.py")] == ["library_loader.py"]
    assert run("verify", miniature).exit_code == 0
    assert run("revert", miniature).exit_code == 0
    assert contents(miniature) == before
    assert not place.exists()
