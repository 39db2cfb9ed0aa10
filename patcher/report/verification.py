"""What the checks of a patched tree found, for people and for machines."""

from collections.abc import Iterable, Sequence

from patcher.checks.against import Comparison
from patcher.checks.baseline import Baseline, hunks
from patcher.checks.model import Finding, Result
from patcher.model import Outcome, State
from patcher.operations.verify import Patched
from patcher.report import count
from patcher.report.json import envelope, tree_members
from patcher.report.rows import Cell, Row, print_rows
from patcher.tree.files import Tree


def lines(patched: Patched, results: Sequence[Result]) -> None:
    """Print a line per check, its findings below it, and a summary."""
    rows: list[Row] = []
    for result in results:
        rows.append(row_of(result))
        rows += map(_line, result.findings or ())
    summary = f"{patched.tree.place}: {verdict(results)}; {_changes(patched)}"
    print_rows(("check", "", "", ""), rows, summary)


def row_of(result: Result) -> Row:
    """The row of a check: whether it holds, and how much it looked at."""
    advice = len(result.findings or ()) - len(result.failures)
    more = filter(None, (result.note, count(advice, "note") if advice else ""))
    return result.label, _word(result), "", ", ".join(more)


def _word(result: Result) -> Cell:
    if result.holds is None:
        return "not checked", "yellow"
    return ("holds", "green") if result.holds else (f"{len(result.failures)} found", "red")


def verdict(results: Sequence[Result]) -> str:
    """How many checks hold, or what was found, in words."""
    failures = sum(len(result.failures) for result in results)
    unchecked = sum(result.holds is None for result in results)
    hold = sum(result.holds is True for result in results)
    if not failures and not unchecked:
        return f"all {hold} checks hold"
    first = f"{failures} found" if failures else f"{hold} of {len(results)} checks hold"
    return f"{first}, {unchecked} not checked" if unchecked else first


def _changes(patched: Patched) -> str:
    files = patched.baseline.replays
    pairs = [pair for each in files for pair in hunks(each.before, each.after)]
    removed, added = (sum(len(pair[side]) for pair in pairs) for side in (0, 1))
    rules = sum(each.state is State.PENDING for file in files for each in file.outcomes)
    return (
        f"{count(added, 'line')} added, {removed} removed by {count(rules, 'rule')} "
        f"in {count(len(files), 'file')}"
    )


def as_json(patched: Patched, results: Sequence[Result]) -> str:
    """The same as one object, on one line."""
    return envelope(
        **tree_members(patched.tree),
        packs=[pack.name for pack in patched.baseline.packs],
        changed=patched.baseline.counts,
        edits=_edits(patched.baseline),
        checks=[*map(check, results)],
        holds=not any(result.failures for result in results),
    )


def check(result: Result) -> dict[str, object]:
    """The members of a check in JSON output."""
    return {
        "name": result.label,
        "holds": result.holds,
        "note": result.note,
        "findings": [*map(members, result.findings or ())],
    }


def members(finding: Finding) -> dict[str, object]:
    """The members of a finding in JSON output."""
    return {
        "file": finding.file,
        "line": finding.line,
        "text": finding.text,
        "advice": finding.advice,
    }


def _edits(baseline: Baseline) -> dict[str, object]:
    """How many edits there are in all, those that are missing, and which of these on purpose."""
    missing = [each.id for each in baseline.outcomes if each.state is not State.APPLIED]
    return {
        "total": len(baseline.outcomes),
        "missing": missing,
        "left_out": [id_ for id_ in missing if id_ in baseline.left_out],
    }


def comparison(port: Tree, found: Comparison) -> None:
    """Print what another port does, sorted, and a summary."""
    rows: list[Row] = []
    for word, outcomes in (("done", found.done), ("not done", found.missing)):
        rows += [_rule(outcome, word) for outcome in outcomes]
    for outcome, differences in found.differently:
        rows += [_rule(outcome, "differs"), *map(_line, differences)]
    if found.undocumented:
        rows += [[("not documented", "bold")], *map(_line, found.undocumented)]
    undocumented = count(len(found.undocumented), "difference")
    differing = f"{len(found.differently)} differ{'s' * (len(found.differently) == 1)}"
    summary = (
        f"{port.place}: {len(found.done)} as documented, {differing}, "
        f"{len(found.missing)} not done, {undocumented} not documented"
    )
    print_rows(("rule", "port", "line", "edit"), rows, summary)


def _rule(outcome: Outcome, word: str) -> Row:
    lines = ", ".join(str(site.line) for site in outcome.sites)
    colour = {"done": "green", "not done": "red"}.get(word, "yellow")
    return outcome.id, (word, colour), lines, outcome.title


def _line(finding: Finding) -> Row:
    return [(f"  {finding.place}", "yellow" if finding.advice else "red"), f"  {finding.text}"]


def comparison_json(port: Tree, found: Comparison) -> str:
    """The same as one object, on one line."""
    return envelope(
        root=str(port.root),
        done=[outcome.id for outcome in found.done],
        missing=[outcome.id for outcome in found.missing],
        differently={o.id: _differences(differences) for o, differences in found.differently},
        undocumented=_differences(found.undocumented),
        same=found.same,
    )


def _differences(found: Iterable[Finding]) -> list[dict[str, object]]:
    return [{"file": each.file, "line": each.line, "text": each.text} for each in found]
