"""Commits that are made already, and how a tree's branch comes to end in them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from patcher.errors import GitFailed
from patcher.tree.git import ANY, ask, try_to

_ID = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_ENTRY = re.compile(f"(100644|100755) ({_ID.pattern})")


@dataclass(frozen=True, slots=True)
class Adoption:
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
    ) -> Adoption:
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

    def adopt(self, root: Path) -> None:
        """Have the branch end in the commits; its last act decides between old and new.

        Args:
            root: The tree's root.

        Raises:
            GitFailed: git fails, or something else was checked out or committed meanwhile;
                branches and index are as they were.
        """
        try:
            self._require_head(root)
            self._enter(root, self.after)
            if self.branch:
                self._branch_off(root)
            else:
                arguments = ("-m", "effpatch apply", "HEAD", self.tip, self.base)
                ask(root, "update-ref", *arguments)
        except GitFailed:
            self.withdraw(root)
            raise
        try_to(root, "update-index", "-q", "--refresh", allowed=ANY)

    def adopted(self, root: Path) -> bool:
        """Whether what is checked out ends in the commits, or in later ones."""
        asked = ("merge-base", "--is-ancestor", self.tip, "HEAD")
        return try_to(root, *asked, allowed=ANY)[0] == 0

    def withdraw(self, root: Path) -> None:
        """Take back what was done for the commits: entries in the index, and a new branch.

        Raises:
            GitFailed: git fails.
        """
        head, at = _head(root), _commit(root, "HEAD")
        if self.branch and head != self.branch and _commit(root, self.branch) == self.tip:
            ask(root, "update-ref", "-d", self.branch, self.tip)
        ours = [path for path in self.after if entry(root, path) == self.after[path]]
        if ours and at == self.base:  # else they are in a commit of the user's
            self._enter(root, {path: self.before[path] for path in ours})

    def _require_head(self, root: Path) -> None:
        if _head(root) != self.head or _commit(root, "HEAD") != self.base:
            raise GitFailed(str(root), "something else was checked out or committed meanwhile")

    def _branch_off(self, root: Path) -> None:
        if _commit(root, self.branch) != self.tip:  # else a run was cut off right behind this
            ask(root, "update-ref", self.branch, self.tip, "")
        ask(root, "symbolic-ref", "-m", "effpatch apply", "HEAD", self.branch)

    def _enter(self, root: Path, entries: Mapping[str, str]) -> None:
        lines = "".join(f"{value}\t{path}\0" for path, value in entries.items())
        ask(root, "update-index", "-z", "--index-info", stdin=os.fsencode(lines))


def _head(root: Path) -> str:
    """Full name of the branch that is checked out; "" for none."""
    return os.fsdecode(try_to(root, "symbolic-ref", "--quiet", "HEAD")[1]).strip()


def _commit(root: Path, name: str) -> str:
    """Id of the commit that a name stands for; "" for none."""
    return try_to(root, "rev-parse", "--verify", "--quiet", name)[1].decode().strip()


def entry(root: Path, path: str, env: Mapping[str, str] | None = None) -> str:
    """Mode and blob of a file in the index; "" if it is not there.

    Args:
        root: The tree's root.
        path: Of the file in the repository.
        env: What names another index.
    """
    found = ask(root, "ls-files", "-s", "-z", "--", f":(top,literal){path}", env=env)
    return found.partition(b"\t")[0].rpartition(b" ")[0].decode()
