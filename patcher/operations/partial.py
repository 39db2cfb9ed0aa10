"""The part of a plan whose edits leave nothing broken, where not all rules have to be applied."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from patcher.checks.model import Finding
from patcher.engine.blockers import Refusal
from patcher.model import Plan, State
from patcher.operations import preflight
from patcher.operations.select import Inspection, Selection
from patcher.tree.files import Tree


def sound_part(tree: Tree, selection: Selection, inspection: Inspection) -> Inspection:
    """The inspection, its plan without each rule for which `preflight` would refuse all of it.

    Raises:
        ErrorList: No rule is to blame for what it finds.
        PatchError: As by `preflight.check_plan`.
    """
    refused, plan = dict[str, Refusal](), inspection.plan
    files = selection.with_needed(tree, inspection.files)
    while findings := preflight.findings(tree, plan, selection.packs):
        more = _to_blame(findings, tree, selection, files, plan, refused)
        if not more:
            preflight.check_plan(tree, plan, selection.packs)
        refused |= more
        plan = selection.plan(files, refused)
    return replace(inspection, plan=plan)


def _to_blame(
    findings: Sequence[Finding],
    tree: Tree,
    selection: Selection,
    files: Mapping[str, bytes],
    plan: Plan,
    refused: Mapping[str, Refusal],
) -> dict[str, Refusal]:
    """The rule without which the first finding goes, by its id with the reason.

    Where there is none, all rules of its file.
    """
    first, times = findings[0], _count(findings[0], findings)
    provider = preflight.provider(first, selection.packs)
    remedy = f"apply {provider} as well" if provider else "provide it"
    reason = Refusal(f"with its edit, {first.text}", remedy)
    pending = _pending(plan, first.file)
    for id_ in reversed(pending):  # of two, the later may need what the earlier brings in
        without = selection.plan(files, {**refused, id_: reason})
        found = preflight.findings(tree, without, selection.packs)
        if _count(first, found) < times:
            return {id_: reason}
    return dict.fromkeys(pending, reason)


def _count(finding: Finding, findings: Iterable[Finding]) -> int:
    return sum((each.file, each.text) == (finding.file, finding.text) for each in findings)


def _pending(plan: Plan, path: str) -> Sequence[str]:
    outcomes = (outcome for outcome in plan.outcomes if outcome.file == path)
    return [outcome.id for outcome in outcomes if outcome.state is State.PENDING]
