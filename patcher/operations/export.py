"""Exporting: the edits as patch files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from patcher.errors import EditedSince
from patcher.model import TreePlan
from patcher.operations.select import Choice
from patcher.tree.files import Tree

if TYPE_CHECKING:
    pass


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
