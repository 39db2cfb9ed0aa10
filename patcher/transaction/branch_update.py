"""How a branch comes to end in commits that are already made, and how that is undone."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
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
    """

    head: str
    branch: str
    base: str
    tip: str
    before: Mapping[str, str]
    after: Mapping[str, str]

    @classmethod
    def checked(
        cls,
        head: str,
        branch: str,
        base: str,
        tip: str,
        before: dict[str, str],
        after: dict[str, str],
    ) -> BranchUpdate:
        """What a journal says of commits, which anybody may have written.

        Raises:
            ValueError: It cannot be that.
        """
        entries = (*before.values(), *after.values())
        known = _ID.fullmatch(base) and _ID.fullmatch(tip) and set(before) == set(after)
        named = all(not name or name.startswith("refs/") for name in (head, branch))
        if not (known and named and all(map(_ENTRY.fullmatch, entries))):
            raise ValueError("no commits of a run")
        return cls(head, branch, base, tip, before, after)

    def make(self, root: Path) -> None:
        """Have the branch end in the commits; the last act decides between old and new.

        Args:
            root: The tree's root.

        Raises:
            GitError: git fails, or something else was checked out or committed meanwhile;
                branches and index are as they were.
        """
        try:
            self._require_head(root)
            enter(root, self.after)
            if self.branch:
                self._branch_off(root)
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
        ours = [path for path in self.after if entry(root, path) == self.after[path]]
        if ours and commit == self.base:  # else they are in a commit of the user's
            enter(root, {path: self.before[path] for path in ours})

    def _require_head(self, root: Path) -> None:
        if head(root) != self.head or _commit(root, "HEAD") != self.base:
            found = "something else was checked out or committed meanwhile"
            raise GitError(str(root), found, next_step="run again")

    def _branch_off(self, root: Path) -> None:
        if _commit(root, self.branch) != self.tip:  # else a run was interrupted right after this
            ask(root, "update-ref", self.branch, self.tip, "")
        ask(root, "symbolic-ref", "-m", _REFLOG, "HEAD", self.branch)


def head(root: Path) -> str:
    """Full name of the branch that is checked out; "" for none."""
    return os.fsdecode(try_to(root, "symbolic-ref", "--quiet", "HEAD")[1]).strip()


def entry(root: Path, path: str, env: Mapping[str, str] | None = None) -> str:
    """Mode and blob of a file in the index; "" if it is not there.

    Args:
        root: The tree's root.
        path: Of the file in the repository.
        env: Variables that name another index.
    """
    found = ask(root, "ls-files", "-s", "-z", "--", f":(top,literal){path}", env=env)
    return found.partition(b"\t")[0].rpartition(b" ")[0].decode()


def enter(root: Path, entries: Mapping[str, str], env: Mapping[str, str] | None = None) -> None:
    """Put files into the index.

    Args:
        root: The tree's root.
        entries: Mode and blob of each file, by path in the repository.
        env: Variables that name another index.
    """
    lines = "".join(f"{value}\t{path}\0" for path, value in entries.items())
    ask(root, "update-index", "-z", "--index-info", stdin=os.fsencode(lines), env=env)


def _commit(root: Path, name: str) -> str:
    """Id of the commit that a name stands for; "" for none."""
    return try_to(root, "rev-parse", "--verify", "--quiet", name)[1].decode().strip()
