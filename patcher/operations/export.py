"""The edits one by one: as commits to make, and as a series of patch files."""

import os
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from patcher.errors import TreeError, WriteError
from patcher.model import FilePlan, Pack, Plan, Rule, State
from patcher.operations.select import Selection
from patcher.packs.rules import TO_BE_WRITTEN
from patcher.transaction.branches import Commit
from patcher.tree.files import Tree
from patcher.tree.git import Settings, ask, identity

_BRANCH = "refs/heads/series"


def single_edits(plan: Plan, packs: Sequence[Pack]) -> Iterator[tuple[str, Rule, FilePlan]]:
    """Each pending edit of a plan: id, rule, and what it alone does; in the order of the files."""
    rules = {id_: rule for pack in packs for id_, _, rule in pack.entries()}
    for file in plan.changed:
        before = file.before
        for id_, after in file.steps or _steps(file, plan, packs):
            yield id_, rules[id_], FilePlan(file.path, before, after, ())
            before = after


def _steps(file: FilePlan, plan: Plan, packs: Sequence[Pack]) -> Sequence[tuple[str, bytes]]:
    """A file after each pending edit, where the plan was not made step by step."""
    from patcher import engine  # LibCST, which a run with nothing to do does without

    sections = [s for pack in packs for s in pack.sections if s.path == file.path]
    chosen = {outcome.id for outcome in plan.outcomes if outcome.state is State.PENDING}
    return engine.steps(sections, file.before, chosen)


def per_rule(plan: Plan, packs: Sequence[Pack]) -> list[Commit]:
    """One commit for each edit, with the rule's reason, if it is written, and its quotes."""
    commits = []
    for id_, rule, edit in single_edits(plan, packs):
        reasons = (each for each in (rule.why, rule.deviation) if each not in ("", TO_BE_WRITTEN))
        parts = [f"{id_}: {rule.title}", *(textwrap.fill(each, 72) for each in reasons)]
        for label, quote in (("Before", rule.before), ("After", rule.after)):
            if quote:
                parts.append(f"{label}:\n\n{textwrap.indent(quote.rstrip(), '    ')}")
        commits.append(Commit("\n\n".join(parts) + "\n", {edit.path: edit.after}))
    return commits


def at_once(plan: Plan, packs: Sequence[Pack]) -> list[Commit]:
    """One commit of all edits."""
    made = (each for each in plan.outcomes if each.state is State.PENDING)
    titles = "\n".join(f"{each.id}: {each.title}" for each in made)
    message = f"Apply the edits of {', '.join(pack.name for pack in packs)}\n\n{titles}\n"
    return [Commit(message, {file.path: file.after for file in plan.changed})]


def export(selection: Selection, tree: Tree, folder: Path) -> tuple[list[Path], Plan]:
    """Write the edits of a tree, as it was before `apply`, as patch files for `git am`.

    The folder must be empty, or not exist yet.

    Returns:
        The patch files, none if some rule does not fit; and the plan.

    Raises:
        TreeError: The tree cannot be read or parsed, was edited after `apply`, or has every edit
            and no receipt of what its files were before.
        WriteError: There is something in the folder.
        GitError: git fails, for example because it knows no author.
    """
    files, receipt = selection.read(tree)
    if edited := receipt.edited(files):
        found, wanted = "edited since it was patched", "what `effpatch apply` wrote"
        raise TreeError(", ".join(edited), found, wanted, "revert, or undo those edits first")
    files |= {path: record.original for path, record in receipt.files.items()}
    plan = selection.plan(selection.with_needed(tree, files), stepwise=True)
    if plan.unresolved:
        return [], plan
    if not plan.changed:
        found = "every edit is there already, and no receipt says what the files were before"
        step = "export from a checkout without the edits"
        raise TreeError(tree.place, found, next_step=step)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        found, wanted = "the folder is not empty", "a new or empty one"
        raise WriteError(str(folder), found, wanted, "choose another with -o")
    return _write_series(tree, plan, selection.packs, folder), plan


def _write_series(tree: Tree, plan: Plan, packs: Sequence[Pack], folder: Path) -> list[Path]:
    originals = Commit("The files before the edits\n", {f.path: f.before for f in plan.changed})
    with TemporaryDirectory(prefix="effpatch-") as name:
        scratch = Path(name)
        ask(scratch, "init", "--quiet", settings=Settings.NONE)
        edits = per_rule(plan, packs)
        stream = _as_stream(tree, [originals, *edits])
        ask(scratch, "fast-import", "--quiet", stdin=stream, settings=Settings.NONE)
        options = ("--quiet", "--output-directory", str(folder.resolve()), "--no-signature")
        ask(scratch, "format-patch", *options, f"-{len(edits)}", _BRANCH, settings=Settings.NONE)
    return sorted(folder.glob("*.patch"))


def _as_stream(tree: Tree, commits: Sequence[Commit]) -> bytes:
    """Commits one after the other, by the tree's author, for `git fast-import`."""
    found = tree.repository
    author = os.fsencode(identity(found.top if found else tree.root, "AUTHOR"))
    parts = []
    for commit in commits:
        parts += [b"commit ", _BRANCH.encode(), b"\ncommitter ", author, b"\n"]
        parts.append(_data(commit.message.encode()))
        for path, content in commit.files.items():
            name = tree.real(path).replace("\\", "\\\\").replace('"', '\\"')
            parts += [b'M 100644 inline "', os.fsencode(name), b'"\n', _data(content)]
    return b"".join(parts)


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)
