"""Whether two pieces of code mean the same, whatever their layout.

Layout is everything that a formatter may change: white space, comments, brackets that only
group, trailing commas, quotes, the order of keyword arguments, a block on its own line. A test
for None means the same in each of its forms, and so do a conditional expression turned round, an
f-string and the `format` that it stands for, and a `try` that catches more.
"""

from ast import literal_eval
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

import libcst as cst

from patcher.code.text_templates import Value, is_text, parts_of

_STRINGS = (cst.SimpleString, cst.ConcatenatedString)
_QUOTES, _SPECIAL = ("'", '"'), frozenset("'\"\\\r\n")
_SUITES = (cst.IndentedBlock, cst.SimpleStatementSuite)
_SEQUENCES = (list, tuple)
_TESTS = (cst.Comparison, cst.UnaryOperation)
# What is caught in place of an exception, besides its general classes.
_CAUGHT_WITH = {"ImportError": ("ModuleNotFoundError",)}
_EQUALITIES = (cst.Is, cst.IsNot, cst.Equal, cst.NotEqual)
_LAYOUT = {
    "colon", "comma", "dot", "equal", "first_colon", "footer", "header", "indent",
    "lbrace", "lbracket", "leading_lines", "lines_after_decorators", "lpar", "rbrace",
    "rbracket", "rpar", "second_colon", "semicolon", "trailing_whitespace",
}  # fmt: skip
# What is known of the functions that quotes call while rules are planned.
_signatures = ContextVar[Mapping[str, Sequence[str]]]("signatures", default=MappingProxyType({}))


@cache
def meaningful(kind: Any) -> tuple[str, ...]:
    """The fields of a kind of node that are not layout; none for what is no node."""
    if not issubclass(kind, cst.CSTNode):
        return ()
    names = (field.name for field in fields(kind))
    return tuple(n for n in names if n not in _LAYOUT and not n.startswith("whitespace"))


def equivalent(pattern: Any, other: Any) -> bool:
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
        return equivalent(statements_of(pattern), statements_of(other))
    if kind in _TESTS and other_kind in _TESTS:
        one, two = none_test(pattern), none_test(other)
        if one and two:
            return equivalent(one, two)
    if kind in _SEQUENCES and other_kind in _SEQUENCES:
        return len(pattern) == len(other) and all(map(equivalent, pattern, other))
    if isinstance(pattern, cst.BaseExpression) and is_text(pattern):
        text, other_text = parts_of(pattern), parts_of(other)
        if text and other_text:
            return equivalent(text, other_text)
    if kind is not other_kind:
        return False
    if kind is cst.Call:
        return equivalent(pattern.func, other.func) and _equivalent_arguments(
            pattern.args, other.args, parameters(pattern)
        )
    if kind is cst.Try:
        return _equivalent_attempts(pattern, other)
    if kind is Value:
        return all(map(equivalent, pattern, other))
    if kind is cst.IfExp and opposite(pattern.test, other.test):
        return equivalent((pattern.body, pattern.orelse), (other.orelse, other.body))
    names = meaningful(kind)
    if not names:
        return issubclass(kind, cst.CSTNode) or bool(pattern == other)
    return all(equivalent(getattr(pattern, name), getattr(other, name)) for name in names)


def _equivalent_attempts(pattern: cst.Try, other: cst.Try) -> bool:
    """Whether two `try` do the same, where the second may catch more than the first."""
    parts = [(each.body, each.orelse, each.finalbody) for each in (pattern, other)]
    if not equivalent(*parts) or not (pattern.handlers and other.handlers):
        return equivalent((parts[0], pattern.handlers), (parts[1], other.handlers))
    one, *more = pattern.handlers
    if more:
        return equivalent(pattern.handlers, other.handlers)
    same = all(equivalent(one.body, each.body) for each in other.handlers)
    return same and any(_catches(each, one) for each in other.handlers)


def _catches(handler: cst.ExceptHandler, wanted: cst.ExceptHandler) -> bool:
    """Whether a handler catches what the wanted one does, alone or among others."""
    if handler.type is None or wanted.type is None:
        return handler.type is None
    elements = handler.type.elements if isinstance(handler.type, cst.Tuple) else ()
    caught = {dotted(each.value) for each in elements} or {dotted(handler.type)}
    name = dotted(wanted.type)
    return bool(caught & {name, *_CAUGHT_WITH.get(name, ()), "Exception", "BaseException"})


