"""The edit kinds that can make one quote of another."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from patcher.code import quotes
from patcher.code.quote_forms import QuoteForm, completed, fault
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

_Form = QuoteForm


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
    if before and after and are(_Form.ARGUMENT) and keyword_of(before) == keyword_of(after):
        yield CallArgument
    if are(_Form.FRAGMENT) and not Fragment.mismatch(before, after):
        yield Fragment


def _is_header(quote: str) -> bool:
    return quote.rstrip().endswith(":")


def keyword_of(quote: str) -> str:
    """The name of the keyword argument that is quoted."""
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
