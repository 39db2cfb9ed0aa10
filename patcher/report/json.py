"""What `--json` prints: one object on one line, the same for every command."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType

from patcher.errors.visible import visible
from patcher.model import Outcome, Pack, Plan
from patcher.resources import __version__
from patcher.tree.files import Tree

_HALVES = re.compile("[\ud800-\udfff]")


def envelope(**members: object) -> str:
    r"""One JSON object on one line: the version of effpatch, then the members in their order.

    It is ASCII, and what it says is valid Unicode: a byte of a path that is not UTF-8 is in it as
    the four characters of `\xff`.
    """
    return document({"effpatch": __version__, **members})


def document(value: object) -> str:
    """A value as JSON, on one line; otherwise like an envelope."""
    text = json.dumps(_unicode(value))
    return text.replace("\x7f", "\\u007f")  # which JSON has as it is, but a terminal obeys


def _unicode(value: object) -> object:
    """A value in which no text has half a character."""
    if isinstance(value, str):
        return _HALVES.sub(lambda half: visible(half[0]), value)
    if isinstance(value, Mapping):
        return {_unicode(key): _unicode(each) for key, each in value.items()}
    return [*map(_unicode, value)] if isinstance(value, list | tuple) else value


def tree_members(tree: Tree) -> dict[str, object]:
    """The members that say which tree is meant, and which commit of it is checked out."""
    return {"root": str(tree.root), "commit": tree.commit()}


def status(
    tree: Tree,
    plan: Plan,
    packs: Sequence[Pack],
    details: Mapping[str, Mapping[str, object]] = MappingProxyType({}),
    **more: object,
) -> str:
    """The state of a tree by its plan for some packs, and more members, as the files written.

    `details` has more members of rules, by their ids.
    """
    members = tree_members(tree)
    return envelope(
        **members,
        pinned={pack.upstream.commit for pack in packs if pack.upstream} == {members["commit"]},
        packs=[pack.name for pack in packs],
        rules=[{**_rule(each), **details.get(each.id, {})} for each in plan.outcomes],
        summary=plan.summary,
        **more,
    )


def _rule(outcome: Outcome) -> dict[str, object]:
    members = asdict(outcome)
    del members["wants"]
    return members
