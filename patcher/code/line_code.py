"""A line of the outline as code and tokens, and the line again with other code.

Of a compound statement that is its header, the decorators included; its blocks stay.
"""

import ast
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import libcst as cst

from patcher.code import syntax
from patcher.code.outline import Line, Outline, Statement, Suite
from patcher.code.tokens import Token, rows_of

_HEADED = (cst.FunctionDef, cst.ClassDef, cst.If, cst.While, cst.For, cst.With)
_NAME = cst.Name("_")
_BLOCK = cst.SimpleStatementSuite([cst.Pass()])


class LineCode(NamedTuple):
    """The code of a line, under other code that stands for what is around it.

    Attributes:
        text: All of it.
        above: The number of logical lines that stand for what is around.
        has_block: Whether its last token stands for a block.
    """

    text: str
    above: int
    has_block: bool

    @property
    def rows(self) -> Sequence[Sequence[Token]]:
        """Its own logical lines, of which each decorator is one, without a block."""
        *rows, last = _rows(self.text)[self.above :]
        return [*rows, last[:-1] if self.has_block else last]


@lru_cache(maxsize=4096)
def _rows(code: str) -> Sequence[Sequence[Token]]:
    return rows_of(code)


def code_of(line: Line, outline: Outline) -> LineCode | None:
    """The code of a line; None of a statement whose header is none of an edit's business."""
    if not isinstance(line.node, (cst.SimpleStatementLine, *_HEADED)):
        return None
    is_elif = line not in line.suite.lines
    return _code(line.node, indent_of(line), outline.module.default_newline, is_elif)


def with_code(line: Line, text: str, outline: Outline) -> Statement | None:
    """The statement of a line with other code; None where that is no statement of its kind."""
    newline, is_elif = outline.module.default_newline, line not in line.suite.lines
    found = syntax.read_to_edit(text.encode("utf-8", "replace"))
    if isinstance(found, syntax.Fault) or _repeats_name(found):
        return None
    try:
        module = cst.parse_module(text, cst.PartialParserConfig(default_newline=newline))
    except cst.ParserSyntaxError:
        return None
    node = _unwrapped(module, bool(indent_of(line)), is_elif)
    if module.code != text or node is None or _shape(line.node) != _shape(node):
        return None
    return _with_blocks_of(line.node, node)


@lru_cache(maxsize=4096)
def _code(node: Statement, indent: str, newline: str, is_elif: bool) -> LineCode | None:
    hollow = _hollow(node)
    wrapped = hollow
    if is_elif:
        wrapped = cst.If(_NAME, _BLOCK, cst.ensure_type(hollow, cst.If))
    if indent:
        wrapped = cst.If(_NAME, cst.IndentedBlock([wrapped], indent=indent))
    text = cst.Module([wrapped], default_newline=newline).code
    try:
        _rows(text)
    except SyntaxError:
        return None
    return LineCode(text, bool(indent) + is_elif, hollow.body is _BLOCK)


def indent_of(line: Line) -> str:
    """What a line is indented by."""
    *suites, module = line.suite.around()
    return "".join(_added_indent(suite, module.indent) for suite in reversed(suites))


def _added_indent(suite: Suite, usual: str) -> str:
    """What a block adds to the indent of its owner; between these, a `case` has an own one."""
    owner = suite.owner.node if suite.owner else None
    case = (owner.indent or usual) if isinstance(owner, cst.Match) else ""
    return f"{case}{suite.indent}"


def _hollow(node: Statement) -> Statement:
    """A statement without its blocks and what stands above it."""
    changes: dict[str, object] = {"leading_lines": ()}
    if isinstance(getattr(node, "body", None), cst.IndentedBlock):
        changes["body"] = _BLOCK
    if hasattr(node, "orelse"):
        changes["orelse"] = None
    return node.with_changes(**changes)


def _unwrapped(module: cst.Module, is_indented: bool, is_elif: bool) -> Statement | None:
    """The statement that stands under the code around it."""
    body: Sequence[cst.CSTNode] = module.body
    if is_indented and len(body) == 1 and isinstance(body[0], cst.If):
        body = body[0].body.body
    if len(body) != 1:
        return None
    node = body[0].orelse if is_elif and isinstance(body[0], cst.If) else body[0]
    return node if isinstance(node, cst.SimpleStatementLine | cst.BaseCompoundStatement) else None


def _shape(node: Statement) -> list[type[cst.CSTNode]]:
    """The kind of a statement, and those of the simple ones on its line."""
    rows = (cst.SimpleStatementLine, cst.SimpleStatementSuite)
    parts = (part for part in (node, _hollow(node).body) if isinstance(part, rows))
    return [type(node), *(type(each) for part in parts for each in part.body)]


def _repeats_name(module: ast.Module) -> bool:
    """Whether a call has a keyword twice, or a function a parameter, which Python refuses later."""
    for node in ast.walk(module):
        names = list[str | None]()
        if isinstance(node, ast.Call):
            names = [each.arg for each in node.keywords if each.arg]
        elif isinstance(node, ast.arguments):
            every = (*node.posonlyargs, *node.args, *node.kwonlyargs, node.vararg, node.kwarg)
            names = [each.arg for each in every if each]
        if len(names) != len(set(names)):
            return True
    return False


def _with_blocks_of(old: Statement, new: Statement) -> Statement:
    changes: dict[str, object] = {"leading_lines": old.leading_lines}
    if isinstance(old.body, cst.IndentedBlock):  # the node by which the outline knows it
        changes["body"] = old.body
    if hasattr(old, "orelse"):
        changes["orelse"] = old.orelse
    return new.with_changes(**changes)
