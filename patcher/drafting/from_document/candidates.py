"""The places in a file where a quoted edit can be meant, each with the edit kind that makes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import libcst as cst

from patcher.code import quotes
from patcher.code.bindings import mentioned
from patcher.code.flags import calls_in
from patcher.code.outline import Line, Outline
from patcher.drafting.from_document.exactness import is_exact
from patcher.drafting.from_document.quoted import Quoted
from patcher.drafting.from_document.quoted_kinds import keyword_of, kinds
from patcher.edits.base import Match, edit_kind
from patcher.edits.kinds import (
    CallArgument,
    FlagDefault,
    Fragment,
    IfTest,
    ImportFrom,
    ImportModule,
    Kind,
    Statement,
)
from patcher.model import Edit, State

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where an edit can be made.

    Attributes:
        edit: Kind and place as a rule has them; None where no key tells the place from another.
        node: The line or comment where it is, as the file has it.
        part: What of the line the edit takes, so that no other can; "" for all of it.
    """

    edit: Kind | None
    node: cst.CSTNode
    part: str = ""


def candidates(quoted: Quoted, outline: Outline) -> list[Candidate]:
    """The places that hold exactly what is quoted, by the narrowest kind that finds any.

    Where the document names scopes that the file has, they are in these.
    """
    everywhere, hinted = list[Candidate](), list[Candidate]()
    for kind in kinds(quoted.before, quoted.after):
        edits = _edits(kind, quoted, outline)
        found = _each_once([each for edit in edits for each in _found(edit, quoted, outline)])
        near = [each for each in found if _is_hinted(each, quoted.scopes)]
        # The header of a function is another place than what is in it, whatever the kind.
        hinted += near if not hinted else [e for e in near if _is_apart(e, hinted)]
        everywhere = everywhere or found
    return hinted or ([] if named_scopes(quoted, outline) else everywhere)


def _is_apart(each: Candidate, others: Sequence[Candidate]) -> bool:
    """Whether a place is the header of a function, and others are not."""
    is_header = isinstance(each.node, cst.FunctionDef)
    return is_header and not any(isinstance(other.node, cst.FunctionDef) for other in others)


def named_scopes(quoted: Quoted, outline: Outline) -> list[str]:
    """The scopes that a document names and that the file has."""
    known = [f".{scope}" for scope in outline.scopes]
    return [s for s in quoted.scopes if s and any(each.endswith(f".{s}") for each in known)]


def _edits(kind: type[Kind], quoted: Quoted, outline: Outline) -> Iterator[Kind]:
    """The edits of a kind, one for each place in the file that it can name."""
    if kind in (ImportFrom, ImportModule, FlagDefault):
        yield kind()
        return
    words = frozenset(_WORD.findall(quoted.before))
    for scope in sorted(outline.scopes):
        if not words <= _words_in(scope, outline):
            continue
        if kind is CallArgument:
            yield from _calls(quoted, scope, outline)
        else:
            yield kind(within=scope)


def _calls(quoted: Quoted, scope: str, outline: Outline) -> Iterator[Kind]:
    """An edit for each function that is called in a scope with the quoted keyword argument."""
    keyword = keyword_of(quoted.before)
    calls = (call for _, call in calls_in(outline.lines(scope)) if _gives(call, keyword))
    for callee in dict.fromkeys(quotes.code(call.func) for call in calls):
        yield CallArgument(within=scope, call=callee)


def _gives(call: cst.Call, keyword: str) -> bool:
    return any(arg.keyword and arg.keyword.value == keyword for arg in call.args)


@lru_cache(maxsize=5_000)
def _words_in(scope: str, outline: Outline) -> frozenset[str]:
    """The words of the statements and comments in a scope, those of functions inside included."""
    code = (outline.module.code_for_node(line.node) for line in outline.lines(scope))
    footers = (
        each.comment.value for s in outline.within(scope) for each in s.footer if each.comment
    )
    return frozenset(_WORD.findall("\n".join([*code, *footers])))


