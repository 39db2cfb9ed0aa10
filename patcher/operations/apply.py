"""What changes a tree: applying rules and going back, with the tree to oneself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from patcher import receipt as receipts
from patcher import transaction
from patcher.errors import EditedSince, NoReceipt
from patcher.model import Change, Pack, TreePlan
from patcher.operations.select import Choice, Look
from patcher.transaction.lock import hold
from patcher.tree import runtime
from patcher.tree.files import Tree, digest

if TYPE_CHECKING:
    from patcher.operations.history import Commit

# How a plan becomes commits: `history.at_once` or `history.per_rule`.
Commits = Callable[[TreePlan, Sequence[Pack]], list["Commit"]]


def apply(
    choice: Choice,
    tree: Tree,
    packs: Mapping[str, Pack],
    *,
    partial: bool = False,
    allow_dirty: bool = False,
    commits: Commits | None = None,
    branch: str | None = None,
    verify: bool = True,
    with_runtime: bool = False,
) -> tuple[Look, tuple[str, ...]]:
    """Make the edits that are pending, and write the receipt.

    Args:
        choice: The rules.
        tree: The tree.
        packs: All packs there are, by name.
        partial: Apply the rules that fit, though others do not.
        allow_dirty: Change files with uncommitted changes.
        commits: How to commit the edits to git; None to leave that to the user.
        branch: The new branch to commit to; None for the one checked out.
        verify: See first that the edits leave no name undefined and no import in vain.
        with_runtime: Put the runtime beside the program.

    Returns:
        What was seen before, and the paths that were written.

    Raises:
        Unsound: The edits leave a name undefined, or an import in vain.
        PatchError: The tree is as it was.
    """
    with hold(tree, "effpatch apply") as folder:
        look = choice.look(tree)
        plan = look.plan
        added = look.additions(tree) if with_runtime else []
        if not (plan.changed or added) or (plan.misfits and not partial):
            return look, ()
        if commits:
            tree.require_clean([file.path for file in plan.changed])
        elif not allow_dirty:
            tree.require_clean(look.unsaved)
        if verify:
            from patcher.operations import preflight

            preflight.check_plan(tree, plan)
        adoption = None
        if commits:
            from patcher.operations import history

            made = commits(plan, choice.packs)
            originals = {file.path: file.before for file in plan.changed}
            adoption = history.Branch(tree, branch).build(made, originals, folder)
        digests = {change.path: digest(change.after) for change in added}
        new = receipts.updated(look.receipt, plan, choice.packs, packs, tree.commit(), digests)
        changes = [Change(file.path, file.before, file.after) for file in plan.changed] + added
        receipt = _receipt_change(tree, receipts.write(new))
        transaction.commit(tree, [*changes, receipt], folder, adoption)
        return look, tuple(change.path for change in changes)


def revert(tree: Tree, packs: Mapping[str, Pack], ids: Collection[str]) -> tuple[str, ...]:
    """Go back to the bytes before `apply`, or undo single edits.

    Args:
        tree: The tree.
        packs: All packs there are, by name.
        ids: The rules to undo; none for all.

    Returns:
        The paths that were written.

    Raises:
        PatchError: The tree is as it was.
    """
    from patcher.operations import revert as reversal

    with hold(tree, "effpatch revert") as folder:
        receipt = receipts.read(tree)
        if receipt is None:
            raise NoReceipt(tree.place)
        files = tree.read(receipt.files)
        if ids:
            used = [packs[name] for name in receipt.packs if name in packs]
            changes, left = reversal.single(receipt, files, used, ids)
        else:
            changes, left = reversal.whole(receipt, files), None
            changes += runtime.removals(tree, receipt.runtime)
        content = receipts.write(left) if left else None
        transaction.commit(tree, [*changes, _receipt_change(tree, content)], folder)
        return tuple(change.path for change in changes)


def export(choice: Choice, tree: Tree, folder: Path) -> tuple[list[Path], TreePlan]:
    """Write the edits of a tree, as it was before `apply`, as patch files.

    Args:
        choice: The rules.
        tree: The tree.
        folder: Where to write.

    Returns:
        The patch files, none if some rule does not fit; and the plan.

    Raises:
        PatchError: Nothing was written.
    """
    from patcher import engine
    from patcher.operations import history

    files, receipt = choice.read(tree)
    if receipt:
        if receipt.edited(files):
            raise EditedSince(receipt.edited(files))
        files |= {path: record.original for path, record in receipt.files.items()}
    plan = engine.plan(choice.packs, files, choice.ids)
    if plan.misfits:
        return [], plan
    return history.export(tree, plan, choice.packs, folder), plan


def _receipt_change(tree: Tree, after: bytes | None) -> Change:
    return Change(receipts.NAME, tree.read([receipts.NAME]).get(receipts.NAME), after)
