"""One commit per documented edit: on the tree's own branch, or as patch files."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from patcher.errors import BranchExists, GitFailed, NoHistory, NotEmpty
from patcher.model import Pack, Rule, TreePlan
from patcher.tree import Tree
from patcher.vcs import ask, try_to


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


class Branch:
    """Commits on top of what a tree has checked out, beside its index and other work."""

    def __init__(self, tree: Tree, name: str | None) -> None:
        """See that commits can be made.

        Args:
            tree: The tree.
            name: The new branch to put them on; None for the one checked out.

        Raises:
            NoHistory: The tree is no checkout, or has no commit.
            BranchExists: There is a branch of that name.
            GitFailed: git refuses the name.
        """
        base = tree.commit()
        if base is None:
            raise NoHistory(tree.place)
        self._root, self._name, self._base = tree.root, name, base
        self._prefix = self._ask("rev-parse", "--show-prefix")
        if name:
            self._ask("check-ref-format", "--branch", name)
            found = ask(self._root, "branch", "--list", name)
            if found:
                raise BranchExists(tree.place, name)
        self._tip = base

    def build(self, commits: Sequence[Commit]) -> None:
        """Make the commits, which nothing refers to yet.

        Raises:
            GitFailed: git fails, for one because it knows no author.
        """
        with TemporaryDirectory(prefix="effpatch-") as folder:
            env = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self._ask("read-tree", self._base, env=env)
            for commit in commits:
                self._enter(commit.files, env)
                files = self._ask("write-tree", "--missing-ok", env=env)
                arguments = ("commit-tree", files, "-p", self._tip, "-F", "-")
                self._tip = self._ask(*arguments, stdin=commit.message.encode())

    def adopt(self, files: Mapping[str, bytes]) -> None:
        """Have the tree's branch, or the new one, end in the commits.

        Args:
            files: The bytes of the files that they change, as the last leaves them.

        Raises:
            GitFailed: git fails; branch and index are as they were.
        """
        self._enter(files, {})
        try:
            self._move()
        except GitFailed:
            self._ask("reset", "--quiet", "--", *files)
            raise
        try_to(self._root, "update-index", "-q", "--refresh")

    def _move(self) -> None:
        if not self._name:
            self._ask("update-ref", "-m", "effpatch apply", "HEAD", self._tip, self._base)
            return
        self._ask("update-ref", f"refs/heads/{self._name}", self._tip, "")
        try:
            self._ask("symbolic-ref", "HEAD", f"refs/heads/{self._name}")
        except GitFailed:
            self._ask("update-ref", "-d", f"refs/heads/{self._name}", self._tip)
            raise

    def _enter(self, files: Mapping[str, bytes], env: Mapping[str, str]) -> None:
        """Put files into an index, in the modes that they have there."""
        for path, content in files.items():
            name = self._prefix + path
            entry = self._ask("ls-files", "-s", "--", path, env=env)
            mode = entry.split()[0] if entry else "100644"
            if mode == "120000":
                raise GitFailed(str(self._root / path), "a link cannot be committed as a file")
            blob = self._ask("hash-object", "-w", "--stdin", "--path", path, stdin=content)
            self._ask("update-index", "--add", "--cacheinfo", f"{mode},{blob},{name}", env=env)

    def _ask(
        self, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None
    ) -> str:
        return ask(self._root, *arguments, stdin=stdin, env=env).decode().strip()


def export(tree: Tree, plan: TreePlan, packs: Sequence[Pack], folder: Path) -> list[Path]:
    """Write the edits as a series of patch files that `git am` accepts.

    Args:
        tree: The tree, for the author that its git names.
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
        scratch, env = Path(name), _author(tree)
        ask(scratch, "init", "--quiet")
        ask(scratch, "config", "core.autocrlf", "false")
        originals = {file.path: file.before for file in plan.changed}
        _commit(scratch, Commit("The files before the edits\n", originals), env)
        for commit in per_rule(plan, packs):
            _commit(scratch, commit, env)
        plain = ("-U3", "--no-cover-letter", "--no-base", "--no-attach", "--no-thread")
        prefixes = ("--src-prefix=a/", "--dst-prefix=b/", "--no-signature")
        options = ("--quiet", "--output-directory", str(target), *plain, *prefixes)
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
    ask(scratch, "add", "--all")
    options = ("--quiet", "--allow-empty", "--no-verify", "--no-gpg-sign", "--file=-")
    ask(scratch, "commit", *options, stdin=commit.message.encode(), env=env)


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 72)
