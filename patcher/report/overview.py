"""All rules of a plan or of packs, a row each, for people."""

from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from patcher.model import Pack, Plan, State
from patcher.report import count, tally
from patcher.report.rows import Row, print_rows

COLOURS = {
    State.PENDING: "yellow",
    State.APPLIED: "green",
    State.DRIFTED: "red",
    State.AMBIGUOUS: "red",
    State.PARTIAL: "magenta",
    State.ABSENT: "blue",
}


def status(place: str, plan: Plan) -> None:
    """Print a row per rule, by file, and the totals."""
    rows: list[Row] = []
    for path, outcomes in groupby(plan.outcomes, key=lambda outcome: outcome.file):
        rows.append([(path, "bold")])
        for outcome in outcomes:
            state = str(outcome.state), COLOURS[outcome.state]
            lines = ", ".join(dict.fromkeys(str(site.line) for site in outcome.sites))
            by = f" (made by {outcome.made_by})" if outcome.made_by else ""
            rows.append((f"  {outcome.id}", state, lines, f"{outcome.title}{by}"))
    print_rows(("rule", "state", "line", "edit"), rows, f"{place}: {tally(plan)}")


def files(place: str, plan: Plan, most: int) -> None:
    """Print a row per file with the states of its rules, at most so many, and the totals."""
    states = dict[str, Counter[State]]()
    for each in plan.outcomes:
        states.setdefault(each.file, Counter())[each.state] += 1
    rows: list[Row] = []
    for path, counts in states.items():
        found = ", ".join(f"{number} {state}" for state, number in counts.items())
        rows.append((path, (found, COLOURS[next(iter(counts))]), "", ""))
    if len(rows) > most:
        kept = max(most - 1, 1)
        rows[kept:] = [[(f"and {count(len(rows) - kept, 'more file')}", "dim")]]
    print_rows(("file", "edits", "", ""), rows, f"{place}: {tally(plan)}")


def catalogue(packs: Iterable[Pack]) -> None:
    """Print a row per rule of some packs, by file."""
    for pack in packs:
        rows: list[Row] = []
        for path, entries in groupby(pack.entries(), key=lambda entry: entry[1].path):
            rows.append([(path, "bold")])
            rows += [(f"  {id_}", rule.verb, "", rule.title) for id_, _, rule in entries]
        summary = f"{pack.name}: {count(len(list(pack.entries())), 'rule')}"
        print_rows(("rule", "code", "", "edit"), rows, summary)
