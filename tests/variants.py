"""Code rewritten without a change of what a rule means by it, each way by name.

A way is applied wherever it can be, so that the names of its ways say all of an example.
"""

import ast
from collections.abc import Callable, Sequence
from functools import lru_cache

import libcst as cst
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

from tests.rule_check import SIGNATURES

_BREAK = cst.ParenthesizedWhitespace(indent=True, last_line=cst.SimpleWhitespace("    "))
_BLANK = cst.EmptyLine(indent=False)
_TIGHT = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


class _Quotes(cst.CSTTransformer):
    def leave_SimpleString(
        self, original_node: cst.SimpleString, updated_node: cst.SimpleString
    ) -> cst.SimpleString:
        raw = updated_node.raw_value
        if updated_node.prefix or len(updated_node.quote) > 1 or set(raw) & set("'\"\\"):
            return updated_node
        quote = "'" if updated_node.quote == '"' else '"'
        return updated_node.with_changes(value=f"{quote}{raw}{quote}")


class _BrokenCalls(cst.CSTTransformer):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        args = [
            arg.with_changes(comma=cst.Comma(whitespace_after=_BREAK)) for arg in updated_node.args
        ]
        if not args or any(isinstance(arg.value, cst.GeneratorExp) for arg in args):
            return updated_node
        args[-1] = args[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        return updated_node.with_changes(args=args, whitespace_before_args=_BREAK)


class _TrailingCommas(cst.CSTTransformer):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        args = list(updated_node.args)
        if args and not isinstance(args[-1].value, cst.GeneratorExp):
            args[-1] = args[-1].with_changes(comma=cst.Comma())
        return updated_node.with_changes(args=args)


class _Brackets(cst.CSTTransformer):
    def leave_If(self, original_node: cst.If, updated_node: cst.If) -> cst.If:
        return updated_node.with_changes(test=_bracketed(updated_node.test))

    def leave_Assign(self, original_node: cst.Assign, updated_node: cst.Assign) -> cst.Assign:
        return updated_node.with_changes(value=_bracketed(updated_node.value))

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        if updated_node.star or isinstance(updated_node.value, cst.GeneratorExp):
            return updated_node
        return updated_node.with_changes(value=_bracketed(updated_node.value))

    def leave_ImportFrom(
        self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom
    ) -> cst.ImportFrom:
        return updated_node.with_changes(lpar=cst.LeftParen(), rpar=cst.RightParen())


def _bracketed(node: cst.BaseExpression) -> cst.BaseExpression:
    if isinstance(node, cst.Yield | cst.NamedExpr):
        return node
    return node.with_changes(
        lpar=[cst.LeftParen(), *node.lpar], rpar=[*node.rpar, cst.RightParen()]
    )


class _Above(cst.CSTTransformer):
    """Puts lines above every statement but the first of the module."""

    def __init__(self, *lines: cst.EmptyLine) -> None:
        super().__init__()
        self.lines = lines

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]
        left = super().on_leave(original_node, updated_node)
        if isinstance(left, cst.SimpleStatementLine | cst.If | cst.With | cst.Try):
            return left.with_changes(leading_lines=[*left.leading_lines, *self.lines])
        assert isinstance(left, cst.CSTNode)
        return left


class _Behind(cst.CSTTransformer):
    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine:
        space = updated_node.trailing_whitespace
        if space.comment:
            return updated_node
        two = cst.SimpleWhitespace("  ")
        behind = space.with_changes(whitespace=two, comment=cst.Comment("# behind"))
        return updated_node.with_changes(trailing_whitespace=behind)


class _Indent(cst.CSTTransformer):
    def __init__(self, indent: str) -> None:
        super().__init__()
        self.indent = indent

    def leave_IndentedBlock(
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.IndentedBlock:
        return updated_node.with_changes(indent=self.indent)


class _FurtherNames(cst.CSTTransformer):
    def leave_ImportFrom(
        self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom
    ) -> cst.ImportFrom:
        if isinstance(updated_node.names, cst.ImportStar) or any(
            each.evaluated_name == "further" for each in updated_node.names
        ):
            return updated_node
        first, *others = updated_node.names
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        more = cst.ImportAlias(cst.Name("further"), comma=comma)
        return updated_node.with_changes(names=[more, first, *others])


class _OneNameEach(cst.CSTTransformer):
    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.SimpleStatementLine]:
        only = updated_node.body[0]
        if not isinstance(only, cst.ImportFrom) or isinstance(only.names, cst.ImportStar):
            return updated_node
        bare = only.with_changes(lpar=None, rpar=None)
        names = [e.with_changes(comma=cst.MaybeSentinel.DEFAULT) for e in only.names]
        lines = [updated_node.with_changes(body=[bare.with_changes(names=[e])]) for e in names]
        rest = [line.with_changes(leading_lines=()) for line in lines[1:]]
        return cst.FlattenSentinel([lines[0], *rest])


