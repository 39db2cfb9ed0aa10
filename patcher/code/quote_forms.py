"""What the quotes of an edit kind are in Python's grammar, and each as code that parses by itself.

Nothing here imports LibCST, so that packs can be checked without it.
"""

from __future__ import annotations

import ast
from enum import Enum


class QuoteForm(Enum):
    """What a quote is; the value says so in sentences."""

    STATEMENTS = "whole statements"
    IMPORT = "one import statement"
    IF = "one `if` statement or its header"
    FUNCTION = "the header of one function"
    CALL = "one call, which may break off behind any argument"
    ARGUMENT = "one keyword argument of a call"
    COMMENTS = "comment lines"


def completed(form: QuoteForm, quote: str) -> str:
    """The quote as statements: brackets that it leaves open are closed, headers get a block."""
    text = quote.rstrip()
    if form in (QuoteForm.CALL, QuoteForm.ARGUMENT):
        text = text.strip().rstrip(",")
        text = f"call({text}" if form is QuoteForm.ARGUMENT else text
        text += ")" * (text.count("(") - text.count(")"))
    return f"{text}\n    pass" if text.endswith(":") else text


def fault(form: QuoteForm, quote: str) -> str:
    """Why a quote is not of a form; "" where it is."""
    if form is QuoteForm.COMMENTS:
        stray = [line for line in quote.splitlines() if not line.lstrip().startswith("#")]
        return f"`{stray[0].strip()}` is not a comment line" if stray else ""
    try:
        body = ast.parse(completed(form, quote)).body
    except SyntaxError as error:
        return f"not valid Python ({error.msg})"
    if not body:
        return "no statement in it"
    if form is QuoteForm.STATEMENTS or _is_one(form, body):
        return ""
    return f"`{quote.strip().splitlines()[0]}` is not {form.value}"


def _is_one(form: QuoteForm, body: list[ast.stmt]) -> bool:
    """Whether statements are the one thing that a form asks for."""
    match form, body:
        case QuoteForm.IMPORT, [ast.Import() | ast.ImportFrom()]:
            return True
        case QuoteForm.IF, [ast.If()]:
            return True
        case QuoteForm.FUNCTION, [ast.FunctionDef()]:
            return True
        case QuoteForm.CALL, [ast.Expr(value=ast.Call())]:
            return True
        case QuoteForm.ARGUMENT, [
            ast.Expr(value=ast.Call(args=[], keywords=[ast.keyword(arg=str())]))
        ]:
            return True
    return False
