"""Commits on a tree's branch, or a new one, made without its index and working files."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from patcher.errors import GitError, TreeError
from patcher.transaction import hooks
from patcher.tree.files import Tree
from patcher.tree.git import ANY, Settings, ask, identity, try_to
from patcher.tree.repository import Repository

_ID = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_ENTRY = re.compile(f"(100644|100755) ({_ID.pattern})")
_REFLOG = "effpatch apply"


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

    def make(self, tree: Tree, folder: Path) -> None:
        """Have the branch end in the commits; the last act decides between old and new.

        The hook `pre-commit` is run with an index of its own, in a folder that is named.

        Raises:
            GitError: git or the hook refuses, or something else was checked out or committed
                meanwhile; branches and index are as they were.
        """
        top = _repository(tree).top
        try:
            self._require_unmoved(tree, top)
            hooks.before_commit(top, folder / "index", self.tip)
            self._require_unmoved(tree, top)
            _enter(top, self.after)
            if self.branch:
                if _repository(tree).commit(self.branch) != self.tip:
                    _change(top, "update-ref", self.branch, self.tip, "")
                _change(top, "symbolic-ref", "-m", _REFLOG, "HEAD", self.branch)
            else:
                _change(top, "update-ref", "-m", _REFLOG, "HEAD", self.tip, self.base)
        except GitError:
            self.undo(tree)
            raise
        try_to(top, "update-index", "-q", "--refresh", allowed=ANY, settings=Settings.ALL)
        hooks.after_commit(top)

    def _require_unmoved(self, tree: Tree, top: Path) -> None:
        """Check that what is checked out and staged is what the commits were made on."""
        if _head(top) != self.head or tree.commit() != self.base:
            found = "something else was checked out or committed meanwhile"
            raise GitError(str(top), found, next_step="run again")
        if _entries(top, self.before) != self.before:
            found = "a file that is to be committed was staged meanwhile"
            raise GitError(str(top), found, next_step="run again")

    def is_made(self, tree: Tree) -> bool:
        """Whether what is checked out ends in the commits, or in later ones."""
        question = ("merge-base", "--is-ancestor", self.tip, "HEAD")
        return try_to(_repository(tree).top, *question, allowed=ANY)[0] == 0

    def undo(self, tree: Tree) -> None:
        """Undo what `make` did before its last act: entries in the index, and a new branch.

        Raises:
            GitError: git fails.
        """
        found = _repository(tree)
        top, base = found.top, found.commit()
        if self.branch and _head(top) != self.branch and found.commit(self.branch) == self.tip:
            ask(top, "update-ref", "-d", self.branch, self.tip)
        entries = _entries(top, self.after)
        ours = [path for path in self.after if entries.get(path) == self.after[path]]
        if ours and base == self.base:
            _enter(top, {path: self.before[path] for path in ours})
        elif ours:  # some may be in a commit of the user's
            now = found.committed(*ours)
            _enter(top, {path: f"{entry.mode} {entry.blob}" for path, entry in now.items()})


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
        GitError: The tree has no commit, a merge or the like has not ended, the branch exists, a
            hook refuses, or git fails, for example because it knows no author.
    """
    found = _repository(tree)
    top, base, current = found.top, _base(tree, found), _head(found.top)
    ref = "" if branch is None else _new_branch(tree, top, branch)
    for who in ("AUTHOR", "COMMITTER"):
        identity(top, who)
    tip, index, signature = base, {"GIT_INDEX_FILE": str(folder / "index")}, _signature(top)
    names = {path: tree.in_repository(path, found) for path in originals}
    try:
        ask(top, "read-tree", base, env=index)
        before = _entries(top, names.values(), index)
        how = {p: _way_to_store(tree, top, p, n, originals[p], before) for p, n in names.items()}
        after = dict(before)
        for commit in commits:
            for path, content in commit.files.items():
                after[names[path]] = _stored(top, *how[path], content)
            _enter(top, after, index)
            files = ask(top, "write-tree", "--missing-ok", env=index)
            message = hooks.message(top, folder, commit.message)
            options = (*signature, files, "-p", tip, "-F", "-")
            tip = _change(top, "commit-tree", *options, stdin=message)
    finally:
        (folder / "index").unlink(missing_ok=True)
    return BranchUpdate(current, ref, base, tip, before, after)


