"""Applying: the edits that are pending, made all together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from patcher import receipt as receipts
from patcher import transaction
from patcher.model import Change, Pack, TreePlan
from patcher.operations.select import Choice, Look
from patcher.transaction.lock import hold
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
        ErrorList: The edits leave a name undefined, or an import that fails or is unused.
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

            preflight.check_plan(tree, plan, choice.packs)
        adoption = None
        if commits:
            from patcher.operations import history

            made = commits(plan, choice.packs)
            originals = {file.path: file.before for file in plan.changed}
            adoption = history.Branch(tree, branch).build(made, originals, folder)
        digests = {change.path: digest(change.after) for change in added}
        new = receipts.updated(look.receipt, plan, choice.packs, packs, tree.commit(), digests)
        changes = [Change(file.path, file.before, file.after) for file in plan.changed] + added
        receipt = receipt_change(tree, receipts.write(new))
        transaction.commit(tree, [*changes, receipt], folder, adoption)
        return look, tuple(change.path for change in changes)


def receipt_change(tree: Tree, after: bytes | None) -> Change:
    """The change of the receipt to new bytes; None where it goes."""
    return Change(receipts.NAME, tree.read([receipts.NAME]).get(receipts.NAME), after)
