"""Texts with values in them: f-strings, `format`, `%` and `+` as the same template.

The parts of `'avg/{}'.format(tag)`, `f'avg/{tag}'`, `'avg/%s' % tag` and `'avg/' + tag` are the
text `avg/` and the value `tag`.
"""

import re
from ast import literal_eval
from collections.abc import Iterator, Sequence
from string import Formatter
from typing import NamedTuple

import libcst as cst

_STRINGS = (cst.SimpleString, cst.ConcatenatedString)
_FORMAT = re.compile(r"%.?", re.S)
_PERCENT = {"%s": "", "%r": "r"}


class Value(NamedTuple):
    """A value in a text: the expression, its conversion, and how it is formatted."""

    expression: cst.BaseExpression
    conversion: str = ""
    spec: str = ""


Part = str | Value


def parts_of(node: cst.CSTNode) -> list[Part] | None:
    """The parts of a text, neighbouring pieces as one; None of what is no text with values."""
    try:
        found = _parts(node)
    except (ValueError, SyntaxError, IndexError, KeyError):
        return None
    return None if found is None else _joined(found)


def is_text(node: cst.CSTNode) -> bool:
    """Whether a node may be a text with values in it."""
    if isinstance(node, cst.Call):
        return isinstance(node.func, cst.Attribute) and isinstance(node.func.value, _STRINGS)
    if isinstance(node, cst.BinaryOperation):
        sides = (node.left, node.right)
        return any(isinstance(each, _STRINGS) or is_text(each) for each in sides)
    if isinstance(node, cst.ConcatenatedString):
        return node.evaluated_value is None
    return isinstance(node, cst.FormattedString)


def _parts(node: cst.CSTNode) -> Sequence[Part] | None:
    match node:
        case cst.ConcatenatedString(left=left, right=right) if node.evaluated_value is None:
            sides = [_parts(each) for each in (left, right)]
            return None if None in sides else [part for side in sides for part in side or ()]
        case cst.SimpleString() | cst.ConcatenatedString():
            value = node.evaluated_value
            return [value] if isinstance(value, str) else None
        case cst.FormattedString():
            return list(_of_f_string(node))
        case cst.Call(func=cst.Attribute(value=text, attr=cst.Name(value="format"))):
            return _of_format(text, node.args)
        case cst.BinaryOperation(operator=cst.Modulo()):
            return _of_percent(node.left, node.right)
        case cst.BinaryOperation(operator=cst.Add(), left=left, right=right):
            sides = [_parts(each) for each in (left, right)]
            if sides == [None, None]:
                return None
            pairs = zip(sides, (left, right), strict=True)
            return [part for side, each in pairs for part in side or [Value(_text_of(each))]]
    return None


def _text_of(node: cst.BaseExpression) -> cst.BaseExpression:
    """What is made a text, where that is written out."""
    match node:
        case cst.Call(
            func=cst.Name(value="str"), args=[cst.Arg(value=value, keyword=None, star="")]
        ):
            return value
    return node


def _of_f_string(node: cst.FormattedString) -> Iterator[Part]:
    start = node.start.lower().replace("f", "")
    for part in node.parts:
        if isinstance(part, cst.FormattedStringText):
            text = part.value.replace("{{", "{").replace("}}", "}")
            yield str(literal_eval(f"{start}{text}{node.end}"))
        elif isinstance(part, cst.FormattedStringExpression):
            if part.equal:
                raise ValueError("shows its own code")
            spec = "".join(cst.Module([]).code_for_node(each) for each in part.format_spec or ())
            yield _value(part.expression, part.conversion or "", spec)


def _value(expression: cst.BaseExpression, conversion: str, spec: str) -> Value:
    """A value; to ask for a text, which it becomes in any case, is to ask for nothing."""
    return Value(expression, conversion.replace("s", ""), "" if spec == "s" else spec)


def _of_format(text: cst.CSTNode, args: Sequence[cst.Arg]) -> Sequence[Part] | None:
    value = getattr(text, "evaluated_value", None)
    if not isinstance(value, str) or any(arg.star for arg in args):
        return None
    given: dict[str, cst.BaseExpression] = {
        arg.keyword.value if arg.keyword else str(place): arg.value
        for place, arg in enumerate(args)
    }
    parts, number = list[Part](), 0
    for literal, name, spec, conversion in Formatter().parse(value):
        parts.append(literal)
        if name is None:
            continue
        parts.append(_value(given[name or str(number)], conversion or "", spec or ""))
        number += not name
    return parts


def _of_percent(text: cst.BaseExpression, right: cst.BaseExpression) -> Sequence[Part] | None:
    value = getattr(text, "evaluated_value", None)
    if not isinstance(value, str) or isinstance(right, cst.Dict):
        return None
    elements = right.elements if isinstance(right, cst.Tuple) else ()
    values = [each.value for each in elements] if elements else [right]
    parts, behind = list[Part](), 0
    for match in _FORMAT.finditer(value):
        parts.append(value[behind : match.start()])
        if match[0] == "%%":
            parts.append("%")
        else:
            parts.append(Value(values.pop(0), _PERCENT[match[0]]))
        behind = match.end()
    return [*parts, value[behind:]] if not values else None


def _joined(parts: Sequence[Part]) -> list[Part]:
    joined = list[Part]()
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part:
            joined.append(part)
    return joined
