"""One rule, and what a diff comes to, for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from patcher.errors.visible import visible
from patcher.model import Need, Rule, Section, State
from patcher.report import count
from patcher.report.output import Output
from patcher.report.overview import COLOURS

if TYPE_CHECKING:
    from patcher.engine.explain import Explanation


def rule(id_: str, section: Section, each: Rule, others: Sequence[str] = ()) -> None:
    """Print everything about one rule; `others` says which rules it needs."""
    out = Output()
    out.show(Text(visible(f"{id_}: {each.title}"), style="bold"))
    facts = {
        "file": section.path,
        "document": source(section, each),
        "kind": each.edit.kind,
        "place": each.edit.place,
        "why": each.why,
        "our choice": each.deviation,
        "needs": [*others, *map(_need, each.needs)],
    }
    out.show(facts_table(facts))
    quotes = {"before": each.before, "after": each.after, "in the document": each.stated}
    for label, quote in quotes.items():
        if quote:
            out.show("", label, Padding(_code(quote, out), (0, 0, 0, 4)))
    for code in each.ignores:
        out.show("", "left alone", Padding(_code(code, out), (0, 0, 0, 4)))


def source(section: Section, each: Rule) -> str:
    """Where the document has a rule's item, in words."""
    if each.stated == "":
        return "has no such item"
    return f"{section.prefix}{section.heading}, item {each.item} ({each.verb.lower()})"


def _need(need: Need) -> str:
    """What another file must do, in words."""
    groups = (("sets", need.sets), ("defines", need.binds), ("takes", need.takes))
    does = (f"{verb} {' and '.join(f'`{e}`' for e in names)}" for verb, names in groups if names)
    place = f"`{need.within}` in {need.file}" if need.within else need.file
    return f"{place} {', '.join(does)}"


def explanation(section: Section, rule: Rule, found: Explanation) -> None:
    """Print what a rule looked for, what it found, and why it is in its state."""
    out, outcome = Output(), found.outcome
    state = Text(str(outcome.state), style=COLOURS[outcome.state])
    out.show(Text.assemble((visible(f"{outcome.id}: {rule.title}"), "bold"), "  ", state))
    facts = {
        "looked in": f"{section.path}, {rule.edit.place}",
        "looked for": f"{outcome.wants}, {outcome.expected} in all",
        "decided": _decision(found),
    }
    out.show(facts_table(facts))
    for label, seen in (("found", found.sites), ("came close", found.near)):
        for each in seen:
            word = "blocked" if each.is_blocker else label
            out.show("", f"{word}, line {each.line}: {each.why}", f"    {each.text.strip()}")


def facts_table(facts: Mapping[str, str | Sequence[str]]) -> Table:
    """Names and what they stand for, in two columns; several values take a line each.

    Those without a value are left out.
    """
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column()
    for name, value in facts.items():
        lines = [value] if isinstance(value, str) else value
        if any(lines):
            table.add_row(name, "\n".join(map(visible, lines)))
    return table


def _decision(found: Explanation) -> str:
    """Why a rule is in its state."""
    outcome, number = found.outcome, len(found.sites)
    match outcome.state:
        case State.PENDING:
            return "every place is as before the edit, so it can be made"
        case State.APPLIED if not number:
            return "there is nothing left to remove"
        case State.APPLIED:
            return "every place is as after the edit, or as a later rule leaves it"
        case State.ABSENT if outcome.nearest:
            return outcome.nearest.why
        case State.AMBIGUOUS:
            return f"{number} places could be meant, and effpatch does not guess"
        case State.PARTIAL:
            return f"{number} places, some as before the edit, others as after it or missing"
        case _ if outcome.nearest and outcome.nearest.is_blocker:
            return f"the place is as before the edit, but blocked: {outcome.nearest.why}"
        case _:
            return "no place is as before the edit, and none is as after it"


def changes(counts: Mapping[str, tuple[int, int]], *, colours: bool) -> None:
    """Print a row per file with the number of lines added and removed, and the totals."""
    out = Output(colours)
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("file")
    table.add_column("added", justify="right")
    table.add_column("removed", justify="right")
    for path, (added, removed) in counts.items():
        table.add_row(visible(path), Text(f"+{added}", "green"), Text(f"-{removed}", "red"))
    out.show(table)
    total = [sum(column) for column in zip((0, 0), *counts.values(), strict=True)]
    out.show(
        "", f"{count(len(counts), 'file')}, {count(total[0], 'line')} added, {total[1]} removed"
    )


def _code(quote: str, out: Output) -> RenderableType:
    text = visible(quote.rstrip("\n"), keep="\n\t")
    if not out.is_terminal:
        return Text(text)
    from rich.syntax import Syntax

    return Syntax(text, "python", theme="ansi_dark", background_color="default", word_wrap=True)
