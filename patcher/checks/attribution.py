"""Attribution: every changed line belongs to a rule, every rule to a changed line."""

from collections.abc import Iterator

from patcher.checks.baseline import Baseline, hunks, lines, quoted
from patcher.checks.model import Finding, Subject
from patcher.model import FilePlan, State


def check(subject: Subject) -> list[Finding] | None:
    """Where a tree is not what its rules make of it; None where no rule is known to be applied."""
    baseline = subject.baseline
    if not baseline:
        return None
    replays, now = baseline.replays, subject.new.files
    found = [f for file in replays for f in _by_hand(file, now.get(file.path, b""), baseline)]
    outcomes = [each for file in replays if file.changed for each in file.outcomes]
    idle = baseline.ids - {each.id for each in outcomes if each.state is State.PENDING}
    entries = [entry for pack in baseline.packs for entry in pack.entries() if entry[0] in idle]
    return found + [
        Finding(section.path, 1, f"{id_} was applied, but changes no line")
        for id_, section, _ in entries
    ]


def _by_hand(file: FilePlan, content: bytes, baseline: Baseline) -> Iterator[Finding]:
    """Each run of lines of a file that is not as the rules leave it."""
    expected, found = lines(file.after), lines(content)
    differences = hunks(file.after, content)
    rules = baseline.owners(file) if differences else []
    for old, new in differences:
        owners = set[str]().union(*rules[old.start : old.stop])
        gone = quoted([str(expected[index], "utf-8", "replace").strip() for index in old])
        there = quoted([str(found[index], "utf-8", "replace").strip() for index in new])
        of = f" of {' and '.join(sorted(owners))}" if owners else ""
        if not content:
            text = f"the file is gone or empty, with the edits{of}"
        elif gone == there:
            text = f"{there}{of} differs in its white space or line end, and no rule changes that"
        elif not old:
            text = f"{there} belongs to no rule"
        elif not new:
            text = f"{gone}{of} is gone, and no rule removes it"
        else:
            text = f"{there} stands in place of {gone}{of}, and belongs to no rule"
        yield Finding(file.path, min(new.start + 1, len(found)) or 1, text)
