"""One commit per documented edit: on the tree's own branch, or as patch files."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from patcher.errors import BranchExists, DirtyTree, NoHistory, NotEmpty, Underway
from patcher.model import Pack, Rule, TreePlan
from patcher.transaction.branches import Adoption, entry
from patcher.tree.files import Tree
from patcher.tree.git import ask, try_to

# What git may be in the middle of.
_UNDERWAY = ("merge", "cherry_pick", "revert", "rebase")
# The user's settings have no say in how patches are written.
_OWN_SETTINGS = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


@dataclass(frozen=True, slots=True)
class Step:
    """One edit by itself: the rule, and its file's bytes before and after."""

    id: str
    rule: Rule
    path: str
    before: bytes
    after: bytes

    @property
    def message(self) -> str:
        """The edit as a commit says it: id and title; reason, and the document's quotes."""
        parts = [f"{self.id}: {self.rule.title}", _wrapped(self.rule.why)]
        if self.rule.deviation:
            parts.append(_wrapped(self.rule.deviation))
        for label, quote in (("Before", self.rule.before), ("After", self.rule.after)):
            if quote:
                parts.append(f"{label}:\n\n{textwrap.indent(quote.rstrip(), '    ')}")
        return "\n\n".join(parts) + "\n"


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit to be made: its message, and the bytes of the files that it changes."""

    message: str
    files: Mapping[str, bytes]


def steps(plan: TreePlan, packs: Sequence[Pack]) -> Iterator[Step]:
    """Each pending edit of a plan by itself, in the order of the packs' files."""
    from patcher import engine  # LibCST, which a run with nothing to do can spare

    rules = {id_: rule for pack in packs for id_, _, rule in pack.entries()}
    chosen = {outcome.id for outcome in plan.outcomes}
    for file in plan.changed:
        before = file.before
        mine = [s for pack in packs for s in pack.sections if s.path == file.path]
        for id_, after in engine.steps(mine, before, chosen):
            yield Step(id_, rules[id_], file.path, before, after)
            before = after


def per_rule(plan: TreePlan, packs: Sequence[Pack]) -> list[Commit]:
    """One commit per edit."""
    return [Commit(step.message, {step.path: step.after}) for step in steps(plan, packs)]


def at_once(plan: TreePlan, packs: Sequence[Pack]) -> list[Commit]:
    """One commit of all edits."""
    titles = "\n".join(f"{step.id}: {step.rule.title}" for step in steps(plan, packs))
    names = ", ".join(pack.name for pack in packs)
    message = f"Apply the edits for HPUs: {names}\n\n{titles}\n"
    return [Commit(message, {file.path: file.after for file in plan.changed})]


@dataclass(frozen=True, slots=True)
class _Stored:
    """A file as git stores it: its path in the repository, its entry, and how it is hashed."""

    root: Path
    name: str
    before: str
    way: tuple[str, ...]

    def entry(self, content: bytes) -> str:
        """Mode and blob of the file with other bytes."""
        blob = ask(self.root, "hash-object", "-w", "--stdin", *self.way, stdin=content)
        return f"{self.before.split()[0]} {blob.decode().strip()}"


