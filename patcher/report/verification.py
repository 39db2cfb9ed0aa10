"""What the checks of a patched tree found, for people and for machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from rich.text import Text

from patcher.model import Outcome
from patcher.operations.verify import Patched
from patcher.report.json import envelope, tree_members
from patcher.report.output import Output, Row
from patcher.tree.files import Tree
from patcher.verify.against import Comparison
from patcher.verify.model import Result
from patcher.verify.replay import hunks


def lines(patched: Patched, results: Sequence[Result]) -> None:
    """Print a line per check, its findings below it, and a summary."""
    rows: list[Row] = []
    for result in results:
        advice = len(result.advice)
        rows.append((result.label, _word(result), "", f"{advice} to know" if advice else ""))
        rows += [
            _line(each.file, each.line, each.text, "yellow" if each.advice else "red")
            for each in result.findings or ()
        ]
    out = Output()
    out.rows(("check", "", "", ""), rows)
    out.show(f"\n{patched.tree.place}: {_verdict(results)}; {_changes(patched)}")


def _word(result: Result) -> Text:
    """How a check ended."""
    if result.holds is None:
        return Text("not checked", "yellow")
    return Text("holds", "green") if result.holds else Text(f"{len(result.failures)} found", "red")


def _verdict(results: Sequence[Result]) -> str:
    """How the checks ended, in one phrase."""
    failures = sum(len(result.failures) for result in results)
    unchecked = sum(result.holds is None for result in results)
    hold = sum(result.holds is True for result in results)
    if not failures and not unchecked:
        return f"all {hold} checks hold"
    first = f"{failures} found" if failures else f"{hold} of {len(results)} checks hold"
    return f"{first}, {unchecked} not checked" if unchecked else first


def _changes(patched: Patched) -> str:
    """What the rules did to the tree, in numbers."""
    replays = patched.baseline.replays
    pairs = [pair for each in replays for pair in hunks(each.before, each.after)]
    added, removed = (sum(len(pair[side]) for pair in pairs) for side in (1, 0))
    rules = _count(sum(len(each.ids) for each in replays), "rule")
    lines, files = _count(added, "line"), _count(len(replays), "file")
    return f"{lines} added, {removed} removed by {rules} in {files}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def as_json(patched: Patched, results: Sequence[Result]) -> str:
    """The same as one object, on one line."""
    members = {
        **tree_members(patched.tree),
        "packs": [pack.name for pack in patched.baseline.packs],
        "changed": {id_: n for each in patched.baseline.replays for id_, n in each.counts.items()},
        "checks": [
            {
                "name": result.label,
                "holds": result.holds,
                "findings": [asdict(finding) for finding in result.findings or ()],
            }
            for result in results
        ],
        "holds": not any(result.failures for result in results),
    }
    return envelope(**members)


def comparison(port: Tree, found: Comparison) -> None:
    """Print what another port does, sorted, and a summary."""
    rows: list[Row] = []
    for word, outcomes in (("done", found.done), ("not done", found.missing)):
        rows += [_rule(outcome, word) for outcome in outcomes]
    for outcome, differences in found.differently:
        rows.append(_rule(outcome, "otherwise"))
        rows += [_line(each.file, each.line, each.text, "yellow") for each in differences]
    if found.undocumented:
        rows.append(Text("not documented", "bold"))
        rows += [_line(each.file, each.line, each.text, "yellow") for each in found.undocumented]
    out = Output()
    out.rows(("rule", "port", "line", "edit"), rows)
    counts = (
        (len(found.done), "as documented"),
        (len(found.differently), "otherwise"),
        (len(found.missing), "not done"),
        (len(found.undocumented), "differences not documented"),
    )
    out.show(f"\n{port.place}: {', '.join(f'{count} {what}' for count, what in counts)}")


def _rule(outcome: Outcome, word: str) -> Row:
    lines = ", ".join(str(site.line) for site in outcome.sites)
    colour = {"done": "green", "not done": "red"}.get(word, "yellow")
    return outcome.id, Text(word, colour), lines, outcome.title


def _line(file: str, line: int, text: str, colour: str) -> Text:
    return Text.assemble((f"  {file}:{line}", colour), f"  {text}")


def comparison_json(port: Tree, found: Comparison) -> str:
    """The same as one object, on one line."""
    members = {
        "root": str(port.root),
        "done": [outcome.id for outcome in found.done],
        "missing": [outcome.id for outcome in found.missing],
        "differently": {
            outcome.id: [asdict(each) for each in differences]
            for outcome, differences in found.differently
        },
        "undocumented": [asdict(each) for each in found.undocumented],
        "same": found.same,
    }
    return envelope(**members)