def none_test(node: cst.CSTNode) -> tuple[cst.BaseExpression, bool] | None:
    """What a test such as `None != x` or `not (x is None)` is about, and if it holds of None."""
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
        inner = none_test(node.expression)
        return inner and (inner[0], not inner[1])
    if not isinstance(node, cst.Comparison) or len(node.comparisons) != 1:
        return None
    (target,) = node.comparisons
    sides = (node.left, target.comparator)
    subjects = [side for side in sides if not (isinstance(side, cst.Name) and side.value == "None")]
    if len(subjects) != 1 or not isinstance(target.operator, _EQUALITIES):
        return None
    return subjects[0], isinstance(target.operator, cst.Is | cst.Equal)


def negated(test: cst.BaseExpression) -> cst.BaseExpression:
    """The test that is true where this one is false."""
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        return test.expression
    loose = isinstance(test, cst.BooleanOperation | cst.IfExp | cst.Lambda | cst.NamedExpr)
    return cst.UnaryOperation(cst.Not(), in_brackets(test) if loose else test)


def in_brackets(node: cst.BaseExpression) -> cst.BaseExpression:
    """An expression in brackets, unless it is."""
    if node.lpar:
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def opposite(one: cst.BaseExpression, other: cst.BaseExpression) -> bool:
    """Whether one test holds where the other does not."""
    return equivalent(negated(one), other) or equivalent(one, negated(other))


def statements_of(suite: cst.BaseSuite) -> list[cst.BaseSmallStatement | cst.BaseCompoundStatement]:
    """The statements of a block, several on one line counted each."""
    lines: Any = suite.body if isinstance(suite, cst.IndentedBlock) else (suite,)
    rows = (cst.SimpleStatementLine, cst.SimpleStatementSuite)
    return [part for line in lines for part in (line.body if isinstance(line, rows) else (line,))]


def leaves(node: cst.CSTNode) -> bool:
    """Whether nothing behind a statement in its block runs."""
    return isinstance(node, cst.Return | cst.Raise | cst.Continue | cst.Break)


def fails(suite: cst.BaseSuite) -> bool:
    """Whether a block ends in an error."""
    return isinstance(statements_of(suite)[-1], cst.Raise)


def simple_statements(node: cst.CSTNode) -> Sequence[cst.BaseSmallStatement]:
    """The simple statements on the line of a statement, behind the colon of a block too."""
    if isinstance(node, cst.SimpleStatementLine):
        return node.body
    if isinstance(node, cst.BaseSmallStatement):
        return (node,)
    block = getattr(node, "body", None)
    return block.body if isinstance(block, cst.SimpleStatementSuite) else ()


def _string(node: cst.SimpleString | cst.ConcatenatedString) -> object:
    if isinstance(node, cst.SimpleString):
        return evaluated(node.value)
    value = node.evaluated_value
    return value if value is not None else cst.Module([]).code_for_node(node)


@lru_cache(maxsize=4096)
def evaluated(literal: str) -> str | bytes:
    """The value of a string literal."""
    inside = literal[1:-1]
    # Most have nothing to evaluate, and each call of `literal_eval` leaves a kB to the collector.
    if literal[:1] == literal[-1:] and literal[:1] in _QUOTES and not _SPECIAL & set(inside):
        return inside
    value: str | bytes = literal_eval(literal)
    return value


@contextmanager
def known_signatures(signatures: Mapping[str, Sequence[str]]) -> Iterator[None]:
    """Have arguments of these functions compared by parameter, whether by position or keyword.

    Args:
        signatures: The parameters of each function in order, by its dotted name.
    """
    token = _signatures.set(signatures)
    try:
        yield
    finally:
        _signatures.reset(token)


def parameters(call: cst.Call) -> Sequence[str]:
    """The parameters of the function that is called, in order, as far as they are known."""
    return _signatures.get().get(dotted(call.func), ())


def _equivalent_arguments(
    pattern: Sequence[cst.Arg], other: Sequence[cst.Arg], words: Sequence[str]
) -> bool:
    if any(arg.star for arg in (*pattern, *other)):
        return equivalent(pattern, other)
    more = bool(pattern) and isinstance(pattern[-1].value, cst.Ellipsis)
    wanted = dict(slots(pattern[:-1] if more else pattern, words))
    found = dict(slots(other, words))
    return (more or len(wanted) == len(found)) and all(
        place in found and equivalent(arg.value, found[place].value)
        for place, arg in wanted.items()
    )


def slots(args: Sequence[cst.Arg], words: Sequence[str]) -> list[tuple[str | int, cst.Arg]]:
    """Each argument with the parameter that it is for, or its 0-based place where none is known.

    `words` are the parameters in order, as far as they are known.
    """
    known = words[: len(args)]
    places = (*known, *range(len(known), len(args)))
    pairs = zip(places, args, strict=True)
    return [(arg.keyword.value if arg.keyword else place, arg) for place, arg in pairs]


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
        for part in value if isinstance(value, _SEQUENCES) else (value,):
            if isinstance(part, cst.CSTNode):
                yield from walk(part)
