"""Two statements that differ in one value: the default of a flag, an argument of a call."""

from __future__ import annotations

import ast
from typing import NamedTuple


class Argument(NamedTuple):
    """A keyword argument of a call, as code: the function, and the argument before and after."""

    call: str
    before: str
    after: str


def is_flag(node: ast.stmt) -> bool:
    """Whether a statement defines a flag with a name that is written out."""
    match node:
        case ast.Expr(value=ast.Call(func=func, args=[ast.Constant(value=str()), *_])):
            callee = getattr(func, "attr", getattr(func, "id", ""))
            return str(callee).startswith("DEFINE_")
    return False


def changed_argument(old: ast.stmt, new: ast.stmt) -> Argument | None:
    """The one keyword argument in which two statements differ; None where more does."""
    calls = [[n for n in ast.walk(each) if isinstance(n, ast.Call)] for each in (old, new)]
    if len(calls[0]) != len(calls[1]):
        return None
    for one, other in zip(*calls, strict=True):
        pairs = zip(one.keywords, other.keywords, strict=False)
        differing = [(a, b) for a, b in pairs if ast.dump(a) != ast.dump(b)]
        if len(differing) != 1 or len(one.keywords) != len(other.keywords):
            continue
        (before, after), value = differing[0], differing[0][0].value
        if before.arg is None or before.arg != after.arg:
            continue
        before.value = after.value
        is_all = ast.dump(old) == ast.dump(new)
        before.value = value
        name = ast.unparse(one.func)
        if is_all and name.replace(".", "").isidentifier():
            texts = (f"{before.arg}={ast.unparse(each)}" for each in (value, after.value))
            return Argument(name, *texts)
    return None
