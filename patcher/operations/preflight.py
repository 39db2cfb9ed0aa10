"""What a plan would leave behind, seen before it is carried out."""

from __future__ import annotations

from collections.abc import Sequence

from patcher.model import Pack, Plan
from patcher.tree.files import Tree
from patcher.verify import registry, runtime
from patcher.verify.import_closure import import_closure
from patcher.verify.model import Subject, errors

_NEXT_STEP = (
    "this is the line as the edits would leave it: also apply the rule that provides it, or pass "
    "--no-verify"
)


def check_plan(tree: Tree, plan: Plan, packs: Sequence[Pack]) -> None:
    """See that a plan leaves no name undefined, no import unused and none that fails.

    Only the files that it changes are looked at, and what they newly import.

    Args:
        tree: The tree.
        plan: The plan.
        packs: Its packs.

    Raises:
        ErrorList: It does.
        UnparsableError: A file that it changes is nested too deeply to be looked at.
    """
    root = next((pack.upstream.root for pack in packs if pack.upstream), "")
    before = {file.path: file.before for file in plan.changed}
    after = {file.path: file.after for file in plan.changed}
    parsed = import_closure(tree, after, before, root)
    subject = Subject(
        {**parsed.files, **before},
        parsed.files,
        root,
        runtime=runtime.provided(pack.runtime for pack in packs if pack.runtime),
        parsed=parsed,
        looked_at=after,
    )
    results = registry.before_writing(subject)
    if any(result.failures for result in results):
        raise errors(results, _NEXT_STEP)
