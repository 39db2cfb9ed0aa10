"""Commits on a tree's branch, or a new one, made without its index and working files."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from patcher.errors import GitError, TreeError
from patcher.transaction.branch_update import BranchUpdate, enter, entries, head
from patcher.tree.files import Tree
from patcher.tree.git import ask, try_to

# What git may be in the middle of.
_UNDERWAY = ("merge", "cherry_pick", "revert", "rebase")


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit to make: its message, and the new bytes of the files that it changes, by path."""

    message: str
    files: Mapping[str, bytes]


def build(
    tree: Tree,
    branch: str | None,
    commits: Sequence[Commit],
    originals: Mapping[str, bytes],
    folder: Path,
) -> BranchUpdate:
    """Make commits, without touching the tree's index and other work.

    Args:
        tree: The tree.
        branch: The new branch to commit to; None for the one checked out.
        commits: What to commit.
        originals: The bytes of the files that they change as they are, by path.
        folder: Where their own index can be for a moment.

    Returns:
        What it takes to have the branch end in them; nothing refers to them yet.

    Raises:
        TreeError: A file is not as the base has it, though git was told to think so.
        GitError: The tree has no commit, a merge or the like has not ended, the branch exists,
            or git fails, for example because it knows no author.
    """
    root, base, current = tree.root, _base(tree), head(tree.root)
    ref = "" if branch is None else _new_branch(tree, branch)
    tip, index = base, {"GIT_INDEX_FILE": str(folder / "index")}
    prefix = _line(ask(root, "rev-parse", "--show-prefix"))
    names = {path: prefix + tree.real(path) for path in originals}
    try:
        ask(root, "read-tree", base, env=index)
        before = entries(root, names.values(), index)
        store = {p: _storing(tree, p, originals[p], before.get(names[p], "")) for p in names}
        after = dict[str, str]()
        for commit in commits:
            after |= {names[path]: store[path](new) for path, new in commit.files.items()}
            enter(root, after, index)
            files = _line(ask(root, "write-tree", "--missing-ok", env=index))
            message = commit.message.encode()
            tip = _line(ask(root, "commit-tree", files, "-p", tip, "-F", "-", stdin=message))
    finally:
        (folder / "index").unlink(missing_ok=True)
    return BranchUpdate(current, ref, base, tip, before, after)


def _base(tree: Tree) -> str:
    """Id of the commit that is checked out, on which others can be made."""
    base = tree.commit()
    if base is None:
        found, wanted = "no git checkout with a commit in it", "one to commit the edits to"
        next_step = "apply without --commit, or use `effpatch export`"
        raise GitError(tree.place, found, wanted, next_step)
    for what in _UNDERWAY:
        if try_to(tree.root, "rev-parse", "-q", "--verify", f"{what.upper()}_HEAD")[0] == 0:
            found = f"a {what.replace('_', '-')} has not ended"
            raise GitError(tree.place, found, "", "finish or abort it first")
    return base


def _new_branch(tree: Tree, name: str) -> str:
    """Full name of a branch that does not exist yet."""
    ask(tree.root, "check-ref-format", "--branch", name)
    if ask(tree.root, "for-each-ref", f"refs/heads/{name}"):
        found = f"has a branch {name} already"
        raise GitError(tree.place, found, "a new name", "name another with --branch")
    return f"refs/heads/{name}"


def _storing(tree: Tree, path: str, content: bytes, before: str) -> Callable[[bytes], str]:
    """What stores other bytes of a file in the way in which the base stores these."""
    for options in (("--path", tree.real(path)), ("--no-filters",)):
        store = partial(_stored, tree.root, before[:6], options)
        if before and store(content) == before:
            return store
    found = f"uncommitted changes in {path}, which `git status` does not show"
    raise TreeError(tree.place, found, "a clean checkout", "commit or undo them first")


def _stored(root: Path, mode: str, options: Sequence[str], content: bytes) -> str:
    """Mode and blob of a file with these bytes, which are put into the repository."""
    return f"{mode} {_line(ask(root, 'hash-object', '-w', '--stdin', *options, stdin=content))}"


def _line(printed: bytes) -> str:
    return os.fsdecode(printed).strip()
