"""The rules that may make an edit, the narrowest kind first; none of them is tried here."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from patcher.code.quote_forms import fault
from patcher.drafting.from_port.additions import additions
from patcher.drafting.from_port.edit import Edit, Part, Versions
from patcher.drafting.from_port.values import changed_argument, is_flag
from patcher.drafting.titles import title
from patcher.edits.kinds import (
    CallArgument,
    CommentBlock,
    FlagDefault,
    IfStatement,
    IfTest,
    ImportFrom,
    ImportModule,
    Kind,
    ParameterDefault,
    Parameters,
    Statement,
)
from patcher.model import Rule
from patcher.packs.rules import TO_BE_WRITTEN

# An edit kind with its keys, and the quotes before and after.
Proposal = tuple[Kind, str, str]
_MOST_NAMES = 6  # that are tried to distinguish an `if` from others


def candidates(edit: Edit, versions: Versions) -> Iterator[Rule]:
    """The rules that may make an edit, the narrowest kind first."""
    for propose in LADDER:
        for kind, before, after in propose(edit, versions):
            if is_sound(kind, before, after):
                rule = Rule(
                    item=1, title="", before=before, after=after, edit=kind, why=TO_BE_WRITTEN
                )
                yield replace(rule, title=title(rule))


def is_sound(kind: Kind, before: str, after: str) -> bool:
    """Whether a pack takes a rule of a kind with these quotes."""
    given = [quote for quote in (before, after) if quote]
    keys = {name: each.metadata["form"] for name, each in kind.keys().items()}
    texts = [(form, getattr(kind, name)) for name, form in keys.items() if form]
    pairs = [*((kind.form, quote) for quote in given), *((f, t) for f, t in texts if t)]
    if any(fault(form, text) for form, text in pairs):
        return False
    return len(given) < 2 or not kind.mismatch(before, after)


def _imports(edit: Edit, versions: Versions) -> Iterator[Proposal]:
    rows = (*edit.before, *edit.after)
    if edit.scope or max(len(edit.before), len(edit.after)) > 1:
        return
    if edit.part is Part.STATEMENTS and all(row.is_import for row in rows):
        whole = isinstance(rows[0].node, ast.Import)
        kind = ImportModule() if whole else ImportFrom()
        yield kind, versions.before(edit).strip("\n"), _code_after(edit, versions)


def _code_after(edit: Edit, versions: Versions) -> str:
    """The statements that an edit leaves, without what stands above them."""
    return versions.new.quote(range(edit.after[0].lines.start, edit.new.stop)) if edit.after else ""


def _values(edit: Edit, versions: Versions) -> Iterator[Proposal]:
    """A default of a flag, an argument of a call."""
    if edit.part is not Part.STATEMENTS or len(edit.before) != 1 or len(edit.after) != 1:
        return
    before, after = versions.before(edit), versions.after(edit)
    one, two = edit.before[0], edit.after[0]
    if is_flag(one.node) and is_flag(two.node):
        yield FlagDefault(), before, after
    if not one.clauses and (found := changed_argument(one.node, two.node)):
        yield CallArgument(within=edit.scope, call=found.call), found.before, found.after


def _headers(edit: Edit, versions: Versions) -> Iterator[Proposal]:
    if edit.part is not Part.HEADER:
        return
    before, after = versions.before(edit), versions.after(edit)
    if edit.before[0].is_definition:
        yield ParameterDefault(within=edit.scope), before, after
        yield Parameters(within=edit.scope), before, after
        return
    quotes = [text.removeprefix("el") for text in (before, after)]
    if not all(text.startswith("if") for text in quotes):
        return
    yield IfTest(within=edit.scope), quotes[0], quotes[1]
    for name in _telling_names(edit):
        yield IfTest(within=edit.scope, holding=name), quotes[0], quotes[1]
    clause = next(each for each in edit.before[0].clauses if each.header == edit.old)
    for row in clause.rows[:1]:
        whole = versions.old.quote(range(edit.old.start, row.lines.stop)).removeprefix("el")
        block = whole.splitlines()[len(edit.old) :]
        yield IfStatement(within=edit.scope), whole, "\n".join([quotes[1], *block])


def _telling_names(edit: Edit) -> Iterator[str]:
    """Names that the block of an `if` mentions and its test does not."""
    clause = next(each for each in edit.before[0].clauses if each.header == edit.old)
    names = list[str]()
    for node in (each for row in clause.rows for part in row.nodes for each in ast.walk(part)):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                names.append(name)
    yield from sorted(dict.fromkeys(names), key=lambda name: -len(name))[:_MOST_NAMES]


def _comments(edit: Edit, versions: Versions) -> Iterator[Proposal]:
    if edit.part is Part.COMMENTS:
        yield CommentBlock(within=edit.scope), versions.before(edit), ""


def _ifs(edit: Edit, versions: Versions) -> Iterator[Proposal]:
    rows = (*edit.before, *edit.after)
    is_one = len(edit.before) == len(edit.after) == 1 and edit.part is Part.STATEMENTS
    if is_one and all(isinstance(row.node, ast.If) for row in rows):
        yield IfStatement(within=edit.scope), versions.before(edit), versions.after(edit)


def _statements(edit: Edit, versions: Versions) -> Iterator[Proposal]:
    rows, imports_go = edit.before, not edit.scope and not edit.after
    if imports_go and len(rows) == 1 and rows[0].is_import:
        return  # it is tried again as an import, once nothing uses it any more
    if edit.part is Part.STATEMENTS and edit.before:
        yield Statement(within=edit.scope), versions.before(edit), versions.after(edit)


def _additions(edit: Edit, versions: Versions) -> Iterator[Proposal]:
    if edit.part is Part.STATEMENTS and not edit.before:
        yield from additions(edit, versions)


# What may make an edit, the narrowest first; `fragment`, tokens of one line, goes before whole
# statements.
LADDER: Sequence[Callable[[Edit, Versions], Iterator[Proposal]]] = (
    _imports,
    _values,
    _headers,
    _comments,
    _ifs,
    _statements,
    _additions,
)
