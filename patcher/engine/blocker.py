"""What forbids an edit although its place was found."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst


@dataclass(frozen=True, slots=True, eq=False)
class Blocker:
    """The node to point at, and the reason."""

    node: cst.CSTNode
    reason: str
