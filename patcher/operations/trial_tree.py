"""Copies of a pack's upstream to try it on, in a folder that is removed afterwards."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from patcher.errors import ErrorList, PackError, TreeError, reason
from patcher.model import Pack
from patcher.tree.fetch import fetch
from patcher.tree.files import Tree, digest
from patcher.tree.git import Settings, try_to
from patcher.tree.upstream import open_tree

if TYPE_CHECKING:
    from git import RemoteProgress

_STATE = "XDG_STATE_HOME"
_AUTHOR = ("-c", "user.name=effpatch", "-c", "user.email=effpatch@localhost")
# The files of a trial are committed as they are, whatever the upstream wants git to make of them.
_ATTRIBUTES = "* -text -ident -filter -working-tree-encoding\n"


def fetched(pack: Pack, folder: Path, progress: RemoteProgress | None = None) -> Path:
    """The root of a checkout of a pack's pin, fetched into a folder unless it is there already.

    Whether the files have their SHA-256 is for whoever looks at them.

    Raises:
        PackError: The pack names no repository.
        PatchError: It cannot be fetched.
    """
    pin = pack.upstream
    if not (pin and pin.repository):
        step = "name a copy of its upstream with --tree"
        raise PackError(pack.name, "the pack names no repository", next_step=step)
    source = repr((pin.repository, pin.commit, pin.omit))
    dest = folder / sha256(source.encode()).hexdigest()[:12] / pin.name
    fetch(dest, replace(pin, sha256={}), progress=progress)
    return dest


def named(pack: Pack, place: Path) -> Path:
    """The root of the checkout at a folder, whose files are those of a pack's pin.

    Raises:
        TreeError: There is none.
        ErrorList: Files are other ones; each is named.
    """
    tree, _ = open_tree(place, [pack])
    pinned = pack.upstream.sha256 if pack.upstream else {}
    files = tree.read(pinned)
    found = {path: digest(files.get(path)) for path in pinned}
    step = "name a checkout of the pin that was not edited, or correct the pin"
    wrong = [
        TreeError(
            f"{place}/{path}",
            f"has the SHA-256 {found[path][:12]}..." if found[path] else "is missing",
            f"{wanted[:12]}...",
            step,
        )
        for path, wanted in pinned.items()
        if found[path] != wanted
    ]
    if wrong:
        raise ErrorList(wrong)
    return tree.root


@contextmanager
def copied(upstream: Path, folder: Path) -> Iterator[Tree]:
    """A copy of a checkout in a folder, with a repository of its own; removed afterwards.

    What effpatch keeps of trees is kept in that folder meanwhile.

    Raises:
        TreeError: A file cannot be read or copied.
        GitError: git fails.
    """
    root, state = folder / "copy" / upstream.name, os.environ.get(_STATE)
    os.environ[_STATE] = str(folder / "state")
    try:
        _copy(upstream, root, folder.resolve())
        try_to(root, "init", "--quiet", "--template=", allowed=(0,), settings=Settings.NONE)
        (root / ".git/info").mkdir(exist_ok=True)
        (root / ".git/info/attributes").write_text(_ATTRIBUTES)
        commit(root)
        yield Tree(upstream.name, root.resolve())
    finally:
        os.environ.pop(_STATE)
        os.environ.update({_STATE: state} if state is not None else {})
        for each in ("copy", "state"):
            shutil.rmtree(folder / each, ignore_errors=True)


def commit(root: Path) -> None:
    """Commit every file below the root of a copy."""
    how = ("commit", "--quiet", "--allow-empty", "--no-verify", "--message", "the upstream")
    for words in (("add", "--all", "--force", "."), how):
        try_to(root, *_AUTHOR, *words, allowed=(0,), settings=Settings.NONE)


def _copy(upstream: Path, root: Path, folder: Path) -> None:
    """Copy folders, files and links, but for virtual environments and what git keeps.

    The folder that all copies are in may be in the upstream, and is no part of it.
    """
    for name, folders, names in os.walk(upstream, onerror=_refuse):
        if "pyvenv.cfg" in names:
            folders[:], names = [], []
        folders[:] = [e for e in folders if e != ".git" and Path(name, e) != folder]
        place = root / Path(name).relative_to(upstream)
        place.mkdir(parents=True)
        links = [each for each in folders if Path(name, each).is_symlink()]
        for each in (*links, *(e for e in names if e != ".git")):
            _copy_file(Path(name, each), place / each)


def _copy_file(source: Path, dest: Path) -> None:
    """Copy a file or link; what is neither, such as a pipe, is no part of an upstream."""
    try:
        if source.is_symlink():
            dest.symlink_to(source.readlink())
        elif source.is_file():
            shutil.copyfile(source, dest)
            dest.chmod(0o755 if os.access(source, os.X_OK) else 0o644)
    except OSError as error:
        _refuse(error)


def _refuse(error: OSError) -> None:
    step = "correct that, and run again"
    raise TreeError(str(error.filename), f"cannot be copied ({reason(error)})", "", step)
