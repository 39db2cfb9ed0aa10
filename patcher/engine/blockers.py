"""What forbids an edit although its place was found."""

from typing import NamedTuple

import libcst as cst


class Blocker(NamedTuple):
    """The node to point at, and the reason."""

    node: cst.CSTNode
    reason: str