class _Keywords(cst.CSTTransformer):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        func = updated_node.func
        name = func.attr.value if isinstance(func, cst.Attribute) else ""
        if not name.startswith("DEFINE_") or name == "DEFINE_enum":
            return updated_node
        words = ("name", "default", "help")
        args = [
            arg if arg.keyword else arg.with_changes(keyword=cst.Name(word), equal=_TIGHT)
            for word, arg in zip(words, updated_node.args, strict=False)
        ]
        return updated_node.with_changes(args=args)


class _ByKeyword(cst.CSTTransformer):
    """Names the arguments of the functions that quotes call."""

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        args = list(updated_node.args)
        for index, word in enumerate(SIGNATURES.get(_code(updated_node.func), ())[: len(args)]):
            if not args[index].keyword and not args[index].star:
                args[index] = args[index].with_changes(keyword=cst.Name(word), equal=_TIGHT)
        return updated_node.with_changes(args=args)


class _ByPlace(cst.CSTTransformer):
    """Drops the keywords that follow from an argument's position."""

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        args = list(updated_node.args)
        words = SIGNATURES.get(_code(updated_node.func), ())
        for index, (arg, word) in enumerate(zip(args, words, strict=False)):
            if arg.keyword and arg.keyword.value != word:
                break
            args[index] = arg.with_changes(keyword=None, equal=cst.MaybeSentinel.DEFAULT)
        return updated_node.with_changes(args=args)


class _Asked(cst.CSTTransformer):
    """Tests `x is not None` in another form, given as an example about `x`."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.form = form

    def leave_Comparison(
        self, original_node: cst.Comparison, updated_node: cst.Comparison
    ) -> cst.BaseExpression:
        text = _code(updated_node)
        subject, found, rest = text.strip("()").partition(" is not None")
        if not found or rest or not subject.isidentifier():
            return updated_node
        new = cst.parse_expression(self.form.replace("x", subject))
        if updated_node.lpar:
            return new.with_changes(lpar=updated_node.lpar, rpar=updated_node.rpar)
        return new


class _Turned(cst.CSTTransformer):
    def leave_If(self, original_node: cst.If, updated_node: cst.If) -> cst.If:
        orelse = updated_node.orelse
        if not isinstance(orelse, cst.Else) or not _asks_none(updated_node.test):
            return updated_node
        return updated_node.with_changes(
            test=_opposite(updated_node.test),
            body=orelse.body,
            orelse=orelse.with_changes(body=updated_node.body),
        )

    def leave_IfExp(self, original_node: cst.IfExp, updated_node: cst.IfExp) -> cst.IfExp:
        if not _asks_none(updated_node.test):
            return updated_node
        return updated_node.with_changes(
            test=_opposite(updated_node.test), body=updated_node.orelse, orelse=updated_node.body
        )


class _TurnedAlone(cst.CSTTransformer):
    """Turns an `if` without an `else` round, so that it does nothing at first."""

    def leave_If(self, original_node: cst.If, updated_node: cst.If) -> cst.If:
        if updated_node.orelse or _asks_none(updated_node.test) != "is not":
            return updated_node
        return updated_node.with_changes(
            test=_opposite(updated_node.test),
            body=cst.IndentedBlock([cst.SimpleStatementLine([cst.Pass()])]),
            orelse=cst.Else(updated_node.body),
        )


class _FurtherClause(cst.CSTTransformer):
    def leave_If(self, original_node: cst.If, updated_node: cst.If) -> cst.If:
        test = _code(updated_node.test)
        if "hvd" not in test or "further" in test or _asks_none(updated_node.test) == "is":
            return updated_node
        more = cst.parse_expression(f"({test}) and hvd.further")
        return updated_node.with_changes(test=more)


def _asks_none(test: cst.BaseExpression) -> str:
    """`is` or `is not`, where a test asks this of a name and None; else nothing."""
    text = _code(test).strip("()")
    for words in ("is not", "is"):
        subject, found, rest = text.partition(f" {words} None")
        if found and not rest and subject.isidentifier():
            return words
    return ""


def _opposite(test: cst.BaseExpression) -> cst.BaseExpression:
    words = (" is not ", " is ")
    old, new = words if _asks_none(test) == "is not" else words[::-1]
    return cst.parse_expression(_code(test).replace(old, new))


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


WAYS: dict[str, Callable[[], cst.CSTTransformer]] = {
    "other quotes": _Quotes,
    "calls over several lines": _BrokenCalls,
    "trailing commas": _TrailingCommas,
    "brackets": _Brackets,
    "blank lines": lambda: _Above(_BLANK),
    "comments between": lambda: _Above(_BLANK, cst.EmptyLine(comment=cst.Comment("# above"))),
    "comments behind": _Behind,
    "two spaces": lambda: _Indent("  "),
    "four spaces": lambda: _Indent("    "),
    "eight spaces": lambda: _Indent("        "),
    "tabs": lambda: _Indent("\t"),
    "further names": _FurtherNames,
    "a line per name": _OneNameEach,
    "flags by keyword": _Keywords,
    "arguments by keyword": _ByKeyword,
    "keywords by place": _ByPlace,
    "x != None": lambda: _Asked("x != None"),
    "None is not x": lambda: _Asked("None is not x"),
    "not x is None": lambda: _Asked("not x is None"),
    "not (x is None)": lambda: _Asked("not (x is None)"),
    "turned branches": _Turned,
    "turned alone": _TurnedAlone,
    "a further clause": _FurtherClause,
}
CRLF = "CRLF"


def depth(few: int, many: int) -> pytest.MarkDecorator:
    """Try a test on a `count` of examples: on a few, and on many where long tests run."""
    return pytest.mark.parametrize("count", [few, pytest.param(many, marks=pytest.mark.long)])


def try_often(check: Callable[..., None], count: int, *strategies: SearchStrategy[object]) -> None:
    """Try a check on this many examples, the same ones each time."""
    examples = settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    examples(given(*strategies)(check))()


_parsed = lru_cache(maxsize=64)(cst.parse_module)


def written(code: str, ways: Sequence[str]) -> str:
    """The code, rewritten in each way in turn."""
    module = _parsed(code)
    for way in ways:
        if way != CRLF:
            module = module.visit(WAYS[way]())
    return module.code.replace("\n", "\r\n") if CRLF in ways else module.code


def meaning(code: str) -> str:
    """A module's syntax tree, in which all these ways are one, and docstrings have no layout."""
    return ast.dump(ast.fix_missing_locations(_One().visit(ast.parse(code))))


