"""A section file of a pack: its rules, each checked by what its edit kind declares."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from patcher.code.module_names import module_parts
from patcher.code.quote_forms import QuoteForm, fault
from patcher.edits.kinds import KINDS, Kind, Quotes
from patcher.model import Need, Rule, Section
from patcher.packs.pins import require_path
from patcher.packs.tables import FLAG, NUMBER, TABLES, TEXT, TEXTS, Key, Table

SECTION = {
    "heading": Key(TEXT, "", "The document's heading; the file's name if left out."),
    "path": Key(about="The file, below the checkout's root."),
    "rule": Key(TABLES, []),
}
RULE = {
    "item": Key(NUMBER, about="The document's number under the heading."),
    "title": Key(about="The edit in a few words, as the subject of a commit."),
    "kind": Key(),
    "why": Key(about="What the edit does for the user."),
    "before": Key(TEXT, "", "The quote of the code before; left out where it is added."),
    "after": Key(TEXT, "", "The quote of the code after; left out where it is removed."),
    "deviation": Key(TEXT, "", "Where the document errs or is silent: what was chosen."),
    "instead_of": Key(TEXT, "", "The document's quote after, in place of which `after` is made."),
    "undocumented": Key(FLAG, False, "Whether the document has no such item."),
    "whose": Key(TEXT, "ours", "Whose reason `why` is.", ("(document|ours)", "document or ours")),
    "needs": Key(TABLES, [], "What must hold in other files for the edit to be sound."),
    "ignores": Key(TEXTS, [], "Look-alikes, which the rule must leave alone: statements each."),
}
NEED = {
    "file": Key(about="The file that has to do it, below the checkout's root."),
    "within": Key(TEXT, "", "Dotted name of its class or function that has to."),
    "of": Key(TEXT, "", "The variable whose keys they are, on any condition; left out, any."),
    "sets": Key(TEXTS, [], "Keys that get a value there."),
    "binds": Key(TEXTS, [], "Names that the module defines or imports."),
    "takes": Key(TEXTS, [], "Parameters of the function."),
}
# The reason of a drafted rule, until somebody writes it.
TO_BE_WRITTEN = "TODO: say what the edit does for the user."
_SCOPE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*){0,20}")


def load_section(
    table: Table, name: str, prefix: str, root: str, signatures: Mapping[str, Sequence[str]]
) -> Section:
    """The section that a table holds; its rules are called by a name, behind a prefix.

    Raises:
        PackError: Something in it is not as it should be.
    """
    heading, path, entries = table.read(SECTION).values()
    require_path(table, "path", path)
    rules = tuple(_rule(each, f"{table.place}: {name}") for each in entries)
    for item, times in Counter(rule.item for rule in rules).items():
        if times > 1:
            raise table.error("item", f"two rules `{prefix}{name}-{item}`", "one of each id")
    heading = heading or path.rpartition("/")[2]
    return Section(heading, path, rules, name, prefix, root, signatures)


def attempts_of(section: Section) -> Iterator[tuple[str, str]]:
    """The `try` statements by which a section's module imports names, by `module.name`."""
    parts = module_parts(section.path, section.root)
    for rule in section.rules:
        body = ast.parse(rule.before).body if rule.before.startswith("try:") else []
        for node in (each for part in body for each in ast.walk(part)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                for alias in node.names:
                    yield ".".join((*parts, alias.asname or alias.name)), rule.before


def _rule(table: Table, place: str) -> Rule:
    item = table.get("item", RULE["item"])
    table = Table(f"{place}-{item}", table.values)
    kind = _kind(table)
    values = table.read(rule_keys(kind))
    edit = kind(**{name: values.pop(name) for name in [*kind.keys()]})
    for name, each in kind.keys().items():
        _check_key(table, name, getattr(edit, name), each.metadata["form"])
    _check_quotes(table, kind)
    for code in values["ignores"]:
        _check_look_alike(table, code)
    more = {"needs": tuple(map(_need, values["needs"])), "stated": _stated(table, values)}
    for name in ("kind", "instead_of", "undocumented"):
        del values[name]
    return Rule(**{"after": "", **values, **more, "edit": edit})


def _stated(table: Table, values: Mapping[str, Any]) -> str | None:
    """What the document has in place of the quote after; None where it is that."""
    for name in ("instead_of", "undocumented"):
        if values[name] and not values["deviation"]:
            raise table.error("deviation", "missing key", f"why, with `{name}`")
    quote: str = values["instead_of"]
    if quote and values["undocumented"]:
        raise table.error("instead_of", "found with `undocumented`", "one of them")
    return "" if values["undocumented"] else quote or None


def _need(table: Table) -> Need:
    """What a rule needs of a file."""
    need = Need(**table.read(NEED))
    require_path(table, "file", need.file)
    if need.within and not _SCOPE.fullmatch(need.within):
        raise table.error("within", f"`{need.within}` is not a name")
    if not (need.sets or need.binds or need.takes):
        raise table.error("sets", "missing key", "`sets`, `binds` or `takes`")
    if need.of and not (need.sets and need.of.isidentifier()):
        raise table.error("of", f"found {need.of!r}", "a variable, with `sets`")
    if need.within and need.binds:
        raise table.error("within", "found with `binds`, which is about the whole module")
    if need.takes and not need.within:
        raise table.error("within", "missing key", "the function that `takes` the parameters")
    for key, names in (("binds", need.binds), ("takes", need.takes)):
        for name in names:
            if not name.isidentifier():
                raise table.error(key, f"`{name}` is not a name")
    return need


def rule_keys(kind: type[Kind]) -> dict[str, Key]:
    """What a rule of a kind may hold."""
    keys = dict(RULE)
    for name, each in kind.keys().items():
        default = each.default if isinstance(each.default, str) else None
        keys[name] = Key(TEXT, default, each.metadata["description"])
    if kind.quotes is Quotes.BEFORE:
        del keys["after"]
    for name in () if kind.quotes is Quotes.EITHER else {"before", "after"} & keys.keys():
        keys[name] = keys[name]._replace(default=None)
    return keys


def _kind(table: Table) -> type[Kind]:
    name = table.get("kind", RULE["kind"])
    if name not in KINDS:
        raise table.error("kind", f"no edit kind `{name}`", f"one of {', '.join(KINDS)}")
    return KINDS[name]


def _check_key(table: Table, name: str, value: str, form: QuoteForm | None) -> None:
    """Check that the value of a key of a kind is a name, or code of a form."""
    wrong = fault(form, value) if form and value else ""
    if not form and value and not _SCOPE.fullmatch(value):
        wrong = f"`{value}` is not a name"
    if wrong:
        raise table.error(name, wrong)


def _check_quotes(table: Table, kind: type[Kind]) -> None:
    """Check that a rule has a quote, that its quotes are code, and that they go together."""
    quotes = {name: table.values[name] for name in ("before", "after") if name in table.values}
    if not quotes:
        raise table.error("before", "missing key", f"`before`, `after` or both with {kind.kind}")
    for name, quote in quotes.items():
        if wrong := fault(kind.form, quote):
            raise table.error(name, wrong, next_step="correct the quote")
    if "before" not in quotes:
        names = kind.needed_to_add or (kind.needed_within if table.values.get("within") else ())
        for name in names:
            if not table.values.get(name):
                raise table.error(
                    name, "missing key", "the statement that the addition comes after"
                )
    if len(quotes) == 2 and (wrong := kind.mismatch(**quotes)):
        raise table.error("after", wrong, "what goes with `before`", "correct the quote")


def _check_look_alike(table: Table, code: str) -> None:
    """Check that a look-alike is code; comments are code as well."""
    if fault(QuoteForm.COMMENTS, code.strip()) and (wrong := fault(QuoteForm.STATEMENTS, code)):
        raise table.error("ignores", wrong, next_step="correct the code, or remove it")
