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
from patcher.verify.model import Check
from patcher.verify.replay import hunks


def lines(patched: Patched, checks: Sequence[Check]) -> None:
    """Print a line per check, its findings below it, and the sum."""
    rows: list[Row] = []
    for check in checks:
        found, advice = len(check.failures), len(check.advice)
        word = Text(f"{found} found", "red") if found else Text("holds", "green")
        rows.append((check.name, word, "", f"{advice} to know" if advice else ""))
        rows += [
            _line(each.file, each.line, each.text, "yellow" if each.advice else "red")
            for each in check.findings
        ]
    out = Output()
    out.rows(("check", "", "", ""), rows)
    failures = sum(len(check.failures) for check in checks)
    verdict = f"{failures} found" if failures else f"all {len(checks)} checks hold"
    rules = sum(len(each.counts) for each in patched.replays)
    pairs = [pair for each in patched.replays for pair in hunks(each.before, each.after)]
    added, removed = (sum(len(pair[side]) for pair in pairs) for side in (1, 0))
    files = len(patched.replays)
    remark = f"{added} lines added, {removed} removed by {rules} rules in {files} files"
    out.show(f"\n{patched.tree.place}: {verdict}; {remark}")


def as_json(patched: Patched, checks: Sequence[Check]) -> str:
    """The same as one object, on one line."""
    members = {
        **tree_members(patched.tree),
        "packs": [pack.name for pack in patched.origin.packs],
        "changed": {id_: n for each in patched.replays for id_, n in each.counts.items()},
        "checks": [
            {
                "name": check.name,
                "holds": not check.failures,
                "findings": [asdict(finding) for finding in check.findings],
            }
            for check in checks
        ],
        "holds": not any(check.failures for check in checks),
    }
    return envelope(**members)


def comparison(port: Tree, found: Comparison) -> None:
    """Print what is in another port, sorted, and the sum."""
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
