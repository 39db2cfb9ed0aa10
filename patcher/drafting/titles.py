"""The title of a drafted rule: its edit in a few words, made from its quotes."""

from __future__ import annotations

import ast

from patcher.code.quote_forms import completed
from patcher.edits.kinds import KINDS, CallArgument
from patcher.model import Rule

MOST = 72  # characters


def title(rule: Rule) -> str:
    """The edit in a few words, on one line."""
    before, after = (_first(quote) for quote in (rule.before, rule.after))
    text = _words(rule, before, after)
    if len(text) > MOST and " to `" in text:
        text = text.partition(" to `")[0]
    return text if len(text) <= MOST else f"{text[: MOST - 2].rstrip()}…`"


def _words(rule: Rule, before: str, after: str) -> str:
    match rule.edit.kind:
        case "comment_block":
            return f"remove the comment `{before}`"
        case "if_test":
            tests = (line.removeprefix("if ").removesuffix(":") for line in (before, after))
            return "change the test {} to {}".format(*map(_code, tests))
        case "flag_default":
            name, value = _flag(rule.after)
            return f"set the default of the flag {_code(name)} to {_code(value)}"
        case "call_argument":
            assert isinstance(rule.edit, CallArgument)
            return f"pass {_code(after)} to {_code(rule.edit.call)}"
        case "parameter_default" | "parameters":
            what = "a default" if rule.edit.kind == "parameter_default" else "the parameters"
            return f"change {what} of {_code(after.partition('def ')[2].partition('(')[0])}"
    if rule.adds:
        return f"add {_code(after)}"
    if rule.removes:
        return f"remove {_code(before)}"
    return f"change {_code(before)}{f' to {_code(after)}' if before != after else ''}"


def _code(text: str) -> str:
    return f"`{text}`" if "`" not in text else text


def _first(quote: str) -> str:
    """The first line of a quote, or of its first statement if that has no block."""
    lines = [line for line in quote.splitlines() if line.strip()]
    code = [line for line in lines if not line.lstrip().startswith("#")] or lines
    return " ".join(code[0].split()) if code else ""


def _flag(quote: str) -> tuple[str, str]:
    """The name of the flag that a call defines, and its default as code."""
    (statement,) = ast.parse(completed(KINDS["flag_default"].form, quote)).body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    call = statement.value
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    given |= dict(zip(("name", "default"), call.args, strict=False))
    name = given["name"]
    return str(getattr(name, "value", "")), ast.unparse(given["default"])