def _repository(tree: Tree) -> Repository:
    """The repository that a tree is in."""
    found = tree.repository
    if found and found.is_ours:
        asked = ("rev-parse", "--show-toplevel", "--absolute-git-dir")
        places = ask(found.top, *asked, settings=Settings.ALL).splitlines()
        if [os.path.realpath(each) for each in places] == [str(found.top), str(found.folder)]:
            return found
    said = "no git checkout with a commit in it"
    if found:
        said = f"its .git leads to {found.folder}, which does not say that it belongs here"
    next_step = "apply without --commit, or use `effpatch export`"
    raise GitError(tree.place, said, "a checkout to commit the edits to", next_step)


def _base(tree: Tree, found: Repository) -> str:
    """Id of the commit that is checked out, on which others can be made."""
    if underway := found.underway:
        said = f"a {underway} has not ended"
        raise GitError(tree.place, said, "", "finish or abort it first")
    if base := found.commit():
        return base
    said, wanted = "no git checkout with a commit in it", "one to commit the edits to"
    next_step = "apply without --commit, or use `effpatch export`"
    raise GitError(tree.place, said, wanted, next_step)


def _new_branch(tree: Tree, top: Path, name: str) -> str:
    """Full name of a branch that does not exist yet."""
    ask(top, "check-ref-format", "--branch", name)
    if ask(top, "for-each-ref", f"refs/heads/{name}"):
        found = f"has a branch {name} already"
        raise GitError(tree.place, found, "a new name", "choose another with --branch")
    return f"refs/heads/{name}"


def _signature(top: Path) -> tuple[str, ...]:
    """The option that has a commit signed, where the user wants all to be."""
    asked = ("config", "--type=bool", "--default=false", "commit.gpgSign")
    return ("-S",) if ask(top, *asked, settings=Settings.ALL) == "true" else ()


def _way_to_store(
    tree: Tree, top: Path, path: str, name: str, content: bytes, base: Mapping[str, str]
) -> tuple[str, tuple[str, ...]]:
    """The mode and the options with which the base stores these bytes of a file."""
    before = base.get(name, "")
    mode = before[:6]
    for options in (("--path", name), ("--no-filters",)):
        if before and _stored(top, mode, options, content) == before:
            return mode, options
    found = f"uncommitted changes in {path}, which `git status` does not show"
    raise TreeError(tree.place, found, "a clean checkout", "commit or undo them first")


def _stored(top: Path, mode: str, options: Sequence[str], content: bytes) -> str:
    """Mode and blob of a file with these bytes, which are put into the repository."""
    return f"{mode} {_change(top, 'hash-object', '-w', '--stdin', *options, stdin=content)}"


def _head(top: Path) -> str:
    """Full name of the branch that is checked out; "" for none."""
    return ask(top, "symbolic-ref", "--quiet", "HEAD", allowed=(0, 1))


def _change(top: Path, *arguments: str, stdin: bytes = b"") -> str:
    """What git prints where it makes something of a commit, as the user's settings have it."""
    return ask(top, *arguments, stdin=stdin, settings=Settings.ALL)


def _entries(
    top: Path, paths: Iterable[str], env: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Mode and blob of those of some files that are in the index, by path in the repository.

    Variables in `env` may name another index; so too below.
    """
    found = ask(top, "ls-files", "-s", "-z", "--", *paths, env=env)
    rows = (row.partition("\t") for row in found.split("\0") if row)
    return {path: row.rpartition(" ")[0] for row, _, path in rows}


def _enter(top: Path, files: Mapping[str, str], env: Mapping[str, str] | None = None) -> None:
    """Put the modes and blobs of files, by their paths in the repository, into the index.

    What git was told to think of the files, it goes on thinking.
    """
    told = ask(top, "ls-files", "-v", "-z", "--", *files, env=env).split("\0")[:-1]
    lines = "".join(f"{value}\t{path}\0" for path, value in files.items())
    ask(top, "update-index", "-z", "--index-info", stdin=os.fsencode(lines), env=env)
    for tags, option in (("Ss", "--skip-worktree"), ("hs", "--assume-unchanged")):
        if marked := [row[2:] for row in told if row[0] in tags]:
            names = os.fsencode("".join(f"{path}\0" for path in marked))
            ask(top, "update-index", option, "-z", "--stdin", stdin=names, env=env)
