"""A section file of a pack: its rules, each checked by what its edit kind declares."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import Field
from pathlib import Path

from patcher.code.quote_forms import QuoteForm, fault
from patcher.edits.kinds import KINDS, Kind, Quotes
from patcher.model import Rule, Section
from patcher.packs.pins import require_path
from patcher.packs.tables import Table, read

SECTION_KEYS = ("heading", "path", "rule")
RULE_KEYS = ("item", "title", "kind", "why", "before", "after", "deviation")
_SCOPE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


def load_section(file: Path, prefix: str, signatures: Mapping[str, Sequence[str]]) -> Section:
    """The section in a file, whose name its rules are called by, behind a prefix.

    Raises:
        PackError: Something in it is not as it should be.
    """
    table = read(file)
    table.require_known(SECTION_KEYS)
    path = table.get("path", str)
    require_path(table, "path", path)
    heading = table.get("heading", str, path.rpartition("/")[2])
    rules = tuple(_rule(each, file) for each in table.tables("rule"))
    items = [rule.item for rule in rules]
    for item in items:
        if items.count(item) > 1:
            raise table.error("item", f"two rules `{prefix}{file.stem}-{item}`", "one of each id")
    return Section(heading, path, rules, file.stem, prefix, signatures)


def _rule(table: Table, file: Path) -> Rule:
    item = table.get("item", int)
    table = Table(f"{file}: {file.stem}-{item}", table.values)
    kind = _kind(table)
    keys = kind.keys()
    table.require_known([*RULE_KEYS, *keys])
    before, after = (table.get(name, str, "") for name in ("before", "after"))
    _check_quotes(table, kind, before, after)
    edit = kind(**{name: _value(table, name, key) for name, key in keys.items()})
    return Rule(
        item=item,
        title=table.get("title", str),
        before=before,
        after=after,
        edit=edit,
        why=table.get("why", str),
        deviation=table.get("deviation", str, ""),
    )


def _kind(table: Table) -> type[Kind]:
    name = table.get("kind", str)
    if name not in KINDS:
        raise table.error("kind", f"no edit kind `{name}`", f"one of {', '.join(KINDS)}")
    return KINDS[name]


def _value(table: Table, name: str, key: Field[str]) -> str:
    """The value of a key of a kind."""
    default = key.default if isinstance(key.default, str) else None
    value = table.get(name, str, default)
    form: QuoteForm | None = key.metadata["form"]
    wrong = fault(form, value) if form and value else ""
    if not form and value and not _SCOPE.fullmatch(value):
        wrong = f"`{value}` is not a name"
    if wrong:
        raise table.error(name, wrong)
    return value


def _check_quotes(table: Table, kind: type[Kind], before: str, after: str) -> None:
    """See that a rule has the quotes that its kind takes, and that they are code."""
    there = [name for name in ("before", "after") if name in table.values]
    missing = {
        Quotes.BOTH: [name for name in ("before", "after") if name not in there],
        Quotes.EITHER: [] if there else ["before"],
        Quotes.BEFORE: [] if "before" in there else ["before"],
    }[kind.quotes]
    if missing:
        raise table.error(missing[0], "missing key", f"{kind.quotes.value} with {kind.kind}")
    if kind.quotes is Quotes.BEFORE and "after" in there:
        raise table.error("after", "unexpected key", f"{kind.quotes.value} with {kind.kind}")
    for name, quote in (("before", before), ("after", after)):
        wrong = fault(kind.form, quote) if name in there else ""
        if wrong:
            raise table.error(name, wrong, next_step="correct the quote")
    wrong = kind.mismatch(before, after) if len(there) == 2 else ""
    if wrong:
        raise table.error("after", wrong, "what goes with `before`", "correct the quote")
