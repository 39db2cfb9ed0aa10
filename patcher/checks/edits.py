"""Edits: every edit is there, but for those that were left out on purpose."""

from collections.abc import Sequence

from patcher.checks.baseline import Baseline
from patcher.checks.model import Finding, Subject
from patcher.model import Outcome, State
from patcher.packs import DEFAULT


def check(subject: Subject) -> list[Finding] | None:
    """The edits that are missing; None where no rule is known to be applied.

    An edit that the upstream had already is there. Where a number of edits is expected, it decides
    in place of what was left out.
    """
    baseline = subject.baseline
    if not baseline:
        return None
    missing, there = _missing(baseline), _number(baseline)
    if subject.expected is None:
        return [finding(each) for each in missing if each.id not in baseline.left_out]
    if subject.expected == there:
        return []
    said = f"{_of_all(baseline)} are there, expected {subject.expected}"
    return [
        Finding(".", 1, said),
        *(finding(each) for each in missing if there < subject.expected),
    ]


def note(subject: Subject) -> str:
    """How many of how many edits are there, and how many of the others were left out."""
    baseline = subject.baseline
    if not baseline:
        return ""
    left_out = sum(each.id in baseline.left_out for each in _missing(baseline))
    return _of_all(baseline) + (f", {left_out} left out on purpose" if left_out else "")


def next_step(subject: Subject, place: str) -> str:
    """What to do about edits that are missing from a tree at a place, or there unexpectedly."""
    baseline = subject.baseline
    if not baseline:
        return "run `effpatch apply` first"
    missing, there = _missing(baseline), _number(baseline)
    if subject.expected is not None and subject.expected < there:
        return f"pass --expect {there} if all of them are intended"
    names = [pack.name for pack in baseline.packs]
    packs = "" if names == [DEFAULT] else "".join(f" --pack {name}" for name in names)
    every = len(baseline.outcomes)
    if subject.expected is not None and subject.expected > every:
        return f"pass --expect {every} or lower: the packs have only {every} rules"
    step = f"run `effpatch apply {place}{packs}`"
    if any(each.state.is_unresolved for each in missing):
        step = f"`effpatch status {place}{packs}` shows what each rule found"
    return f"{step}; or pass --expect {there} if the tree is meant to have only these edits"


def _missing(baseline: Baseline) -> Sequence[Outcome]:
    return [each for each in baseline.outcomes if each.state is not State.APPLIED]


def _number(baseline: Baseline) -> int:
    return len(baseline.outcomes) - len(_missing(baseline))


def _of_all(baseline: Baseline) -> str:
    return f"{_number(baseline)} of {len(baseline.outcomes)} edits"


def finding(outcome: Outcome) -> Finding:
    """A rule whose edit is missing, at the line that it is about."""
    lines = [site.line for site in outcome.sites if site.state is not State.APPLIED]
    line, why = next(iter(lines), 1), ""
    if outcome.nearest:
        line, why = outcome.nearest.line, f" ({outcome.nearest.why})"
    state = "has drifted" if outcome.state is State.DRIFTED else f"is {outcome.state}"
    if outcome.nearest and outcome.nearest.is_blocker:
        state = "is not applied"
    return Finding(outcome.file, line, f"{outcome.id} {state}: {outcome.title}{why}")
