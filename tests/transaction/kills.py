"""Killing a process right before each of its changes of the disk in turn."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from patcher.tree.files import Tree
from patcher.tree.state import RECEIPT, folder_of, names
from tests.commands import git

if TYPE_CHECKING:
    from typing_extensions import Buffer

# Audit events of calls that change a file, a folder, or its rights. What reads or syncs changes
# nothing that the next process finds, so a kill there is the same as one right behind it.
_CHANGES = {
    *("os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir"),
    *("os.chmod", "os.chown", "os.truncate"),
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_READING_GIT = {
    *("cat-file", "check-ref-format", "config", "for-each-ref", "ls-files", "ls-tree"),
    *("merge-base", "rev-list", "rev-parse", "show", "status", "var"),
}


def killed_at(count: int, work: Callable[[], object]) -> bool:
    """Do the work in a process that is killed when it starts its change `count`, from 0."""
    _, status = os.waitpid(_started(count, work, signal.SIGKILL), 0)
    return os.WIFSIGNALED(status)


def stopped_at(count: int, work: Callable[[], object]) -> int:
    """Do the work in a process that is stopped when it starts its change `count`.

    Gives the process; 0 where it made fewer changes and has ended.
    """
    child = _started(count, work, signal.SIGSTOP)
    _, status = os.waitpid(child, os.WUNTRACED)
    return child if os.WIFSTOPPED(status) else 0


def _started(count: int, work: Callable[[], object], sent: signal.Signals) -> int:
    """A process that does some work, and sends itself a signal when it starts a change."""
    child = os.fork()
    if child == 0:
        left, write = count, os.write

        def change() -> None:
            nonlocal left
            if left == 0:
                os.kill(os.getpid(), sent)
            left -= 1

        def watch(event: str, values: tuple[object, ...]) -> None:
            if _is_change(event, values):
                change()

        def watched_write(descriptor: int, content: Buffer, /) -> int:
            change()
            return write(descriptor, content)

        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.write = watched_write
        sys.addaudithook(watch)
        try:
            work()
        finally:
            os._exit(0)
    return child


def _is_change(event: str, values: tuple[object, ...]) -> bool:
    match event, values:
        case "open", (str() | bytes() | os.PathLike(), _, int() as flags):
            return bool(flags & _WRITING)
        case "subprocess.Popen", (_, [_, str() as command, *_], *_):
            return command not in _READING_GIT
        case "os.remove", (str() | os.PathLike() as path, int() as folder):
            return _exists(path, folder)
    return event in _CHANGES


def _exists(path: str | os.PathLike[str], folder: int) -> bool:
    try:
        os.stat(path, dir_fd=folder if folder >= 0 else None, follow_symlinks=False)
    except OSError:
        return False
    return True


def killed(start: Path, work: Callable[[Path], object]) -> Iterator[Path]:
    """Copies of a tree, each killed one change later than the one before; the last one is not."""
    count, again = 0, True
    while again:
        copy = copied(start, start.with_name(f"{start.name}-{count}"))
        again = killed_at(count, lambda copy=copy: work(copy))  # type: ignore[misc]
        yield copy
        count += 1


def copied(tree: Path, place: Path) -> Path:
    """A copy of a tree, with what effpatch keeps of it."""
    shutil.copytree(tree, place, symlinks=True)
    kept, new = (folder_of(Tree(str(each), each)) for each in (tree, place))
    if kept.exists() and not new.exists():
        shutil.copytree(kept, new)
    return place


def whole(root: Path) -> dict[str, object]:
    """Every file outside `.git`, whether there is a receipt, and what git says of the tree."""
    files = (file for file in root.rglob("*") if not file.is_dir() and ".git" not in file.parts)
    found: dict[str, object] = {str(f.relative_to(root)): f.read_bytes() for f in files}
    found["receipt"] = RECEIPT in names(Tree(str(root), root))
    if (root / ".git").exists():
        found["status"] = git(root, "status", "--porcelain", "--branch")
        found["subjects"] = git(root, "log", "--format=%s")
    return found
