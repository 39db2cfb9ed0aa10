"""What `--json` prints: one object on one line, the same for every command."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from patcher.model import Outcome, Pack, Plan
from patcher.resources import __version__
from patcher.tree.files import Tree


def envelope(**members: object) -> str:
    """One JSON object on one line: the version of effpatch, then the members in their order."""
    return json.dumps({"effpatch": __version__, **members})


def tree_members(tree: Tree) -> dict[str, object]:
    """The members that say which tree is meant, and which commit of it is checked out."""
    return {"root": str(tree.root), "commit": tree.commit()}


def status(tree: Tree, plan: Plan, packs: Sequence[Pack], **more: object) -> str:
    """The state of a tree by its plan for some packs, and more members, as the files written."""
    members = tree_members(tree)
    return envelope(
        **members,
        pinned={pack.upstream.commit for pack in packs if pack.upstream} == {members["commit"]},
        packs=[pack.name for pack in packs],
        rules=[_rule(outcome) for outcome in plan.outcomes],
        summary=plan.summary,
        **more,
    )


def _rule(outcome: Outcome) -> dict[str, object]:
    members = asdict(outcome)
    del members["wants"]
    return members
