"""What changes a tree: applying rules and going back, with the tree to oneself."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from patcher import receipt as receipts
from patcher import reversal, transaction
from patcher.choice import Choice, Look
from patcher.errors import NoReceipt
from patcher.lock import hold
from patcher.model import Pack
from patcher.transaction import Change
from patcher.tree import Tree


def apply(
    choice: Choice, tree: Tree, *, partial: bool = False, allow_dirty: bool = False
) -> tuple[Look, tuple[str, ...]]:
    """Make the edits that are pending, and write the receipt.

    Args:
        choice: The rules.
        tree: The tree.
        partial: Apply the rules that fit, though others do not.
        allow_dirty: Change files with uncommitted changes.

    Returns:
        What was seen before, and the paths that were written.

    Raises:
        PatchError: The tree is as it was.
    """
    with hold(tree, "effpatch apply") as folder:
        look = choice.look(tree)
        plan = look.plan
        if not plan.changed or (plan.misfits and not partial):
            return look, ()
        if not allow_dirty:
            tree.require_clean(look.unsaved)
        new = receipts.updated(look.receipt, plan, choice.packs, tree.commit())
        changes = [Change(file.path, file.before, file.after) for file in plan.changed]
        changes.append(_receipt_change(tree, receipts.write(new)))
        transaction.commit(tree, changes, folder)
        return look, tuple(file.path for file in plan.changed)


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
        content = receipts.write(left) if left else None
        transaction.commit(tree, [*changes, _receipt_change(tree, content)], folder)
        return tuple(change.path for change in changes)


def _receipt_change(tree: Tree, after: bytes | None) -> Change:
    return Change(receipts.NAME, tree.read([receipts.NAME]).get(receipts.NAME), after)
