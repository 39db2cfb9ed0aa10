"""How a document and a pack compare, for people and for machines."""

from dataclasses import asdict
from itertools import groupby

from patcher.document.coverage import Coverage, Entry
from patcher.document.gaps import Verdict
from patcher.report.json import envelope
from patcher.report.rows import Row, print_rows


def table(coverage: Coverage) -> None:
    """Print a row per edit, by heading, and the totals."""
    rows: list[Row] = []
    for heading, entries in groupby(coverage.entries, key=lambda entry: entry.heading):
        rows.append([(_heading(heading, coverage), "bold")])
        rows += [_row(entry) for entry in entries]
    summary = f"{coverage.document}: {_totals(coverage)}"
    print_rows(("rule", "document", "line", "edit"), rows, summary)


def as_json(coverage: Coverage) -> str:
    """The same as one object, on one line."""
    return envelope(
        document=coverage.document,
        pack=coverage.pack,
        edits=[_members(entry) for entry in coverage.entries],
        recognised=coverage.recognised,
        summary=coverage.summary,
    )


def _heading(heading: str, coverage: Coverage) -> str:
    line = coverage.recognised.get(heading)
    missing = f" (heading missing; known by its position, line {line})" if line else ""
    return f"{heading or 'no heading'}{missing}"


def _row(entry: Entry) -> Row:
    colour = {Verdict.COVERED: "green", Verdict.DEVIATES: "yellow"}.get(entry.verdict, "red")
    name = entry.id or ("no item" if entry.number is None else f"item {entry.number}")
    line = str(entry.line or "")
    return f"  {name}", (str(entry.verdict), colour), line, entry.title


def _totals(coverage: Coverage) -> str:
    """Such as `41 of 42 covered, 1 differs`."""
    counts = dict(coverage.summary)
    covered = f"{counts.pop(Verdict.COVERED)} of {len(coverage.entries)} covered"
    return ", ".join([covered, *(f"{count} {each}" for each, count in counts.items() if count)])


def _members(entry: Entry) -> dict[str, object]:
    """An edit's members; null stands for what it lacks."""
    members = {**asdict(entry), "id": entry.id or None, "line": entry.line or None}
    del members["deviates"]  # which the verdict says
    members["gaps"] = [{"found": gap.found, "wanted": gap.wanted} for gap in entry.gaps]
    return {**members, "verdict": entry.verdict}
