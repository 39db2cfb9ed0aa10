"""One commit per documented edit: on the tree's own branch, or as patch files."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from patcher.adoption import ABSENT, Adoption, entry
from patcher.errors import BranchExists, NoHistory, NotEmpty
from patcher.model import Pack, Rule, TreePlan
from patcher.tree import Tree
from patcher.vcs import ask


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
    message = f"Apply the documented edits for HPUs\n\n{titles}\n"
    return [Commit(message, {file.path: file.after for file in plan.changed})]


class Branch:
    """The branch that commits are to be on: the one checked out, or a new one."""

    def __init__(self, tree: Tree, name: str | None) -> None:
        """See that commits can be made.

        Args:
            tree: The tree.
            name: The new branch; None for the one checked out.

        Raises:
            NoHistory: The tree is no checkout, or has no commit.
            BranchExists: There is a branch of that name.
            GitFailed: git refuses the name.
        """
        base = tree.commit()
        if base is None:
            raise NoHistory(tree.place)
        self._tree, self._base = tree, base
        self._ref = f"refs/heads/{name}" if name else ""
        self._prefix = self._ask("rev-parse", "--show-prefix")
        if name:
            self._ask("check-ref-format", "--branch", name)
            if self._ask("for-each-ref", self._ref):
                raise BranchExists(tree.place, name)

    def build(self, commits: Sequence[Commit], folder: Path) -> Adoption:
        """Make the commits, beside the tree's index and other work.

        Args:
            commits: What they say, and the files that they change, links followed.
            folder: Where an index of theirs can be kept for a while.

        Returns:
            What it takes to have the branch end in them; nothing refers to them yet.

        Raises:
            GitFailed: git fails, for one because it knows no author.
        """
        tip, before, after = self._base, dict[str, str](), dict[str, str]()
        index = {"GIT_INDEX_FILE": str(folder / "index")}
        try:
            self._ask("read-tree", self._base, env=index)
            for commit in commits:
                for path, content in commit.files.items():
                    name, old, new = self._entries(path, content, index)
                    before.setdefault(name, old)
                    after[name] = new
                lines = "".join(f"{entry}\t{name}\0" for name, entry in after.items())
                self._ask("update-index", "-z", "--index-info", stdin=lines.encode(), env=index)
                files = self._ask("write-tree", "--missing-ok", env=index)
                arguments = ("commit-tree", files, "-p", tip, "-F", "-")
                tip = self._ask(*arguments, stdin=commit.message.encode())
        finally:
            (folder / "index").unlink(missing_ok=True)
        return Adoption(self._ref, self._base, tip, before, after)

    def _entries(self, path: str, content: bytes, index: Mapping[str, str]) -> tuple[str, str, str]:
        """A file's path in the repository, and its entry in an index before and after."""
        name = self._tree.real(path)
        old = entry(self._tree.root, self._prefix + name, index)
        mode = old.split()[0] if old != ABSENT else "100644"
        blob = self._ask("hash-object", "-w", "--stdin", "--path", name, stdin=content)
        return self._prefix + name, old, f"{mode} {blob}"

    def _ask(
        self, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None
    ) -> str:
        return ask(self._tree.root, *arguments, stdin=stdin, env=env).decode().strip()


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
        scratch, env = Path(name), _author(tree)
        ask(scratch, "init", "--quiet")
        ask(scratch, "config", "core.autocrlf", "false")
        originals = {tree.real(file.path): file.before for file in plan.changed}
        _commit(scratch, Commit("The files before the edits\n", originals), env)
        for commit in per_rule(plan, packs):
            files = {tree.real(path): content for path, content in commit.files.items()}
            _commit(scratch, Commit(commit.message, files), env)
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
