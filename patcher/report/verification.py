"""What the checks of a patched tree found, for people and for machines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from patcher.checks.against import Comparison
from patcher.checks.baseline import hunks
from patcher.checks.model import Finding, Result
from patcher.model import State
from patcher.operations.verify import Patched
from patcher.report import count, on_terminal
from patcher.report.json import envelope, tree_members
from patcher.tree.files import Tree


def lines(patched: Patched, results: Sequence[Result]) -> None:
    """Print a line per check, its findings below it, and a summary."""
    heads = [(result.label, *_ending(result)) for result in results]
    summary = f"\n{patched.tree.place}: {_verdict(results)}; {_changes(patched)}"
    if not on_terminal():  # without rich, which takes longer to load than most checks take
        wide = [max([least, *(len(each[n]) for each in heads)]) for n, least in ((0, 22), (1, 9))]
        print("check")
        for (label, word, _, note), result in zip(heads, results, strict=True):
            print(f"{label:{wide[0]}} {word:{wide[1]}} {'':6} {note}".rstrip())
            for each in result.findings or ():
                print(f"  {each.file}:{each.line}  {each.text}")
        print(summary)
        return
    from rich.text import Text

    from patcher.report.output import Output, Row

    rows: list[Row] = []
    for (label, word, colour, note), result in zip(heads, results, strict=True):
        rows.append((label, Text(word, colour), "", note))
        rows += (Text.assemble(*_parts(each)) for each in result.findings or ())
    out = Output()
    out.rows(("check", "", "", ""), rows)
    out.show(summary)


def _ending(result: Result) -> tuple[str, str, str]:
    """How a check ended, in which colour to say so, and what else there is to know."""
    failures, advice = len(result.failures), len(result.findings or ()) - len(result.failures)
    note = f"{advice} to know" if advice else ""
    if result.holds is None:
        return "not checked", "yellow", note
    return ("holds", "green", note) if result.holds else (f"{failures} found", "red", note)


def _verdict(results: Sequence[Result]) -> str:
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
        checks=[
            {
                "name": result.label,
                "holds": result.holds,
                "findings": [asdict(finding) for finding in result.findings or ()],
            }
            for result in results
        ],
        holds=not any(result.failures for result in results),
    )


def comparison(port: Tree, found: Comparison) -> None:
    """Print what another port does, sorted, and a summary."""
    from rich.text import Text

    from patcher.report.output import Output, Row

    rows: list[Row] = []
    listed = [
        *((outcome, "done", "green", ()) for outcome in found.done),
        *((outcome, "not done", "red", ()) for outcome in found.missing),
        *((outcome, "otherwise", "yellow", each) for outcome, each in found.differently),
    ]
    for outcome, word, colour, differences in listed:
        lines = ", ".join(str(site.line) for site in outcome.sites)
        rows.append((outcome.id, Text(word, colour), lines, outcome.title))
        rows += (Text.assemble(*_parts(each)) for each in differences)
    if found.undocumented:
        rows.append(Text("not documented", "bold"))
        rows += (Text.assemble(*_parts(each)) for each in found.undocumented)
    out = Output()
    out.rows(("rule", "port", "line", "edit"), rows)
    out.show(
        f"\n{port.place}: {len(found.done)} as documented, {len(found.differently)} otherwise, "
        f"{len(found.missing)} not done, {len(found.undocumented)} differences not documented"
    )


def _parts(finding: Finding) -> tuple[tuple[str, str], str]:
    """The place of a finding in a colour, and what it says."""
    colour = "yellow" if finding.advice else "red"
    return (f"  {finding.file}:{finding.line}", colour), f"  {finding.text}"


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
