"""Commits on a tree's branch, or a new one, made without its index and working files."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from patcher.errors import GitError, TreeError
from patcher.tree.files import Tree
from patcher.tree.git import ANY, ask, try_to

_ID = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_ENTRY = re.compile(f"(100644|100755) ({_ID.pattern})")
_REFLOG = "effpatch apply"
# What git may be in the middle of.
_UNDERWAY = ("merge", "cherry_pick", "revert", "rebase")


class Commit(NamedTuple):
    """A commit to make: its message, and the new bytes of the files that it changes, by path."""

    message: str
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class BranchUpdate:
    """What it takes to have a branch end in commits that nothing refers to yet.

    Attributes:
        head: Full name of the branch that is checked out; "" for none.
        branch: Full name of the new branch to check out; "" for the one checked out.
        base: Id of the commit that is checked out, on which the commits were made.
        tip: Id of the last of them.
        before: Mode and blob of each file that they change, as the base has it, by path in
            the repository.
        after: The same, as the tip has it.

    Raises:
        ValueError: It cannot be that; a journal that says so may be anybody's.
    """

    head: str
    branch: str
    base: str
    tip: str
    before: Mapping[str, str]
    after: Mapping[str, str]

    def __post_init__(self) -> None:
        files = (*self.before.values(), *self.after.values())
        known = _ID.fullmatch(self.base) and _ID.fullmatch(self.tip)
        named = all(not name or name.startswith("refs/") for name in (self.head, self.branch))
        complete = set(self.before) == set(self.after)
        if not (known and named and complete and all(map(_ENTRY.fullmatch, files))):
            raise ValueError("no commits of a run")

    def make(self, tree: Tree) -> None:
        """Have the branch end in the commits; the last act decides between old and new.

        Raises:
            GitError: git fails, or something else was checked out or committed meanwhile;
                branches and index are as they were.
        """
        root = tree.root
        try:
            if _head(root) != self.head or tree.commit() != self.base:
                found = "something else was checked out or committed meanwhile"
                raise GitError(str(root), found, next_step="run again")
            _enter(root, self.after)
            if self.branch:
                if tree.commit(self.branch) != self.tip:  # else a run was interrupted here
                    ask(root, "update-ref", self.branch, self.tip, "")
                ask(root, "symbolic-ref", "-m", _REFLOG, "HEAD", self.branch)
            else:
                ask(root, "update-ref", "-m", _REFLOG, "HEAD", self.tip, self.base)
        except GitError:
            self.undo(tree)
            raise
        try_to(root, "update-index", "-q", "--refresh", allowed=ANY)

    def is_made(self, tree: Tree) -> bool:
        """Whether what is checked out ends in the commits, or in later ones."""
        question = ("merge-base", "--is-ancestor", self.tip, "HEAD")
        return try_to(tree.root, *question, allowed=ANY)[0] == 0

    def undo(self, tree: Tree) -> None:
        """Undo what `make` did before its last act: entries in the index, and a new branch.

        Raises:
            GitError: git fails.
        """
        root, base = tree.root, tree.commit()
        if self.branch and _head(root) != self.branch and tree.commit(self.branch) == self.tip:
            ask(root, "update-ref", "-d", self.branch, self.tip)
        found = _entries(root, self.after)
        ours = [path for path in self.after if found.get(path) == self.after[path]]
        if ours and base == self.base:  # else they are in a commit of the user's
            _enter(root, {path: self.before[path] for path in ours})


def build(
    tree: Tree,
    branch: str | None,
    commits: Sequence[Commit],
    originals: Mapping[str, bytes],
    folder: Path,
) -> BranchUpdate:
    """Make commits that nothing refers to yet, without touching the tree's index and other work.

    Args:
        tree: The tree.
        branch: The new branch that is to end in them; None for the one checked out.
        commits: What to commit; with nothing, it is only checked that commits could be made.
        originals: The bytes of the files that they change as they are, by path.
        folder: Where their own index can be for a moment.

    Raises:
        TreeError: A file is not as the base has it, though git was told to think so.
        GitError: The tree has no commit, a merge or the like has not ended, the branch exists,
            or git fails, for example because it knows no author.
    """
    root, base, current = tree.root, _base(tree), _head(tree.root)
    ref = "" if branch is None else _new_branch(tree, branch)
    for who in ("AUTHOR", "COMMITTER"):
        ask(root, "var", f"GIT_{who}_IDENT")
    tip, index = base, {"GIT_INDEX_FILE": str(folder / "index")}
    prefix = ask(root, "rev-parse", "--show-prefix")
    names = {path: prefix + tree.real(path) for path in originals}
    try:
        ask(root, "read-tree", base, env=index)
        before = _entries(root, names.values(), index)
        how = {p: _way_to_store(tree, p, originals[p], before.get(names[p], "")) for p in names}
        after = dict(before)
        for commit in commits:
            for path, content in commit.files.items():
                after[names[path]] = _stored(root, *how[path], content)
            _enter(root, after, index)
            files = ask(root, "write-tree", "--missing-ok", env=index)
            message = commit.message.encode()
            tip = ask(root, "commit-tree", files, "-p", tip, "-F", "-", stdin=message)
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
        if tree.commit(f"{what.upper()}_HEAD"):
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


def _way_to_store(
    tree: Tree, path: str, content: bytes, before: str
) -> tuple[str, tuple[str, ...]]:
    """The mode and the options with which the base stores these bytes of a file."""
    mode = before[:6]
    for options in (("--path", tree.real(path)), ("--no-filters",)):
        if before and _stored(tree.root, mode, options, content) == before:
            return mode, options
    found = f"uncommitted changes in {path}, which `git status` does not show"
    raise TreeError(tree.place, found, "a clean checkout", "commit or undo them first")


def _stored(root: Path, mode: str, options: Sequence[str], content: bytes) -> str:
    """Mode and blob of a file with these bytes, which are put into the repository."""
    return f"{mode} {ask(root, 'hash-object', '-w', '--stdin', *options, stdin=content)}"


def _head(root: Path) -> str:
    """Full name of the branch that is checked out; "" for none."""
    return ask(root, "symbolic-ref", "--quiet", "HEAD", allowed=(0, 1))


def _entries(
    root: Path, paths: Iterable[str], env: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Mode and blob of those of some files that are in the index, by path in the repository.

    Variables in `env` may name another index; so too below.
    """
    named = [f":(top,literal){path}" for path in paths]
    found = ask(root, "ls-files", "--full-name", "-s", "-z", "--", *named, env=env)
    rows = (row.partition("\t") for row in found.split("\0") if row)
    return {path: row.rpartition(" ")[0] for row, _, path in rows}


def _enter(root: Path, files: Mapping[str, str], env: Mapping[str, str] | None = None) -> None:
    """Put the modes and blobs of files, by their paths in the repository, into the index."""
    lines = "".join(f"{value}\t{path}\0" for path, value in files.items())
    ask(root, "update-index", "-z", "--index-info", stdin=os.fsencode(lines), env=env)
