"""What came of holding the document against the rules, for people and for machines."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import groupby

from rich.text import Text

from patcher.document.coverage import Coverage, Entry
from patcher.document.gaps import Verdict
from patcher.report.output import Output, Row
from patcher.resources import __version__


def table(coverage: Coverage) -> None:
    """Print a row per edit, by heading, and the sum."""
    out = Output()
    rows: list[Row] = []
    for heading, entries in groupby(coverage.entries, key=lambda entry: entry.heading):
        rows.append(Text(_heading(heading, coverage), style="bold"))
        rows += [_row(entry) for entry in entries]
    out.rows(("rule", "document", "line", "edit"), rows)
    out.show(f"\n{coverage.document}: {_sum(coverage)}")


def as_json(coverage: Coverage) -> str:
    """The same as one object, on one line."""
    members = {
        "effpatch": __version__,
        "document": coverage.document,
        "pack": coverage.pack,
        "edits": [_members(entry) for entry in coverage.entries],
        "recognised": coverage.recognised,
        "summary": coverage.summary,
    }
    return json.dumps(members)


def _heading(heading: str, coverage: Coverage) -> str:
    line = coverage.recognised.get(heading)
    lost = f" (its heading is lost; known by its place, line {line})" if line else ""
    return f"{heading or 'no heading'}{lost}"


def _row(entry: Entry) -> Row:
    colour = "green" if entry.verdict is Verdict.COVERED else "red"
    name = entry.id or ("no item" if entry.number is None else f"item {entry.number}")
    line = str(entry.line or "")
    return f"  {name}", Text(str(entry.verdict), style=colour), line, entry.title


def _sum(coverage: Coverage) -> str:
    """Such as `41 of 42 covered, 1 differs`."""
    counts = dict(coverage.summary)
    covered = f"{counts.pop(Verdict.COVERED)} of {len(coverage.entries)} covered"
    return ", ".join([covered, *(f"{count} {each}" for each, count in counts.items() if count)])


def _members(entry: Entry) -> dict[str, object]:
    """An edit's members; null stands for what it lacks."""
    members = {**asdict(entry), "id": entry.id or None, "line": entry.line or None}
    members["gaps"] = [{"found": gap.found, "wanted": gap.wanted} for gap in entry.gaps]
    return {**members, "verdict": entry.verdict}
