"""Calls, and those among them that define an absl flag."""

from __future__ import annotations

import libcst as cst

from patcher.code.equivalence import evaluated


def sole_call(node: cst.CSTNode) -> cst.Call | None:
    """The call that is all of a line."""
    if not isinstance(node, cst.SimpleStatementLine) or len(node.body) != 1:
        return None
    only = node.body[0]
    value = only.value if isinstance(only, cst.Expr) else None
    return value if isinstance(value, cst.Call) else None


def argument(call: cst.Call, position: int, name: str) -> cst.BaseExpression | None:
    """The argument of a call by 0-based position or by name."""
    for index, arg in enumerate(call.args):
        if arg.keyword.value == name if arg.keyword else index == position:
            return arg.value
    return None


def flag_name(call: cst.Call) -> str:
    """The quoted name of the flag that a call defines; "" if it defines none."""
    name = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
    value = argument(call, 0, "name")
    if not isinstance(name, cst.Name) or not name.value.startswith("DEFINE_"):
        return ""
    return repr(evaluated(value.value)) if isinstance(value, cst.SimpleString) else ""


def defined_flag(node: cst.CSTNode) -> str:
    """The quoted name of the flag that a line defines; "" if it defines none."""
    call = sole_call(node)
    return flag_name(call) if call else ""


def flag_default(call: cst.Call) -> cst.BaseExpression | None:
    """The default of the flag that a call defines."""
    return argument(call, 1, "default")
