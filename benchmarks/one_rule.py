"""One trivial rule for `libcst.tool codemod`, to be timed beside effpatch's 42."""

from __future__ import annotations

import libcst as cst
from libcst.codemod import VisitorBasedCodemodCommand


class OneRule(VisitorBasedCodemodCommand):
    """Has `if hvd is not None` ask `horovod_enabled()`."""

    DESCRIPTION = "asks for Horovod in other words"

    def leave_If(self, original_node: cst.If, updated_node: cst.If) -> cst.If:
        """Change the question."""
        wanted = cst.parse_expression("hvd is not None")
        if not updated_node.test.deep_equals(wanted):
            return updated_node
        return updated_node.with_changes(test=cst.parse_expression("horovod_enabled()"))
