"""Commits on a tree's branch, or a new one, made without its index and working files."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from patcher.errors import GitError, TreeError
from patcher.transaction.branch_update import BranchUpdate, enter, entry, head
from patcher.tree.files import Tree
from patcher.tree.git import ask, try_to

# What git may be in the middle of.
_UNDERWAY = ("merge", "cherry_pick", "revert", "rebase")


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit to make: its message, and the new bytes of the files that it changes, by path."""

    message: str
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Branch:
    """The branch that commits go to.

    Attributes:
        tree: The tree.
        base: Id of the commit that is checked out.
        head: Full name of the branch that is checked out; "" for none.
        ref: Full name of the new branch; "" for the one checked out.
    """

    tree: Tree
    base: str
    head: str
    ref: str

    @classmethod
    def of(cls, tree: Tree, name: str | None) -> Branch:
        """The branch of a name, once it is certain that commits can be made.

        Args:
            tree: The tree.
            name: The new branch; None for the one checked out.

        Raises:
            GitError: The tree is no checkout or has no commit, a merge or the like has not
                ended, there is a branch of that name, or git refuses the name.
        """
        base = tree.commit()
        if base is None:
            found, wanted = "no git checkout with a commit in it", "one to commit the edits to"
            next_step = "apply without --commit, or use `effpatch export`"
            raise GitError(tree.place, found, wanted, next_step)
        for what in _UNDERWAY:
            if try_to(tree.root, "rev-parse", "-q", "--verify", f"{what.upper()}_HEAD")[0] == 0:
                found = f"a {what.replace('_', '-')} has not ended"
                raise GitError(tree.place, found, "", "finish or abort it first")
        if name is None:
            return cls(tree, base, head(tree.root), "")
        ref = f"refs/heads/{name}"
        ask(tree.root, "check-ref-format", "--branch", name)
        if ask(tree.root, "for-each-ref", ref):
            found = f"has a branch {name} already"
            raise GitError(tree.place, found, "a new name", "name another with --branch")
        return cls(tree, base, head(tree.root), ref)

    def build(
        self, commits: Sequence[Commit], originals: Mapping[str, bytes], folder: Path
    ) -> BranchUpdate:
        """Make the commits, without touching the tree's index and other work.

        Args:
            commits: Their messages, and the files that they change.
            originals: The bytes of those files as they are, by path.
            folder: Where their own index can be for a moment.

        Returns:
            What it takes to have the branch end in them; nothing refers to them yet.

        Raises:
            TreeError: A file is not as the base has it, though git was told to think so.
            GitError: git fails, for example because it knows no author.
        """
        root, tip, index = self.tree.root, self.base, {"GIT_INDEX_FILE": str(folder / "index")}
        prefix = _line(ask(root, "rev-parse", "--show-prefix"))
        try:
            ask(root, "read-tree", self.base, env=index)
            files = {path: self._stored(path, originals[path], prefix, index) for path in originals}
            after = dict[str, str]()
            for commit in commits:
                changed = {files[path]: content for path, content in commit.files.items()}
                after |= {file.name: file.entry(root, new) for file, new in changed.items()}
                enter(root, after, index)
                tree = _line(ask(root, "write-tree", "--missing-ok", env=index))
                message = commit.message.encode()
                tip = _line(ask(root, "commit-tree", tree, "-p", tip, "-F", "-", stdin=message))
        finally:
            (folder / "index").unlink(missing_ok=True)
        before = {file.name: file.before for file in files.values()}
        return BranchUpdate(self.head, self.ref, self.base, tip, before, after)

    def _stored(self, path: str, content: bytes, prefix: str, index: Mapping[str, str]) -> _Stored:
        """How the base stores a file of the tree, whose bytes are these."""
        root, real = self.tree.root, self.tree.real(path)
        name = prefix + real
        before = entry(root, name, index)
        for options in (("--path", real), ("--no-filters",)):
            file = _Stored(name, before, options)
            if before and file.entry(root, content) == before:
                return file
        found = f"uncommitted changes in {path}, which `git status` does not show"
        raise TreeError(self.tree.place, found, "a clean checkout", "commit or undo them first")


@dataclass(frozen=True, slots=True)
class _Stored:
    """A file as git stores it: its path in the repository, its entry, how git hashes it."""

    name: str
    before: str
    options: tuple[str, ...]

    def entry(self, root: Path, content: bytes) -> str:
        """Mode and blob of the file with other bytes, which are put into the repository."""
        blob = ask(root, "hash-object", "-w", "--stdin", *self.options, stdin=content)
        return f"{self.before.split()[0]} {_line(blob)}"


def _line(printed: bytes) -> str:
    return os.fsdecode(printed).strip()