class Branch:
    """The branch that commits are to be on: the one checked out, or a new one."""

    def __init__(self, tree: Tree, name: str | None) -> None:
        """See that commits can be made.

        Args:
            tree: The tree.
            name: The new branch; None for the one checked out.

        Raises:
            NoHistory: The tree is no checkout, or has no commit.
            Underway: A merge or the like has not ended.
            BranchExists: There is a branch of that name.
            GitFailed: git refuses the name.
        """
        base = tree.commit()
        if base is None:
            raise NoHistory(tree.place)
        self._tree, self._base = tree, base
        self._prefix = self._ask("rev-parse", "--show-prefix")
        self._head = os.fsdecode(try_to(tree.root, "symbolic-ref", "-q", "HEAD")[1]).strip()
        for what in _UNDERWAY:
            if try_to(tree.root, "rev-parse", "-q", "--verify", f"{what.upper()}_HEAD")[0] == 0:
                raise Underway(tree.place, what.replace("_", "-"))
        self._ref = "" if name is None else f"refs/heads/{name}"
        if name is not None:
            self._ask("check-ref-format", "--branch", name)
            if self._ask("for-each-ref", self._ref):
                raise BranchExists(tree.place, name)

    def build(
        self, commits: Sequence[Commit], originals: Mapping[str, bytes], folder: Path
    ) -> Adoption:
        """Make the commits, beside the tree's index and other work.

        Args:
            commits: What they say, and the files that they change, links followed.
            originals: The bytes of those files as they are.
            folder: Where an index of theirs can be kept for a while.

        Returns:
            What it takes to have the branch end in them; nothing refers to them yet.

        Raises:
            DirtyTree: A file is not as the base has it, though git was told to think so.
            GitFailed: git fails, for one because it knows no author.
        """
        tip, index = self._base, {"GIT_INDEX_FILE": str(folder / "index")}
        try:
            self._ask("read-tree", self._base, env=index)
            files = {path: self._stored(path, originals[path], index) for path in originals}
            after = dict[str, str]()
            for commit in commits:
                for path, content in commit.files.items():
                    after[files[path].name] = files[path].entry(content)
                lines = "".join(f"{entry}\t{name}\0" for name, entry in after.items())
                text = os.fsencode(lines)
                self._ask("update-index", "-z", "--index-info", stdin=text, env=index)
                tree = self._ask("write-tree", "--missing-ok", env=index)
                message = commit.message.encode()
                tip = self._ask("commit-tree", tree, "-p", tip, "-F", "-", stdin=message)
        finally:
            (folder / "index").unlink(missing_ok=True)
        before = {file.name: file.before for file in files.values()}
        return Adoption(self._head, self._ref, self._base, tip, before, after)

    def _stored(self, path: str, content: bytes, index: Mapping[str, str]) -> _Stored:
        """How the base stores a file of the tree, whose bytes are these."""
        real = self._tree.real(path)
        before = entry(self._tree.root, self._prefix + real, index)
        for way in (("--path", real), ("--no-filters",)):
            file = _Stored(self._tree.root, self._prefix + real, before, way)
            if before and file.entry(content) == before:
                return file
        raise DirtyTree(self._tree.place, [path])

    def _ask(
        self, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None
    ) -> str:
        return os.fsdecode(ask(self._tree.root, *arguments, stdin=stdin, env=env)).strip()


def export(tree: Tree, plan: TreePlan, packs: Sequence[Pack], folder: Path) -> list[Path]:
    """Write the edits as a series of patch files that `git am` accepts.

    Args:
        tree: The tree, for its links and the author that its git names.
        plan: Its plan.
        packs: The plan's packs.
        folder: Where to write; it must be empty, or not there yet.

    Raises:
        NotEmpty: There is something in the folder.
        GitFailed: git fails, for one because it knows no author.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotEmpty(str(folder))
    target = folder.resolve()
    with TemporaryDirectory(prefix="effpatch-") as name:
        scratch, env = Path(name), {**_author(tree), **_OWN_SETTINGS}
        ask(scratch, "init", "--quiet", env=env)
        originals = {tree.real(file.path): file.before for file in plan.changed}
        _commit(scratch, Commit("The files before the edits\n", originals), env)
        for commit in per_rule(plan, packs):
            files = {tree.real(path): content for path, content in commit.files.items()}
            _commit(scratch, Commit(commit.message, files), env)
        options = ("--quiet", "--output-directory", str(target), "--no-signature")
        base = ask(scratch, "rev-list", "--max-parents=0", "HEAD").decode().strip()
        ask(scratch, "format-patch", *options, f"{base}..HEAD", env=env)
    return sorted(folder.glob("*.patch"))


def _author(tree: Tree) -> dict[str, str]:
    """Name and address as the tree's git has them."""
    ident = ask(tree.root, "var", "GIT_AUTHOR_IDENT").decode()
    name, _, rest = ident.partition(" <")
    address = rest.partition(">")[0]
    who = {"NAME": name, "EMAIL": address}
    return {f"GIT_{role}_{k}": v for role in ("AUTHOR", "COMMITTER") for k, v in who.items()}


def _commit(scratch: Path, commit: Commit, env: Mapping[str, str]) -> None:
    for path, content in commit.files.items():
        (scratch / path).parent.mkdir(parents=True, exist_ok=True)
        (scratch / path).write_bytes(content)
    ask(scratch, "add", "--all", env=env)
    options = ("--quiet", "--allow-empty", "--file=-")
    ask(scratch, "commit", *options, stdin=commit.message.encode(), env=env)


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 72)
