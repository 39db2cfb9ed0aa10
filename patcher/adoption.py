"""Commits that are made already, and how a tree's branch comes to end in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from patcher.errors import GitFailed
from patcher.vcs import ask, try_to

_ID = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_ENTRY = re.compile(f"(100644|100755) ({_ID.pattern})")
# What has an index drop a file; git minds the mode alone.
ABSENT = f"0 {'0' * 40}"


@dataclass(frozen=True, slots=True)
class Adoption:
    """What it takes to have a branch end in commits that nothing refers to yet.

    Attributes:
        branch: Full name of the new branch to check out; "" for the one checked out.
        base: Id of the commit that is checked out, on which the commits were made.
        tip: Id of the last of them.
        before: Mode and blob of each file that they change, as the base has it, by path in
            the repository.
        after: The same, as the tip has it.
    """

    branch: str
    base: str
    tip: str
    before: Mapping[str, str]
    after: Mapping[str, str]

    @classmethod
    def checked(
        cls, branch: str, base: str, tip: str, before: dict[str, str], after: dict[str, str]
    ) -> Adoption:
        """What a journal says of commits, which anybody may have written.

        Raises:
            ValueError: It cannot be that.
        """
        entries = (*before.values(), *after.values())
        known = _ID.fullmatch(base) and _ID.fullmatch(tip) and set(before) == set(after)
        named = not branch or branch.startswith("refs/heads/")
        if not (known and named and all(_ENTRY.fullmatch(e) or e == ABSENT for e in entries)):
            raise ValueError("no commits of a run")
        return cls(branch, base, tip, before, after)

    def adopt(self, root: Path) -> None:
        """Have the branch end in the commits; its last act decides between old and new.

        Args:
            root: The tree's root.

        Raises:
            GitFailed: git fails; branches and index are as they were.
        """
        try:
            self._enter(root, self.after)
            if self.branch:
                self._branch_off(root)
            else:
                arguments = ("-m", "effpatch apply", "HEAD", self.tip, self.base)
                ask(root, "update-ref", *arguments)
        except GitFailed:
            self.withdraw(root)
            raise
        try_to(root, "update-index", "-q", "--refresh")

    def adopted(self, root: Path) -> bool:
        """Whether what is checked out ends in the commits, or in later ones."""
        return try_to(root, "merge-base", "--is-ancestor", self.tip, "HEAD")[0] == 0

    def withdraw(self, root: Path) -> None:
        """Give the index its old entries back, where the commits' stand in it.

        Raises:
            GitFailed: git fails.
        """
        ours = [path for path in self.after if entry(root, path) == self.after[path]]
        if ours:
            self._enter(root, {path: self.before[path] for path in ours})

    def _branch_off(self, root: Path) -> None:
        made = try_to(root, "rev-parse", "--verify", "--quiet", self.branch)[1].decode().strip()
        if made != self.tip:  # else a run was cut off right after it made the branch
            ask(root, "update-ref", self.branch, self.tip, "")
        try:
            ask(root, "symbolic-ref", "-m", "effpatch apply", "HEAD", self.branch)
        except GitFailed:
            ask(root, "update-ref", "-d", self.branch, self.tip)
            raise

    def _enter(self, root: Path, entries: Mapping[str, str]) -> None:
        lines = "".join(f"{value}\t{path}\0" for path, value in entries.items())
        ask(root, "update-index", "-z", "--index-info", stdin=lines.encode())


def entry(root: Path, path: str, env: Mapping[str, str] | None = None) -> str:
    """Mode and blob of a file in the index, ABSENT if it is not there.

    Args:
        root: The tree's root.
        path: Of the file in the repository.
        env: What names another index.
    """
    found = ask(root, "ls-files", "-s", "-z", "--", f":(top,literal){path}", env=env).decode()
    return found.partition("\t")[0].rpartition(" ")[0] or ABSENT
