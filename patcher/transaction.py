"""Writing a plan to its tree: every file, or none."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from patcher.errors import Unwritable
from patcher.model import FilePlan
from patcher.tree import Tree


def commit(tree: Tree, files: Sequence[FilePlan]) -> tuple[str, ...]:
    """Write the files' new bytes; their paths.

    All new contents are on disk beside their targets before the first is renamed into place.
    Modes stay as they are, and a link inside the tree goes on pointing at the same file.

    Args:
        tree: The tree that was planned.
        files: The plans of the files that change.

    Raises:
        Unwritable: A file is read-only, has changed since it was planned, or a write failed;
            the tree is as it was.
    """
    targets = [_checked(tree, file) for file in files]
    staged: list[Path] = []
    renamed: list[tuple[Path, FilePlan]] = []
    path = ""
    try:
        for target, file in zip(targets, files, strict=True):
            path = file.path
            staged.append(_stage(target, file.after))
        for target, file in zip(targets, files, strict=True):
            path = file.path
            os.replace(staged[0], target)
            del staged[0]
            renamed.append((target, file))
    except OSError as error:
        for target, file in renamed:
            os.replace(_stage(target, file.before), target)
        raise Unwritable(path, (error.strerror or str(error)).lower()) from None
    finally:
        for leftover in staged:
            leftover.unlink(missing_ok=True)
    return tuple(file.path for file in files)


def _checked(tree: Tree, file: FilePlan) -> Path:
    target = tree.target(file.path)
    if not target.stat().st_mode & 0o222 or not os.access(target, os.W_OK):
        raise Unwritable(file.path, "it is read-only")
    if target.read_bytes() != file.before:
        raise Unwritable(file.path, "it has changed since it was read")
    return target


def _stage(target: Path, content: bytes) -> Path:
    """A new file beside the target, with its mode, synced to disk."""
    beside = target.with_name(f".{target.name}.effpatch-{os.getpid()}")
    try:
        with open(beside, "xb") as stream:
            stream.write(content)
            os.fchmod(stream.fileno(), target.stat().st_mode & 0o7777)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    return beside
