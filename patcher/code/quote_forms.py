"""What the quotes of an edit kind are in Python's grammar, and each as code that parses by itself.

Nothing here imports LibCST, so that packs can be checked without it.
"""

import ast
from enum import Enum

from patcher.code import bounds, tokens

_TOO_DEEP = "nested too deeply, or too long"


class QuoteForm(Enum):
    """What a quote is; the value says so in sentences."""

    STATEMENTS = "whole statements"
    STATEMENT = "one statement or its header"
    IMPORT = "one import statement"
    IF = "one `if` statement or its header"
    FUNCTION = "the header of one function"
    FLAG = "one call that defines a flag, up to its default or further"
    ARGUMENT = "one keyword argument of a call"
    COMMENTS = "comment lines"
    FRAGMENT = "part of one statement, or lines of a docstring"


def completed(form: QuoteForm, quote: str) -> str:
    """The quote as statements: brackets that it leaves open are closed, headers get a block."""
    text = quote.rstrip()
    if form in (QuoteForm.FLAG, QuoteForm.ARGUMENT):
        text = text.strip().rstrip(",")
        text = f"call({text}" if form is QuoteForm.ARGUMENT else text
        text += ")" * (text.count("(") - text.count(")"))
    return f"{text}\n    pass" if text.endswith(":") else text


def fault(form: QuoteForm, quote: str) -> str:
    """Why a quote is not of a form; "" where it is."""
    if form is QuoteForm.COMMENTS:
        stray = [line for line in quote.splitlines() if not line.lstrip().startswith("#")]
        if stray:
            return f"`{stray[0].strip()}` is not a comment line"
        return "" if quote else "no comment line in it"
    if form is QuoteForm.FRAGMENT:
        return _fragment_fault(quote)
    code = completed(form, quote)
    try:
        module = ast.parse(code)
    except SyntaxError as error:
        return f"not valid Python ({error.msg})"
    except (RecursionError, MemoryError):
        return _TOO_DEEP
    if bounds.is_too_deep(module) or bounds.excess_to_edit(code.encode("utf-8", "replace")):
        return _TOO_DEEP
    body = module.body
    if not body or not quote.strip():
        return "no statement in it"
    if form is QuoteForm.STATEMENTS or _is_one(form, body):
        return ""
    return f"`{quote.strip().splitlines()[0]}` is not {form.value}"


def _fragment_fault(quote: str) -> str:
    """Why a quote is no part of a statement, nor lines of a docstring; "" where it is."""
    if tokens.is_deep(quote):
        return _TOO_DEEP
    if not quote.strip():
        return "nothing in it"
    if tokens.is_code(quote) and not tokens.word_in(quote):
        return "no name, number or text in it"
    return ""


def _is_one(form: QuoteForm, body: list[ast.stmt]) -> bool:
    """Whether statements are the one thing that a form asks for."""
    match form, body:
        case QuoteForm.STATEMENT, [_]:
            return True
        case QuoteForm.IMPORT, [ast.Import() | ast.ImportFrom()]:
            return True
        case QuoteForm.IF, [ast.If()]:
            return True
        case QuoteForm.FUNCTION, [ast.FunctionDef()]:
            return True
        case QuoteForm.FLAG, [ast.Expr(value=ast.Call() as call)]:
            return _is_flag(call)
        case QuoteForm.ARGUMENT, [
            ast.Expr(value=ast.Call(args=[], keywords=[ast.keyword(arg=str())]))
        ]:
            return True
    return False


def _is_flag(call: ast.Call) -> bool:
    """Whether a call defines a flag with a name that is written out, and a default."""
    callee = getattr(call.func, "attr", getattr(call.func, "id", ""))
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    given |= dict(zip(("name", "default"), call.args, strict=False))
    name = getattr(given.get("name"), "value", None)
    return callee.startswith("DEFINE_") and isinstance(name, str) and "default" in given


def defaults(header: str) -> dict[str, str]:
    """The default of each parameter of a function that has one, by its header."""
    (function,) = ast.parse(completed(QuoteForm.FUNCTION, header)).body
    assert isinstance(function, ast.FunctionDef)
    args = function.args
    last = [*args.posonlyargs, *args.args][-len(args.defaults) :] if args.defaults else []
    pairs = zip((*last, *args.kwonlyargs), (*args.defaults, *args.kw_defaults), strict=True)
    return {arg.arg: ast.unparse(default) for arg, default in pairs if default}
