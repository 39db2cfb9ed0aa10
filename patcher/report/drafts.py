"""A drafted pack for people: each edit, how its rule was found, and what is left to do."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from patcher.drafting.draft import Draft, DraftPack, DraftSection, Mark
from patcher.packs.rules import TO_BE_WRITTEN
from patcher.report import count
from patcher.report.rows import Row, print_rows

_COLOURS = {
    Mark.UNIQUE: "green",
    Mark.BY_ORDER: "cyan",
    Mark.BY_PORT: "cyan",
    Mark.UNRESOLVED: "red",
}


def table(drafted: DraftPack, place: str) -> None:
    """Print a row per edit, by file, and the totals."""
    sections = zip(drafted.names(), drafted.sections, strict=True)
    prefix = f"{drafted.name}/"  # as the commands want the ids
    rows = [row for name, section in sections for row in _rows(f"{prefix}{name}", section)]
    found = [f"{number} {mark}" for mark, number in drafted.summary.items() if number]
    edits = sum(drafted.summary.values())
    summary = f"{place}: {count(edits, 'edit')}, {', '.join(found) or 'none'}"
    print_rows(("rule", "found", "line", "edit, or why there is no rule"), rows, summary)


def next_step(drafted: DraftPack, place: str) -> str:
    """What a person does next with a pack, which is written to a place."""
    rules = [each.rule for section in drafted.sections for each in section.drafts]
    reasons = any(rule.why == TO_BE_WRITTEN for rule in rules)
    left = {
        "complete the unresolved rules": drafted.summary[Mark.UNRESOLVED] > 0,
        "write the reasons": reasons,
    }
    todo = " and ".join(words for words, is_left in left.items() if is_left)
    return f"{todo or 'read the rules'} in {place}, then run `{proof_command(place)}`"


def proof_command(place: str, tree: str = "") -> str:
    """The command that proves a pack in a folder, on a tree where the pack has none to fetch."""
    folder = place if "/" in place else f"./{place}"  # a word alone may be a pack's name as well
    return f"effpatch test {quote(folder)}" + (f" --tree {quote(tree)}" if tree else "")


def _rows(name: str, section: DraftSection) -> Iterator[Row]:
    yield [(section.path or section.heading or "no file", "bold")]
    for each in section.drafts:
        line = str(each.line) if each.line else ""
        mark = str(each.mark), _COLOURS[each.mark]
        yield f"  {name}-{each.rule.item}", mark, line, _text(each)


def _text(each: Draft) -> str:
    if each.mark is Mark.UNRESOLVED:
        return f"{each.rule.title}: {each.found}"
    return f"{each.rule.title}: {each.waits}" if each.waits else each.rule.title
