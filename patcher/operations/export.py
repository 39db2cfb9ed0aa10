"""The edits one by one: as commits to make, and as a series of patch files."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from patcher.errors import TreeError, WriteError
from patcher.model import Pack, Rule, TreePlan
from patcher.operations.select import Selection
from patcher.transaction.branches import Commit
from patcher.tree.files import Tree
from patcher.tree.git import ask

# The user's settings have no influence on how patches are written.
_OWN_SETTINGS = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One edit by itself: the rule, and its file's bytes before and after."""

    id: str
    rule: Rule
    path: str
    before: bytes
    after: bytes

    @property
    def message(self) -> str:
        """The edit as a commit message: id and title, reason, and the rule's quotes."""
        parts = [f"{self.id}: {self.rule.title}", _wrapped(self.rule.why)]
        if self.rule.deviation:
            parts.append(_wrapped(self.rule.deviation))
        for label, quote in (("Before", self.rule.before), ("After", self.rule.after)):
            if quote:
                parts.append(f"{label}:\n\n{textwrap.indent(quote.rstrip(), '    ')}")
        return "\n\n".join(parts) + "\n"


def rule_changes(plan: TreePlan, packs: Sequence[Pack]) -> Iterator[RuleChange]:
    """Each pending edit of a plan by itself, in the order of the packs' files."""
    from patcher import engine  # LibCST, which a run with nothing to do does without

    rules = {id_: rule for pack in packs for id_, _, rule in pack.entries()}
    chosen = {outcome.id for outcome in plan.outcomes}
    for file in plan.changed:
        before = file.before
        sections = [s for pack in packs for s in pack.sections if s.path == file.path]
        for id_, after in engine.steps(sections, before, chosen):
            yield RuleChange(id_, rules[id_], file.path, before, after)
            before = after


def per_rule(plan: TreePlan, packs: Sequence[Pack]) -> list[Commit]:
    """One commit for each edit."""
    changes = rule_changes(plan, packs)
    return [Commit(change.message, {change.path: change.after}) for change in changes]


def at_once(plan: TreePlan, packs: Sequence[Pack]) -> list[Commit]:
    """One commit of all edits."""
    changes = rule_changes(plan, packs)
    titles = "\n".join(f"{change.id}: {change.rule.title}" for change in changes)
    message = f"Apply the edits of {', '.join(pack.name for pack in packs)}\n\n{titles}\n"
    return [Commit(message, {file.path: file.after for file in plan.changed})]


def export(selection: Selection, tree: Tree, folder: Path) -> tuple[list[Path], TreePlan]:
    """Write the edits of a tree, as it was before `apply`, as patch files for `git am`.

    Args:
        selection: The rules.
        tree: The tree.
        folder: Where to write; it must be empty, or not exist yet.

    Returns:
        The patch files, none if some rule does not fit; and the plan.

    Raises:
        TreeError: The tree cannot be read or parsed, or was edited after `apply`.
        WriteError: There is something in the folder.
        GitError: git fails, for example because it knows no author.
    """
    from patcher import engine

    files, receipt = selection.read(tree)
    if receipt:
        if edited := receipt.edited(files):
            found, wanted = "edited since it was patched", "what `effpatch apply` wrote"
            raise TreeError(", ".join(edited), found, wanted, "revert, or undo those edits first")
        files |= {path: record.original for path, record in receipt.files.items()}
    plan = engine.plan(selection.packs, files, selection.ids)
    if plan.misfits:
        return [], plan
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        found, wanted = "is not an empty folder", "a new or empty one"
        raise WriteError(str(folder), found, wanted, "name another with -o")
    return _write_series(tree, plan, selection.packs, folder), plan


def _write_series(tree: Tree, plan: TreePlan, packs: Sequence[Pack], folder: Path) -> list[Path]:
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
    """Name and address as the tree's git has them, as variables for another."""
    name, _, rest = ask(tree.root, "var", "GIT_AUTHOR_IDENT").decode().partition(" <")
    who = {"NAME": name, "EMAIL": rest.partition(">")[0]}
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
