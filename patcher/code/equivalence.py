"""What code means, its layout left out.

Layout is everything that a formatter may change: white space, comments, brackets that only
group, trailing commas, quotes, the order of keyword arguments, a block on its own line. A test
for None means the same in each of its forms, and so does a conditional expression turned round.
"""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import cache, lru_cache
from typing import Any, NamedTuple, cast

import libcst as cst

_STRINGS = (cst.SimpleString, cst.ConcatenatedString)
_SUITES = (cst.IndentedBlock, cst.SimpleStatementSuite)
_SEQUENCES = (list, tuple)
_TESTS = (cst.Comparison, cst.UnaryOperation)
_EQUALITIES = (cst.Is, cst.IsNot, cst.Equal, cst.NotEqual)
_LAYOUT = {
    "colon", "comma", "dot", "equal", "first_colon", "footer", "header", "indent",
    "lbrace", "lbracket", "leading_lines", "lines_after_decorators", "lpar", "rbrace",
    "rbracket", "rpar", "second_colon", "semicolon", "trailing_whitespace",
}  # fmt: skip
# What quotes call, so that an argument is known by its place as well as by its keyword.
PARAMETERS = {
    "BroadcastGlobalVariablesHook": ("root_rank", "pretrained_model_path"),
    "LoggingTensorHook": ("named_tensor", "summary_dir", "every_n_iter"),
    "SessionRunArgs": ("fetches",),
    "mpl.use": ("backend",),
    "tf.data.Dataset.list_files": ("file_pattern", "shuffle", "seed"),
    "tf.ones": ("shape", "dtype"),
    "tf.reshape": ("tensor", "shape"),
    "utils.scalar": ("name", "tensor"),
    "writer.add_summary": ("summary", "global_step"),
}


@cache
def meaningful(kind: Any) -> tuple[str, ...]:
    """The fields of a kind of node that are not layout; none for what is no node."""
    if not issubclass(kind, cst.CSTNode):
        return ()
    names = (field.name for field in fields(kind))
    return tuple(n for n in names if n not in _LAYOUT and not n.startswith("whitespace"))


def same(pattern: Any, other: Any) -> bool:
    """Whether two nodes, or sequences of nodes, mean the same.

    In `pattern`, `...` stands for any one expression, and as a call's last argument for any
    further arguments.
    """
    kind: Any = type(pattern)
    other_kind: Any = type(other)
    if kind is cst.Ellipsis:
        return True
    if kind in _STRINGS and other_kind in _STRINGS:
        return _string(pattern) == _string(other)
    if kind in _SUITES and other_kind in _SUITES:
        return same(flat(pattern), flat(other))
    if kind in _TESTS and other_kind in _TESTS:
        one, two = none_test(pattern), none_test(other)
        if one and two:
            return one.missing == two.missing and same(one.subject, two.subject)
    if kind in _SEQUENCES and other_kind in _SEQUENCES:
        return len(pattern) == len(other) and all(map(same, pattern, other))
    if kind is not other_kind:
        return False
    if kind is cst.Call:
        return same(pattern.func, other.func) and _same_arguments(
            pattern.args, other.args, parameters(pattern)
        )
    if kind is cst.IfExp and opposite(pattern.test, other.test):
        return same((pattern.body, pattern.orelse), (other.orelse, other.body))
    names = meaningful(kind)
    if not names:
        return issubclass(kind, cst.CSTNode) or bool(pattern == other)
    return all(same(getattr(pattern, name), getattr(other, name)) for name in names)


class NoneTest(NamedTuple):
    """A test of whether something is None; `missing` where it holds of None."""

    subject: cst.BaseExpression
    missing: bool


def none_test(node: cst.CSTNode) -> NoneTest | None:
    """What a test for None asks: `x is None`, `None != x`, `not (x is None)`."""
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
        inner = none_test(node.expression)
        return inner and NoneTest(inner.subject, not inner.missing)
    if not isinstance(node, cst.Comparison) or len(node.comparisons) != 1:
        return None
    (target,) = node.comparisons
    sides = (node.left, target.comparator)
    subjects = [side for side in sides if not (isinstance(side, cst.Name) and side.value == "None")]
    if len(subjects) != 1 or not isinstance(target.operator, _EQUALITIES):
        return None
    return NoneTest(subjects[0], isinstance(target.operator, cst.Is | cst.Equal))


def opposite(one: cst.BaseExpression, other: cst.BaseExpression) -> bool:
    """Whether one test holds where the other does not."""
    first, second = none_test(one), none_test(other)
    if first and second:
        return first.missing != second.missing and same(first.subject, second.subject)
    return any(
        isinstance(test, cst.UnaryOperation)
        and isinstance(test.operator, cst.Not)
        and same(test.expression, rest)
        for test, rest in ((one, other), (other, one))
    )


