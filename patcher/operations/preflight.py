"""What a plan would leave behind, seen before it is carried out."""

from __future__ import annotations

from patcher.model import TreePlan
from patcher.tree.files import Tree
from patcher.verify import imports, names, runtime
from patcher.verify.import_closure import reached
from patcher.verify.model import Check, Subject, failed

_MEND = (
    "that is the line as the edits would leave it: take in the rule that provides it, or pass "
    "--no-verify"
)


def check_plan(tree: Tree, plan: TreePlan) -> None:
    """See that a plan leaves no name undefined and no import without its like.

    Only the files that it changes are looked at, and what they newly import.

    Raises:
        CheckError: It does.
        Unparsable: A file that it changes is nested too deeply to be looked at.
    """
    before = {file.path: file.before for file in plan.changed}
    after = {file.path: file.after for file in plan.changed}
    parsed = reached(tree, after, before)
    both = ({**parsed.files, **before}, parsed.files)
    subject = Subject(*both, runtime.provided(), parsed, looked_at=after)
    found = [
        Check("names", tuple(names.check(subject))),
        Check("imports", tuple(imports.check(subject))),
    ]
    if any(check.failures for check in found):
        raise failed(found, _MEND)
