"""A plan for machines: one object per tree, on one line."""

from __future__ import annotations

import json
from dataclasses import asdict

from patcher.model import Outcome, TreePlan
from patcher.resources import __version__
from patcher.tree.fetch import read_pin
from patcher.tree.files import Tree


def status(tree: Tree, plan: TreePlan, **more: object) -> str:
    """How a tree stands.

    Args:
        tree: The tree.
        plan: Its plan.
        more: Further members, such as the files written.
    """
    commit = tree.commit()
    members = {
        "effpatch": __version__,
        "root": str(tree.root),
        "commit": commit,
        "pinned": commit == read_pin().commit,
        "packs": plan.packs,
        "rules": [_rule(outcome) for outcome in plan.outcomes],
        "summary": plan.summary,
        **more,
    }
    return json.dumps(members)


def _rule(outcome: Outcome) -> dict[str, object]:
    members = asdict(outcome)
    del members["wants"]
    return members
