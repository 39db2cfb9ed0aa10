"""How a branch comes to end in commits that are already made, and how that is undone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from patcher.errors import GitError
from patcher.tree.git import ANY, ask, try_to

_ID = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_ENTRY = re.compile(f"(100644|100755) ({_ID.pattern})")
_REFLOG = "effpatch apply"


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

    def make(self, root: Path) -> None:
        """Have the branch end in the commits; the last act decides between old and new.

        Raises:
            GitError: git fails, or something else was checked out or committed meanwhile;
                branches and index are as they were.
        """
        try:
            if head(root) != self.head or _commit(root, "HEAD") != self.base:
                found = "something else was checked out or committed meanwhile"
                raise GitError(str(root), found, next_step="run again")
            enter(root, self.after)
            if self.branch:
                if _commit(root, self.branch) != self.tip:  # else a run was interrupted here
                    ask(root, "update-ref", self.branch, self.tip, "")
                ask(root, "symbolic-ref", "-m", _REFLOG, "HEAD", self.branch)
            else:
                ask(root, "update-ref", "-m", _REFLOG, "HEAD", self.tip, self.base)
        except GitError:
            self.undo(root)
            raise
        try_to(root, "update-index", "-q", "--refresh", allowed=ANY)

    def is_made(self, root: Path) -> bool:
        """Whether what is checked out ends in the commits, or in later ones."""
        question = ("merge-base", "--is-ancestor", self.tip, "HEAD")
        return try_to(root, *question, allowed=ANY)[0] == 0

    def undo(self, root: Path) -> None:
        """Undo what `make` did before its last act: entries in the index, and a new branch.

        Raises:
            GitError: git fails.
        """
        current, commit = head(root), _commit(root, "HEAD")
        if self.branch and current != self.branch and _commit(root, self.branch) == self.tip:
            ask(root, "update-ref", "-d", self.branch, self.tip)
        found = entries(root, self.after)
        ours = [path for path in self.after if found.get(path) == self.after[path]]
        if ours and commit == self.base:  # else they are in a commit of the user's
            enter(root, {path: self.before[path] for path in ours})


def head(root: Path) -> str:
    """Full name of the branch that is checked out; "" for none."""
    return os.fsdecode(try_to(root, "symbolic-ref", "--quiet", "HEAD")[1]).strip()


def entries(
    root: Path, paths: Iterable[str], env: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Mode and blob of those of some files that are in the index, by path in the repository.

    Variables in `env` may name another index; so too below.
    """
    named = [f":(top,literal){path}" for path in paths]
    found = ask(root, "ls-files", "--full-name", "-s", "-z", "--", *named, env=env)
    rows = (row.partition(b"\t") for row in found.split(b"\0") if row)
    return {os.fsdecode(path): row.rpartition(b" ")[0].decode() for row, _, path in rows}


def enter(root: Path, files: Mapping[str, str], env: Mapping[str, str] | None = None) -> None:
    """Put the modes and blobs of files, by their paths in the repository, into the index."""
    lines = "".join(f"{value}\t{path}\0" for path, value in files.items())
    ask(root, "update-index", "-z", "--index-info", stdin=os.fsencode(lines), env=env)


def _commit(root: Path, name: str) -> str:
    """Id of the commit that a name stands for; "" for none."""
    return try_to(root, "rev-parse", "--verify", "--quiet", name)[1].decode().strip()