class _One(ast.NodeTransformer):
    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            return ast.Expr(ast.Constant(" ".join(node.value.value.split())))
        return self.generic_visit(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> list[ast.ImportFrom]:
        names = [each for each in node.names if each.name != "further"]
        return [ast.ImportFrom(node.module, [each], node.level) for each in names]

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        clauses: list[ast.expr] = []
        for each in node.values:
            inner = isinstance(each, ast.BoolOp) and isinstance(each.op, type(node.op))
            clauses += each.values if inner and isinstance(each, ast.BoolOp) else [each]
        node.values = [each for each in clauses if ast.dump(each) != _FURTHER]
        return node if len(node.values) > 1 else node.values[0]

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        (op, *_), (right, *_) = node.ops, node.comparators
        if isinstance(node.left, ast.Constant) and node.left.value is None:
            node.left, right = right, node.left
            node.comparators = [right]
        if isinstance(right, ast.Constant) and right.value is None:
            node.ops = [{ast.NotEq: ast.IsNot, ast.Eq: ast.Is}.get(type(op), type(op))()]
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        inner = node.operand
        if not isinstance(node.op, ast.Not):
            return node
        if isinstance(inner, ast.Compare) and isinstance(inner.ops[0], ast.Is | ast.IsNot):
            inner.ops = [ast.IsNot() if isinstance(inner.ops[0], ast.Is) else ast.Is()]
            return inner
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        test = _turned(node.test)
        if test and node.orelse:
            node.test, node.body, node.orelse = test, node.orelse, node.body
        if all(isinstance(each, ast.Pass) for each in node.orelse):
            node.orelse = []
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        test = _turned(node.test)
        if test:
            node.test, node.body, node.orelse = test, node.orelse, node.body
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr.startswith("DEFINE_"):
            words = ("name", "default", "help")
            node.keywords += [ast.keyword(w, a) for w, a in zip(words, node.args, strict=False)]
            node.args = node.args[len(words) :]
        places = SIGNATURES.get(ast.unparse(node.func), ())
        if not any(isinstance(each, ast.Starred) for each in node.args):
            node.keywords += [ast.keyword(w, a) for w, a in zip(places, node.args, strict=False)]
            node.args = node.args[len(places) :]
        node.keywords.sort(key=lambda each: each.arg or "")
        return node


_FURTHER = ast.dump(ast.parse("hvd.further", mode="eval").body)


def _turned(test: ast.expr) -> ast.expr | None:
    """What a test denies."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is):
        return ast.Compare(test.left, [ast.IsNot()], test.comparators)
    return None
