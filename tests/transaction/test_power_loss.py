"""Power that is lost while a run, or the recovery of a killed one, changes the disk.

Of the changes to its names since it was last synced, each folder has kept some first ones; a file
that was not synced is empty. A folder whose names were synced can be reached, and a rename between
two folders is one change.
"""

import os
import pickle
import random
import shutil
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from patcher import transaction
from patcher.errors import PatchError
from patcher.transaction import renames
from patcher.tree.files import Tree
from patcher.tree.state import sealed
from tests.commands import contents
from tests.transaction.test_crash import failing_run_of, run_of
from tests.transaction.test_transaction import AFTER, FILES, planted

_FOLDER = 0  # stands for a folder where the number of a file stands else
_CALLS = ("mkdir", "open", "link", "replace", "unlink", "rmdir", "write", "fsync")


class Recorder:
    """The changes of the disk below a folder, in order: what each one names, writes or syncs.

    A name comes as its folder, itself and the number of its file; None where it is removed.
    """

    def __init__(self, root: Path, changes: list[tuple[Any, ...]], most: int) -> None:
        self.root, self.changes, self.most = root, changes, most

    def record(self, work: Callable[[Path], object]) -> None:
        with pytest.MonkeyPatch.context() as patch, suppress(PatchError):
            for name in _CALLS:
                patch.setattr(os, name, partial(getattr(self, name), getattr(os, name)))
            patch.setattr(renames, "_rename", partial(self.rename, renames._rename))
            work(self.root)

    def add(self, *change: object) -> None:
        if len(self.changes) < self.most:
            self.changes.append(change)
        if len(self.changes) == self.most:
            self.end()

    def end(self) -> None:
        self.root.with_name("changes").write_bytes(pickle.dumps(self.changes))
        os._exit(0)

    def place(self, path: str | os.PathLike[str], folder: int | None) -> Path:
        return Path(f"/proc/self/fd/{folder}").resolve() / path if folder else Path(path)

    def named(self, place: Path, number: int | None) -> tuple[str, str, int | None]:
        return str(place.parent.relative_to(self.root)), place.name, number

    def mkdir(self, call: Any, path: Any, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
        call(path, mode, dir_fd=dir_fd)
        self.add("name", self.named(self.place(path, dir_fd), _FOLDER))

    def open(
        self, call: Any, path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None
    ) -> int:
        new = flags & os.O_CREAT and not self.place(path, dir_fd).exists()
        descriptor: int = call(path, flags, mode, dir_fd=dir_fd)
        if new:
            number = os.fstat(descriptor).st_ino
            self.add("name", self.named(self.place(path, dir_fd), number))
        return descriptor

    def link(self, call: Any, path: Any, other: Any, **options: Any) -> None:
        call(path, other, **options)
        new = self.place(other, options["dst_dir_fd"])
        self.add("name", self.named(new, new.stat().st_ino))

    def replace(self, call: Any, path: Any, other: Any, **folders: Any) -> None:
        call(path, other, **folders)
        old, new = self.place(path, folders["src_dir_fd"]), self.place(other, folders["dst_dir_fd"])
        if old != new:
            self.add("name", self.named(new, new.stat().st_ino), self.named(old, None))

    def rename(self, call: Any, path: str, other: str, folders: tuple[int, int], how: int) -> bool:
        done: bool = call(path, other, folders, how)
        old, new = self.place(path, folders[0]), self.place(other, folders[1])
        left = old.stat().st_ino if old.exists() else None
        self.add("name", self.named(new, new.stat().st_ino), self.named(old, left))
        return done

    def unlink(self, call: Any, path: Any, *, dir_fd: int | None = None) -> None:
        call(path, dir_fd=dir_fd)
        self.add("name", self.named(self.place(path, dir_fd), None))

    rmdir = unlink

    def write(self, call: Any, descriptor: int, content: Any) -> int:
        written: int = call(descriptor, content)
        self.add("write", os.fstat(descriptor).st_ino, bytes(content[:written]))
        return written

    def fsync(self, _: Any, descriptor: int) -> None:
        place = Path(f"/proc/self/fd/{descriptor}").resolve()
        if place.is_dir():
            self.add("sync folder", str(place.relative_to(self.root)))
        else:
            self.add("sync file", os.fstat(descriptor).st_ino)


def changes_of(work: Callable[[Path], object], root: Path, most: int = 10_000) -> list[Any]:
    """What some work changes; it is killed right after so many changes."""
    child = os.fork()
    if child == 0:
        try:
            recorder = Recorder(root, [], most)
            recorder.record(work)
            recorder.end()
        finally:
            os._exit(1)  # it has raised
    os.waitpid(child, 0)
    changes: list[Any] = pickle.loads(root.with_name("changes").read_bytes())
    return changes


class Disk:
    """What the disk may hold of a tree after changes to it."""

    def __init__(self, root: Path) -> None:
        self.names: dict[str, dict[str, int]] = {}
        self.files: dict[int, bytes] = {}
        for place in (root, *root.rglob("*")):
            if place.is_dir():
                self.names[str(place.relative_to(root))] = {}
            if place != root:
                number = _FOLDER if place.is_dir() else place.stat().st_ino
                self.names[str(place.parent.relative_to(root))][place.name] = number
            if place.is_file():
                self.files[place.stat().st_ino] = place.read_bytes()

    def lose_power(self, changes: list[Any], choose: Callable[[int, int], int]) -> None:
        """Keep what was synced, and for each folder as many changes as is chosen."""
        synced, made, written = defaultdict[str, int](int), {}, dict[int, bytes]()
        for count, (kind, *what) in enumerate(changes, 1):
            if kind == "name" and what[0][2] == _FOLDER:
                made[os.path.normpath(os.path.join(*what[0][:2]))] = (what[0][0], count)
            elif kind == "write":
                written[what[0]] = written.get(what[0], b"") + what[1]
            elif kind == "sync file":
                self.files[what[0]] = written.get(what[0], b"")
            elif kind == "sync folder":
                folder, until = what[0], count
                synced[folder] = until
                while folder in made:
                    folder, until = made[folder]
                    synced[folder] = max(synced[folder], until)
        kept = {folder: choose(synced[folder], len(changes)) for folder in (*self.names, *made)}
        for count, (kind, *what) in enumerate(changes, 1):
            for folder, name, number in what if kind == "name" else ():
                if count <= kept[folder] and count <= kept[what[0][0]]:
                    names = self.names.setdefault(folder, {})
                    if number is None:
                        names.pop(name, None)
                    else:
                        names[name] = number

    def plant(self, root: Path, folder: str = ".") -> None:
        """Make the tree that it holds."""
        root.mkdir()
        for name, number in self.names.get(folder, {}).items():
            if number == _FOLDER:
                self.plant(root / name, os.path.normpath(os.path.join(folder, name)))
            else:
                (root / name).write_bytes(self.files.get(number, b""))


def survives(root: Path, work: Callable[[Path], object], killed_at: int = 0) -> None:
    """See that the next command leaves the old tree or the new one whenever power is lost.

    That is during the work, or during the recovery of what was killed after so many changes.
    """
    before, chance = Disk(root), random.Random(killed_at)
    choices: list[Callable[[int, int], int]] = [min, max, *[lambda *ends: chance.choice(ends)] * 3]
    changes = changes_of(work, root, killed_at or 10_000)
    if killed_at:
        changes += changes_of(recover, root)
    for count in range(killed_at, len(changes) + 1):
        for number, choose in enumerate(choices):
            disk, place = deepcopy(before), root.with_name(f"{root.name}-{count}-{number}")
            disk.lose_power(changes[:count], choose)
            disk.plant(place)
            recover(place)
            assert contents(place) in (FILES, AFTER), (killed_at, count, changes[:count])
            shutil.rmtree(place)


def start(root: Path) -> Path:
    """A tree, of a user who has a key already."""
    sealed(b"", "test")
    planted(root)
    return root


def recover(root: Path) -> None:
    transaction.recover(Tree(str(root), root))


@pytest.mark.parametrize("work", [run_of, failing_run_of])
def test_a_run_is_old_or_new_whenever_power_is_lost(
    work: Callable[[Path], object], tmp_path: Path
) -> None:
    survives(start(tmp_path / "tree"), work)


@pytest.mark.parametrize("work", [run_of, failing_run_of])
def test_so_is_a_recovery_of_a_run_that_was_killed_where_its_journal_gets_a_name(
    work: Callable[[Path], object], tmp_path: Path
) -> None:
    changes = changes_of(work, start(tmp_path / "whole"))
    kills = [count for count, change in enumerate(changes, 1) if "journal." in str(change[1])]
    assert len(kills) > 3
    for count in sorted({*kills, *(count - 1 for count in kills)}):
        survives(start(tmp_path / f"tree{count}"), work, count)


@pytest.mark.long
@pytest.mark.parametrize("work", [run_of, failing_run_of])
def test_so_is_every_recovery(work: Callable[[Path], object], tmp_path: Path) -> None:
    changes = changes_of(work, start(tmp_path / "whole"))
    for count in range(1, len(changes)):
        survives(start(tmp_path / f"tree{count}"), work, count)
