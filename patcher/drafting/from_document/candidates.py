"""The places in a file where a quoted edit can be meant, each with the edit kind that makes it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import libcst as cst

from patcher.code import quotes
from patcher.code.bindings import mentioned
from patcher.code.flags import calls_in
from patcher.code.line_code import code_of
from patcher.code.outline import Line, Outline
from patcher.code.quote_forms import QuoteForm, completed, fault
from patcher.code.token_runs import quoted_run, runs_in
from patcher.edits.base import Match, edit_kind
from patcher.edits.kinds import (
    CallArgument,
    CommentBlock,
    FlagDefault,
    Fragment,
    IfStatement,
    IfTest,
    ImportFrom,
    ImportModule,
    Kind,
    ParameterDefault,
    Parameters,
    Statement,
)
from patcher.model import Edit, Rule, State

_Form = QuoteForm
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a document quotes of an edit, and the scopes that it names for it, if any."""

    before: str
    after: str
    scopes: tuple[str, ...] = ()

    def rule(self, edit: Kind) -> Rule:
        """The edit as a rule, to be tried."""
        return Rule(item=1, title="", before=self.before, after=self.after, edit=edit, why="")


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

    In the scopes that the document names, where there are any in these.
    """
    for kind in kinds(quoted.before, quoted.after):
        edits = _edits(kind, quoted, outline)
        found = _each_once([each for edit in edits for each in _found(edit, quoted, outline)])
        if found:
            return [each for each in found if _is_hinted(each, quoted.scopes)] or found
    return []


def kinds(before: str, after: str) -> Iterator[type[Kind]]:
    """The edit kinds that can make one quote of another, the narrowest first; "" for no quote."""
    given = [quote for quote in (before, after) if quote.strip()]

    def are(form: QuoteForm) -> bool:
        return all(not fault(form, quote) for quote in given)

    if before and not after and are(_Form.COMMENTS):
        yield CommentBlock
    if are(_Form.IMPORT):
        yield ImportFrom if given[0].lstrip().startswith("from") else ImportModule
        return
    if before and after:
        if are(_Form.FLAG) and _differ_in_default(before, after):
            yield FlagDefault
        if are(_Form.FUNCTION) and _is_header(before) and _is_header(after):
            yield from _of_function(before, after)
        if are(_Form.IF) and _is_header(before) and _is_header(after):
            yield IfTest
    if before and after and are(_Form.IF) and not _is_header(before):
        yield IfStatement
    if are(_Form.STATEMENTS):
        yield Statement
    if before and after and are(_Form.ARGUMENT) and _keyword(before) == _keyword(after):
        yield CallArgument
    if are(_Form.FRAGMENT) and not Fragment.mismatch(before, after):
        yield Fragment


def _is_header(quote: str) -> bool:
    return quote.rstrip().endswith(":")


def _keyword(quote: str) -> str:
    keyword = quotes.keyword(quote).keyword
    return keyword.value if keyword else ""


def _of_function(before: str, after: str) -> Iterator[type[Kind]]:
    one, two = (_function(quote) for quote in (before, after))
    if one.name == two.name and ast.dump(one.args) != ast.dump(two.args):
        if not ParameterDefault.mismatch(before, after) and _but_defaults(one) == _but_defaults(
            two
        ):
            yield ParameterDefault
        yield Parameters


def _function(quote: str) -> ast.FunctionDef:
    (node,) = ast.parse(completed(_Form.FUNCTION, quote)).body
    assert isinstance(node, ast.FunctionDef)
    return node


def _but_defaults(node: ast.FunctionDef) -> list[str]:
    return [argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg)]


def _differ_in_default(before: str, after: str) -> bool:
    """Whether two calls define one flag, alike but for the default."""
    pairs = [quotes.call(quote) for quote in (before, after)]
    one, two = ([quotes.code(arg) for arg in call.args] for call in pairs)
    differing = [index for index, (a, b) in enumerate(zip(one, two, strict=False)) if a != b]
    return (
        quotes.code(pairs[0].func) == quotes.code(pairs[1].func)
        and len(one) == len(two)
        and len(differing) == 1
        and (differing == [1] or one[differing[0]].startswith("default"))
    )


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
    keyword = _keyword(quoted.before)
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
    lines = {id(line.origin): line for line in _every_line(outline)}
    for match in pending:
        line = lines.get(id(match.node))
        if line is None or _is_exact(edit, quoted, line, outline):
            narrow = (
                edit if len(found) == 1 else _narrowed(edit, quoted, match, pending, lines, outline)
            )
            yield Candidate(narrow, match.node, _what(edit, quoted))


def _every_line(outline: Outline) -> Iterator[Line]:
    return (each for line in outline.lines() for each in line.chain())


def _is_exact(edit: Kind, quoted: Quoted, line: Line, outline: Outline) -> bool:
    """Whether a line is as quoted, and does not only mean much the same."""
    if isinstance(edit, IfTest | IfStatement):
        wanted, node = quotes.statement(quoted.before), line.node
        if not (isinstance(wanted, cst.If) and isinstance(node, cst.If)):
            return False
        return meaning(wanted.test) == meaning(node.test)
    if isinstance(edit, Fragment):
        return not quoted.before.rstrip().endswith(",") or _has_comma(quoted.before, line, outline)
    if not isinstance(edit, Statement) or not quoted.before:
        return True
    rows = quotes.statements(quoted.before)
    start = line.suite.lines.index(line)
    run = line.suite.lines[start : start + len(rows)]
    return [*map(meaning, rows)] == [meaning(each.node) for each in run]


def _has_comma(quote: str, line: Line, outline: Outline) -> bool:
    """Whether a comma stands behind the part of a line that a quote with a comma at its end is."""
    code = code_of(line, outline)
    runs = (run for row in (code.rows if code else ()) for run in runs_in(row, quoted_run(quote)))
    return any(run.following == "," for run in runs)


@lru_cache(maxsize=50_000)
def meaning(node: cst.CSTNode) -> str:
    """What a statement or expression says, whatever its layout and comments."""
    bare = node.with_changes(leading_lines=()) if hasattr(node, "leading_lines") else node
    code = cst.Module([]).code_for_node(bare)
    return ast.dump(ast.parse(f"({code})" if isinstance(node, cst.BaseExpression) else code))


def _what(edit: Kind, quoted: Quoted) -> str:
    """What of a line an edit takes; "" for all of it."""
    if isinstance(edit, CallArgument):
        return _keyword(quoted.before)
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
    for name in sorted(own, key=lambda name: (-len(name), name)):
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
        for name in sorted(_held(line, IfTest()), key=lambda name: (-len(name), name)):
            yield IfTest(within=edit.within if edit else "", holding=name)


def _held(line: Line, edit: Kind) -> frozenset[str]:
    """The names by which an edit of a line can be told from those of other lines."""
    if isinstance(edit, IfTest) and isinstance(line.node, cst.If):
        branch = line.node.orelse if isinstance(line.node.orelse, cst.Else) else None
        return mentioned(line.node.body, *([branch] if branch else []))
    return mentioned(line.node) if isinstance(line.node, cst.SimpleStatementLine) else frozenset()


def _each_once(found: Sequence[Candidate]) -> list[Candidate]:
    """The candidates without those of a place that another one has."""
    places = {(id(each.node), each.part): each for each in reversed(found)}
    return [each for each in found if places[id(each.node), each.part] is each]


def _is_hinted(found: Candidate, scopes: Sequence[str]) -> bool:
    """Whether a place is in one of the scopes that a document names."""
    within = found.edit.within if found.edit else ""
    return any(f".{within}.".find(f".{scope}.") >= 0 for scope in scopes if scope)
