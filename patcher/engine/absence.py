"""Rules whose subject a file lacks, distinguished from those that do not fit."""

import re

import libcst as cst

from patcher.code.equivalence import evaluated, walk
from patcher.code.outline import Outline
from patcher.edits.base import edit_kind
from patcher.model import Rule

_IMPORT = re.compile(r"(?m)^\s*(import|from) ")
_STAR = "*"


def is_absent(rule: Rule, outline: Outline) -> bool:
    """Whether a file lacks what a rule is about, and has nothing like it at the rule's place."""
    lacks = bool(missing_names(rule, outline.module))
    return lacks and not edit_kind(rule.edit).is_reworded(rule, outline)


def missing_names(rule: Rule, module: cst.Module) -> frozenset[str]:
    """The names for lack of which a module cannot hold what the rule is about; else none.

    Of an import all names must be missing, as it may bring in fewer, or others beside them; and
    no `*` may stand for them.
    """
    subject = edit_kind(rule.edit).subject(rule)
    if not subject:
        return subject
    found = {_name(node) for node in walk(module)}
    lacking = subject - found
    if _IMPORT.search(rule.before) and (lacking != subject or _STAR in found):
        return frozenset()
    return lacking


def _name(node: cst.CSTNode) -> str:
    """A name, the text of a string as `repr` gives it, or a `*`; "" for anything else."""
    if isinstance(node, cst.ImportStar):
        return _STAR
    if isinstance(node, cst.SimpleString):
        return repr(evaluated(node.value))
    return node.value if isinstance(node, cst.Name) else ""