def flat(suite: cst.BaseSuite) -> list[cst.BaseSmallStatement | cst.BaseCompoundStatement]:
    """The statements of a block, several on one line counted each."""
    if isinstance(suite, cst.SimpleStatementSuite):
        return list(suite.body)
    statements: list[cst.BaseSmallStatement | cst.BaseCompoundStatement] = []
    for node in suite.body:
        if isinstance(node, cst.SimpleStatementLine):
            statements.extend(node.body)
        else:
            statements.append(cast(cst.BaseCompoundStatement, node))
    return statements


def in_a_row(node: cst.CSTNode) -> Sequence[cst.BaseSmallStatement]:
    """The simple statements on the line of a statement, behind the colon of a block too."""
    if isinstance(node, cst.SimpleStatementLine):
        return node.body
    block = getattr(node, "body", None)
    return block.body if isinstance(block, cst.SimpleStatementSuite) else ()


def _string(node: cst.SimpleString | cst.ConcatenatedString) -> object:
    if isinstance(node, cst.SimpleString):
        return text_of(node.value)
    value = node.evaluated_value
    return value if value is not None else cst.Module([]).code_for_node(node)


@lru_cache(maxsize=4096)
def text_of(literal: str) -> str | bytes:
    """What a string of a program is, quotes and escapes undone."""
    value: str | bytes = literal_eval(literal)
    return value


def parameters(call: cst.Call) -> Sequence[str]:
    """The parameters of what is called, in order, as far as they are known."""
    return PARAMETERS.get(dotted(call.func), ())


def _same_arguments(
    pattern: Sequence[cst.Arg], other: Sequence[cst.Arg], words: Sequence[str]
) -> bool:
    if any(arg.star for arg in (*pattern, *other)):
        return len(pattern) == len(other) and all(map(_same_argument, pattern, other))
    more = bool(pattern) and isinstance(pattern[-1].value, cst.Ellipsis)
    wanted, found = _split(pattern[:-1] if more else pattern, words), _split(other, words)
    if not more and (len(wanted[0]), len(wanted[1])) != (len(found[0]), len(found[1])):
        return False
    return same(wanted[0], found[0][: len(wanted[0])]) and all(
        name in found[1] and same(value, found[1][name]) for name, value in wanted[1].items()
    )


def _same_argument(pattern: cst.Arg, other: cst.Arg) -> bool:
    return pattern.star == other.star and same(
        (pattern.keyword, pattern.value), (other.keyword, other.value)
    )


def _split(
    args: Sequence[cst.Arg], words: Sequence[str]
) -> tuple[list[cst.BaseExpression], dict[str, cst.BaseExpression]]:
    """The arguments without a keyword, as far as none is known for them, and those with one."""
    slots = [(slot(arg, index, words), arg.value) for index, arg in enumerate(args)]
    positional = [value for name, value in slots if isinstance(name, int)]
    return positional, {name: value for name, value in slots if isinstance(name, str)}


def slot(arg: cst.Arg, index: int, words: Sequence[str]) -> str | int:
    """The parameter that an argument is for, or its place where that is not known."""
    if arg.keyword:
        return arg.keyword.value
    return words[index] if index < len(words) else index


def dotted(node: cst.BaseExpression) -> str:
    """A name with its dots, however it is laid out; what is no name, as a call, leaves a gap."""
    if isinstance(node, cst.Attribute):
        return f"{dotted(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""


def walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The node and every meaningful node below it."""
    yield node
    for name in meaningful(type(node)):
        value = getattr(node, name)
        for part in value if isinstance(value, list | tuple) else (value,):
            if isinstance(part, cst.CSTNode):
                yield from walk(part)


def mentions(node: cst.CSTNode, name: str) -> bool:
    """Whether `name` stands anywhere in the node, as a variable, attribute or keyword."""
    return any(isinstance(part, cst.Name) and part.value == name for part in walk(node))


def reads(node: cst.CSTNode) -> Iterator[str]:
    """Every variable that a node mentions; names of attributes, keywords and imports left out."""
    if isinstance(node, cst.ImportAlias):
        return
    if isinstance(node, cst.Name):
        yield node.value
    skipped = {cst.Attribute: "attr", cst.Arg: "keyword", cst.Param: "name"}.get(type(node))
    for name in meaningful(type(node)):
        value = getattr(node, name) if name != skipped else None
        for part in value if isinstance(value, list | tuple) else (value,):
            if isinstance(part, cst.CSTNode):
                yield from reads(part)