def _found(edit: Kind, quoted: Quoted, outline: Outline) -> Iterator[Candidate]:
    """The places of an edit that hold what is quoted, each with what tells it from the others."""
    found = edit_kind(edit).find(quoted.rule(edit), outline)
    pending = [match for match in found if match.state is State.PENDING]
    if not pending:
        return
    lines = {id(line.origin): line for line in _every_line(outline)}
    for match in pending:
        line = lines.get(id(match.node))
        if line is None or is_exact(edit, quoted, line, outline):
            # A line next to them distinguishes statements from what is as after the edit.
            is_sole = len(found) == 1 or (isinstance(edit, Statement) and len(pending) == 1)
            narrow = edit if is_sole else _narrowed(edit, quoted, match, pending, lines, outline)
            yield Candidate(narrow, match.node, _what(edit, quoted))


def _every_line(outline: Outline) -> Iterator[Line]:
    return (each for line in outline.lines() for each in line.chain())


def _what(edit: Kind, quoted: Quoted) -> str:
    """What of a line an edit takes; "" for all of it."""
    if isinstance(edit, CallArgument):
        return keyword_of(quoted.before)
    return quoted.before if isinstance(edit, Fragment) else ""


def _narrowed(
    edit: Kind,
    quoted: Quoted,
    match: Match,
    others: Sequence[Match],
    lines: Mapping[int, Line],
    outline: Outline,
) -> Kind | None:
    """The edit where it holds in one place alone, by a name that is in that line and no other."""
    if not isinstance(edit, IfTest | Fragment) or id(match.node) not in lines:
        return None
    taken = {
        name
        for each in others
        if each is not match and id(each.node) in lines
        for name in _held(lines[id(each.node)], edit)
    }
    own = _held(lines[id(match.node)], edit) - taken
    for name in _by_length(own):
        narrow = replace(edit, holding=name)
        found = edit_kind(narrow).find(quoted.rule(narrow), outline)
        if [each.node for each in found] == [match.node]:
            return narrow
    return None


def holding(edit: Edit | None, quoted: Quoted, outline: Outline) -> Iterator[Kind]:
    """An edit that holds in one place, by each name there that can tell it from others."""
    found = edit_kind(edit).find(quoted.rule(edit), outline) if isinstance(edit, IfTest) else ()
    nodes = [match.node for match in found]
    for line in (line for line in _every_line(outline) if line.origin in nodes):
        for name in _by_length(_held(line, IfTest())):
            yield IfTest(within=edit.within if edit else "", holding=name)


def _held(line: Line, edit: Kind) -> frozenset[str]:
    """The names that can distinguish an edit of this line from edits of others."""
    if isinstance(edit, IfTest) and isinstance(line.node, cst.If):
        branch = line.node.orelse if isinstance(line.node.orelse, cst.Else) else None
        return mentioned(line.node.body, *([branch] if branch else []))
    return mentioned(line.node) if isinstance(line.node, cst.SimpleStatementLine) else frozenset()


def _by_length(names: Iterable[str]) -> list[str]:
    """Names, the longest first: those say most."""
    return sorted(names, key=lambda name: (-len(name), name))


def _each_once(found: Sequence[Candidate]) -> list[Candidate]:
    """The candidates without those of a place that another one has."""
    places = {(id(each.node), each.part): each for each in reversed(found)}
    return [each for each in found if places[id(each.node), each.part] is each]


def _is_hinted(found: Candidate, scopes: Sequence[str]) -> bool:
    """Whether a place is in one of the scopes that a document names, or the call that it names."""
    within = found.edit.within if found.edit else ""
    if isinstance(found.node, cst.FunctionDef | cst.ClassDef):
        within = f"{within}.{found.node.name.value}"
    call = found.edit.call if isinstance(found.edit, CallArgument) else ""
    return any(
        f".{scope}." in f".{within}." or f".{call}".endswith(f".{scope}")
        for scope in scopes
        if scope
    )
