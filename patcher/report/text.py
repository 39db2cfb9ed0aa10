"""A plan for people: tables that are coloured on a terminal and plain in a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from patcher.model import Outcome, Pack, Rule, Section, State, TreePlan
from patcher.report.output import Output, Row

if TYPE_CHECKING:
    from rich.syntax import Syntax

    from patcher.engine.explain import Explanation

_COLOURS = {
    State.PENDING: "yellow",
    State.APPLIED: "green",
    State.DRIFTED: "red",
    State.AMBIGUOUS: "red",
    State.PARTIAL: "magenta",
    State.ABSENT: "blue",
}


def status(place: str, plan: TreePlan) -> None:
    """Print a row per rule, by file, and the sum."""
    out = Output()
    rows: list[Row] = []
    for path, outcomes in groupby(plan.outcomes, key=lambda outcome: outcome.file):
        rows.append(Text(path, style="bold"))
        for outcome in outcomes:
            state = Text(str(outcome.state), style=_COLOURS[outcome.state])
            rows.append((f"  {outcome.id}", state, _lines(outcome), outcome.title))
    out.rows(("rule", "state", "line", "edit"), rows)
    out.show(f"\n{place}: {plan.tally}")


def catalogue(packs: Iterable[Pack]) -> None:
    """Print a row per rule of the packs, by file."""
    out = Output()
    for pack in packs:
        rows: list[Row] = []
        for path, entries in groupby(pack.entries(), key=lambda entry: entry[1].path):
            rows.append(Text(path, style="bold"))
            rows += [(f"  {id_}", rule.verb, "", rule.title) for id_, _, rule in entries]
        out.rows(("rule", "code", "", "edit"), rows)
        out.show(f"\n{pack.name}: {sum(1 for _ in pack.entries())} rules")


def rule(id_: str, section: Section, each: Rule) -> None:
    """Print all that is known of one rule."""
    out = Output()
    out.show(Text(f"{id_}: {each.title}", style="bold"))
    source = f"{section.heading}, item {each.item} ({each.verb.lower()})"
    facts = Table.grid(padding=(0, 2))
    facts.add_column(no_wrap=True)
    facts.add_column()
    facts.add_row("file", section.path)
    facts.add_row("document", source)
    facts.add_row("kind", each.edit.kind)
    facts.add_row("place", each.edit.place)
    facts.add_row("why", each.why)
    if each.deviation:
        facts.add_row("our choice", each.deviation)
    out.show(facts)
    for label, quote in (("before", each.before), ("after", each.after)):
        if quote:
            out.show(f"\n{label}", Padding(_code(quote, out), (0, 0, 0, 4)))


def explanation(section: Section, rule: Rule, found: Explanation) -> None:
    """Print what a rule looked for, what it saw, and why it decided as it did."""
    out, outcome = Output(), found.outcome
    state = Text(str(outcome.state), style=_COLOURS[outcome.state])
    out.show(Text.assemble((f"{outcome.id}: {rule.title}", "bold"), "  ", state))
    facts = Table.grid(padding=(0, 2))
    facts.add_column(no_wrap=True)
    facts.add_column()
    facts.add_row("looked in", f"{section.path}, {rule.edit.place}")
    facts.add_row("looked for", f"{outcome.wants}, {outcome.expected} in all")
    facts.add_row("decided", _decision(found))
    out.show(facts)
    for label, seen in (("found", found.sites), ("came close", found.near)):
        for each in seen:
            out.show(f"\n{label}, line {each.line}: {each.verdict}\n    {each.text.strip()}")


def _decision(found: Explanation) -> str:
    """Why a rule is in its state."""
    outcome, count = found.outcome, len(found.sites)
    match outcome.state:
        case State.PENDING:
            return "all of them are as before the edit: it can be made"
        case State.APPLIED if not count:
            return "nothing is left to remove"
        case State.APPLIED:
            return "all of them are as after the edit, or as a later rule leaves them"
        case State.ABSENT if outcome.nearest:
            return outcome.nearest.why
        case State.AMBIGUOUS:
            return f"{count} places can be meant, and none is chosen on a guess"
        case State.PARTIAL:
            return f"{count} places, some before the edit and some after it or missing"
        case _:
            return "no place is as before the edit, and none as after it"


def changes(counts: Mapping[str, tuple[int, int]]) -> None:
    """Print a row per file with the lines added and removed."""
    out = Output()
    table = _table("file", "added", "removed")
    for path, (added, removed) in counts.items():
        table.add_row(path, Text(f"+{added}", "green"), Text(f"-{removed}", "red"))
    out.show(table)
    total = [sum(column) for column in zip(*counts.values(), strict=True)] or [0, 0]
    named = "1 file" if len(counts) == 1 else f"{len(counts)} files"
    out.show(f"\n{named}, {total[0]} lines added, {total[1]} removed")


def _code(quote: str, out: Console) -> Syntax | Text:
    text = quote.rstrip("\n")
    if not out.is_terminal:
        return Text(text)
    from rich.syntax import Syntax

    return Syntax(text, "python", theme="ansi_dark", background_color="default", word_wrap=True)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in columns:
        numeric = name in ("line", "added", "removed")
        table.add_column(name, justify="right" if numeric else "left")
    return table


def _lines(outcome: Outcome) -> str:
    return ", ".join(dict.fromkeys(str(site.line) for site in outcome.sites))
