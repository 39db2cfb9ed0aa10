"""What forbids an edit although its place was found."""

from typing import NamedTuple

import libcst as cst

BY_HAND = "edit the line by hand"


class Refusal(NamedTuple):
    """Why a rule is not to be applied although it is pending, and what to do about it."""

    reason: str
    remedy: str


def needs_rule(id_: str) -> Refusal:
    """Why a rule is not to be applied without another one."""
    return Refusal(f"needs {id_}, which does not fit", f"make {id_} fit first")


class Blocker(NamedTuple):
    """The node to point at, the reason, what to do about it, and a name to point at in the node.

    `is_other_code` is true where the node does in other words what the rule looks for, so that
    its place was not found.
    """

    node: cst.CSTNode
    reason: str
    remedy: str = BY_HAND
    name: str = ""
    is_other_code: bool = False
