"""The quote of a statement that an addition follows, as short as it can be."""

import ast

_LONG = 60  # characters from which the arguments of a call are abbreviated


def abbreviated(code: str) -> str:
    """A long statement that is a call, or assigns what one returns, with `...` for the arguments.

    A text that comes first stays, as it is often a name. "" where there is nothing to abbreviate.
    """
    match ast.parse(code).body if len(code) > _LONG else ():
        case [ast.Expr(value=ast.Call() as call)]:
            head = ""
        case [ast.Assign(targets=targets, value=ast.Call() as call)]:
            head = "".join(f"{ast.unparse(each)} = " for each in targets)
        case _:
            return ""
    first = call.args[0] if len(call.args) > 1 else None
    named = isinstance(first, ast.Constant) and isinstance(first.value, str)
    shown = f"{ast.get_source_segment(code, first)}, " if first and named else ""
    return f"{head}{ast.unparse(call.func)}({shown}...)"
