import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from patcher import transaction
from patcher.errors import RecoveryError, TreeError, WriteError
from patcher.transaction import hold, renames
from patcher.transaction.journal import Journal, Stage
from patcher.tree import state
from patcher.tree.files import Change, Tree

FILES = {"a.py": b"a = 1\n", "sub/b.py": b"b = 1\n", "gone.json": b"{}\n", "last/gone.py": b""}
CHANGES = [
    Change("a.py", b"a = 1\n", b"a = 2\n"),
    Change("sub/b.py", b"b = 1\n", b"b = 2\n"),
    Change("gone.json", b"{}\n", None),
    Change("last/gone.py", b"", None),
    Change("new.json", None, b"[]\n"),
    Change("some/new/c.py", None, b"c = 1\n"),
]
AFTER = {
    "a.py": b"a = 2\n",
    "sub/b.py": b"b = 2\n",
    "new.json": b"[]\n",
    "some/new/c.py": b"c = 1\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A tree of three files."""
    return planted(tmp_path / "tree")


def planted(root: Path) -> Tree:
    """A tree of files, and as much of a repository as it takes to keep the state in."""
    for folder in ("objects", "refs"):
        (root / ".git" / folder).mkdir(parents=True)
    (root / ".git/HEAD").write_text("ref: refs/heads/main\n")
    for path, content in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return Tree(str(root), root.resolve())


def everything(tree: Tree) -> dict[str, bytes]:
    """Every file; there is no folder without one."""
    places = [place for place in tree.root.rglob("*") if ".git" not in place.parts]
    assert all(any(place.iterdir()) for place in places if place.is_dir())
    files = (place for place in places if not place.is_dir())
    return {str(file.relative_to(tree.root)): file.read_bytes() for file in files}


def commit(tree: Tree, changes: list[Change]) -> None:
    with hold(tree, "a test") as held:
        held.commit(changes)


def test_makes_every_change_and_leaves_nothing_else(tree: Tree) -> None:
    commit(tree, CHANGES)
    assert everything(tree) == AFTER
    assert not state.folder_of(tree).exists()


def test_keeps_its_things_with_git_where_there_is_one(tree: Tree) -> None:
    subprocess.run(["git", "init", "--quiet", tree.root], check=True)
    with hold(tree, "a test") as held:
        assert held.folder == tree.root / ".git" / "effpatch"
        held.commit(CHANGES)
    assert not held.folder.exists()


def test_a_file_that_nothing_changes_stays_the_very_same(tree: Tree) -> None:
    before = (tree.root / "a.py").stat()
    commit(tree, CHANGES[1:])
    after = (tree.root / "a.py").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_modes_and_owners_stay(tree: Tree) -> None:
    file = tree.root / "a.py"
    file.chmod(0o750)
    if os.geteuid() == 0:
        os.chown(file, 1234, 1234)
    before = file.stat()
    commit(tree, CHANGES)
    after = file.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (
        before.st_mode,
        before.st_uid,
        before.st_gid,
    )


def test_a_hard_link_from_outside_keeps_the_old_bytes(tree: Tree, tmp_path: Path) -> None:
    os.link(tree.root / "a.py", tmp_path / "outside.py")
    commit(tree, CHANGES)
    assert (tmp_path / "outside.py").read_bytes() == b"a = 1\n"


def test_a_link_inside_the_tree_stays_a_link(tree: Tree) -> None:
    (tree.root / "a.py").rename(tree.root / "real.py")
    (tree.root / "a.py").symlink_to("real.py")
    commit(tree, CHANGES)
    assert (tree.root / "a.py").is_symlink()
    assert (tree.root / "real.py").read_bytes() == b"a = 2\n"


FAILING = [
    *(("replace", count) for count in range(2)),
    *(("_rename", count) for count in range(6)),
    *(("write", count) for count in range(4)),
    *(("fsync", count) for count in range(8)),
    *(("link", count) for count in range(3)),
]


@pytest.mark.parametrize(("name", "count"), FAILING)
def test_a_call_that_fails_leaves_the_old_tree(
    name: str, count: int, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stub at the system-call boundary says that the disk is full."""
    place = renames if name == "_rename" else os
    call, calls = getattr(place, name), iter(range(1000))
    failed = []

    def fail(*arguments: object, **options: object) -> object:
        if next(calls) == count:
            failed.append(name)
            raise OSError(28, "No space left on device")
        return call(*arguments, **options)

    with hold(tree, "a test") as held:
        monkeypatch.setattr(place, name, fail)
        if name == "link":  # a file system without links is no failure
            held.commit(CHANGES)
        else:
            with pytest.raises(WriteError, match=r"\(no space left on device\)"):
                held.commit(CHANGES)
        monkeypatch.undo()
    assert failed
    assert everything(tree) == (AFTER if name == "link" else FILES)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("no right to mount a small disk here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_leaves_the_old_tree(small_disk: Path) -> None:
    tree = planted(small_disk / "tree")
    changes = [CHANGES[0], Change("sub/b.py", b"b = 1\n", b"b = 2\n" * 20_000)]
    with pytest.raises(WriteError, match=r"sub/b.py: .* \(no space left on device\)"):
        commit(tree, changes)
    assert everything(tree) == FILES


def test_a_read_only_file_stays(tree: Tree) -> None:
    (tree.root / "sub/b.py").chmod(0o444)
    with pytest.raises(WriteError, match="read-only"):
        commit(tree, CHANGES)
    assert everything(tree) == FILES


def test_a_file_that_changed_since_is_not_overwritten(tree: Tree) -> None:
    (tree.root / "a.py").write_bytes(b"mine\n")
    with pytest.raises(WriteError, match=r"a.py: .* changed since it was read"):
        commit(tree, CHANGES)
    assert everything(tree) == {**FILES, "a.py": b"mine\n"}


def test_a_file_in_the_place_of_a_new_one_is_not_overwritten(tree: Tree) -> None:
    (tree.root / "new.json").symlink_to("nowhere")
    with pytest.raises(WriteError, match="something of that name"):
        commit(tree, CHANGES)
    assert (tree.root / "a.py").read_bytes() == b"a = 1\n"


@pytest.mark.parametrize("path", ["a.py", "sub/b.py"])
def test_a_file_that_became_a_link_out_is_not_followed(
    path: str, tree: Tree, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.py"
    (tree.root / path).rename(outside)
    (tree.root / path).symlink_to(outside)
    with pytest.raises(TreeError, match="leads out of the tree"):
        commit(tree, CHANGES)
    assert outside.read_bytes() == FILES[path]


def test_a_path_that_climbs_out_of_the_tree_is_refused(tree: Tree, tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_bytes(b"x\n")
    with pytest.raises(TreeError, match="leads out of the tree"):
        commit(tree, [Change("../outside.py", b"x\n", b"y\n")])
    with pytest.raises(TreeError, match="leads out of the tree"):
        commit(tree, [Change("sub/../../new.py", None, b"y\n")])
    assert (tmp_path / "outside.py").read_bytes() == b"x\n"
    assert not (tmp_path / "new.py").exists()


def test_two_names_of_one_file_are_not_both_changed(tree: Tree) -> None:
    (tree.root / "sub/b.py").unlink()
    (tree.root / "sub/b.py").symlink_to("../a.py")
    changes = [CHANGES[0], Change("sub/b.py", b"a = 1\n", b"b = 2\n")]
    with pytest.raises(WriteError, match="another file to change is a link to it"):
        commit(tree, changes)
    assert (tree.root / "a.py").read_bytes() == b"a = 1\n"


@pytest.mark.parametrize(("name", "most"), [("replace", 2), ("_rename", 5), ("unlink", 4)])
def test_a_call_that_goes_on_failing_leaves_what_the_next_command_mends(
    name: str, most: int, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From every call on, in turn, none of that name works any more."""
    place = renames if name == "_rename" else os
    call, count, seen = getattr(place, name), 0, set()
    while True:
        shutil.rmtree(tree.root)
        planted(tree.root)
        calls = iter(range(1000))

        def fail(*arguments: object, count: int = count, **options: object) -> object:
            if next(calls) >= count:  # noqa: B023
                raise OSError(5, "Input/output error")
            return call(*arguments, **options)

        with monkeypatch.context() as patch, suppress(OSError), hold(tree, "a test") as held:
            patch.setattr(place, name, fail)
            try:
                held.commit(CHANGES)
            except (WriteError, RecoveryError) as error:
                seen.add((type(error), "(input/output error)" in str(error)))
        done = next(calls) <= count
        transaction.recover(tree)
        assert everything(tree) in (FILES, AFTER)
        if done:
            break
        count += 1
    assert count > most
    assert everything(tree) == AFTER
    if name == "_rename":
        assert seen == {(WriteError, True), (RecoveryError, True)}


def test_a_folder_swapped_for_a_link_is_not_entered(
    tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a file in it is staged; it is put back after the run."""
    outside, write = tmp_path / "outside", os.write
    folder_of = tree.root / "sub"

    def swap(descriptor: int, content: bytes) -> int:
        if content == CHANGES[1].after and not outside.exists():
            folder_of.rename(outside)
            folder_of.symlink_to(outside)
        return write(descriptor, content)

    with suppress(RecoveryError, WriteError, OSError), hold(tree, "a test") as held:
        monkeypatch.setattr(os, "write", swap)
        held.commit(CHANGES)
    monkeypatch.undo()
    assert (outside / "b.py").read_bytes() == FILES["sub/b.py"]
    assert (tree.root / "a.py").read_bytes() == FILES["a.py"]
    folder_of.unlink()
    outside.rename(folder_of)
    transaction.recover(tree)
    assert everything(tree) == FILES


def in_place(file: Path) -> None:
    file.write_bytes(b"mine\n")


def by_renaming(file: Path) -> None:
    file.with_name("mine").write_bytes(b"mine\n")
    file.with_name("mine").replace(file)


@pytest.mark.parametrize("edit", [in_place, by_renaming])
@pytest.mark.parametrize("path", ["a.py", "sub/b.py"])
def test_an_edit_while_files_are_staged_is_kept(
    path: str, edit: Callable[[Path], None], tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    advance = Journal.advance

    def late(journal: Journal, stage: Stage) -> None:
        if stage is Stage.RENAMING:
            edit(tree.root / path)
        advance(journal, stage)

    monkeypatch.setattr(Journal, "advance", late)
    with pytest.raises(WriteError, match=f"{path}: .* changed since it was read"):
        commit(tree, CHANGES)
    assert everything(tree) == {**FILES, path: b"mine\n"}


@pytest.mark.parametrize("save", [in_place, by_renaming])
@pytest.mark.parametrize("path", ["a.py", "gone.json", "new.json"])
def test_an_edit_in_the_last_moment_is_kept(
    save: Callable[[Path], None], path: str, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Right before the new file is put in place, after the old one was looked at."""
    rename, saved = renames._rename, list[str]()

    def late(source: str, target: str, folders: tuple[int, int], how: int) -> bool:
        if path in (source, target) and not saved:
            save(tree.root / path)
            saved.append(path)
        return bool(rename(source, target, folders, how))

    monkeypatch.setattr(renames, "_rename", late)
    with pytest.raises(WriteError, match=f"{path}: .* changed since it was read"):
        commit(tree, CHANGES)
    assert everything(tree) == {**FILES, path: b"mine\n"}
