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


def cannot_bring_in(id_: str) -> Refusal:
    """Why what a rule brings in is not there, where the rule does not fit."""
    return Refusal(f"which {id_} would bring in and cannot", f"make {id_} fit first")


def left_out(id_: str) -> Refusal:
    """Why what a rule brings in is not there, where the rule was not chosen."""
    return Refusal(f"which {id_} brings in", f"apply {id_} as well")


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
