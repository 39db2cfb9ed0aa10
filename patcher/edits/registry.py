"""What each word of `patcher.edits` does."""

from __future__ import annotations

from collections.abc import Mapping

from patcher.edits.arguments import CallArgument, FlagDefault, ParameterDefault
from patcher.edits.base import Kind
from patcher.edits.branches import IfStatement, IfTest
from patcher.edits.comments import CommentBlock
from patcher.edits.imports import ImportedNames
from patcher.edits.signatures import Parameters
from patcher.edits.statements import WholeStatements

KINDS: Mapping[str, Kind] = {
    "statement": WholeStatements(),
    "import_from": ImportedNames(),
    "import_module": ImportedNames(),
    "if_test": IfTest(),
    "if_statement": IfStatement(),
    "flag_default": FlagDefault(),
    "call_argument": CallArgument(),
    "parameter_default": ParameterDefault(),
    "parameters": Parameters(),
    "comment_block": CommentBlock(),
}
