"""Calls, and those among them that define an absl flag."""

from collections.abc import Iterable, Iterator

import libcst as cst

from patcher.code.equivalence import dotted, equivalent, evaluated, slots, walk
from patcher.code.outline import Line


def calls_in(
    lines: Iterable[Line], func: cst.BaseExpression | None = None
) -> Iterator[tuple[Line, cst.Call]]:
    """The calls of a function, or all, in the simple statements among some lines."""
    for line in (line for line in lines if isinstance(line.node, cst.SimpleStatementLine)):
        for part in walk(line.node):
            if isinstance(part, cst.Call) and (func is None or equivalent(func, part.func)):
                yield line, part


def sole_call(node: cst.CSTNode) -> cst.Call | None:
    """The call that is all of a line."""
    if not isinstance(node, cst.SimpleStatementLine) or len(node.body) != 1:
        return None
    only = node.body[0]
    value = only.value if isinstance(only, cst.Expr) else None
    return value if isinstance(value, cst.Call) else None


def flag_call(node: cst.CSTNode) -> cst.Call | None:
    """The call that is all of a line, or whose value the line gives a name."""
    row = node.body if isinstance(node, cst.SimpleStatementLine) else ()
    match row:
        case [cst.Assign(targets=[cst.AssignTarget(target=cst.Name())], value=cst.Call() as call)]:
            return call if flag_name(call) else None
    return sole_call(node)


def flag_name(call: cst.Call) -> str:
    """The quoted name of the flag that a call defines; "" if it defines none."""
    name = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
    if not isinstance(name, cst.Name) or not name.value.startswith("DEFINE_"):
        return ""
    value = _given(call, "name")
    if not isinstance(value, cst.SimpleString | cst.ConcatenatedString):
        return ""
    text = evaluated(value.value) if isinstance(value, cst.SimpleString) else value.evaluated_value
    return repr(text) if isinstance(text, str) else ""


def define_alike(one: cst.Call, other: cst.Call) -> bool:
    """Whether two calls define flags of one type, by whichever name absl has for the function."""
    (place, kind), (other_place, other_kind) = map(_definer, (one, other))
    known = {place, other_place} <= {"", "flags"}
    return kind == other_kind and (known or equivalent(one.func, other.func))


def _definer(call: cst.Call) -> tuple[str, str]:
    """The last part of what has the function that defines a flag, and the flag's type."""
    place, _, name = dotted(call.func).rpartition(".")
    kind = name.removeprefix("DEFINE_")
    return place.rpartition(".")[2], {"boolean": "bool"}.get(kind, kind)


def defined_flag(node: cst.CSTNode) -> str:
    """The quoted name of the flag that a line defines; "" if it defines none."""
    call = flag_call(node)
    return flag_name(call) if call else ""


def flag_default(call: cst.Call) -> cst.BaseExpression | None:
    """The default of the flag that a call defines."""
    return _given(call, "default")


def _given(call: cst.Call, name: str) -> cst.BaseExpression | None:
    found = slots(call.args, ("name", "default"))
    return next((arg.value for place, arg in found if place == name), None)
