"""Values by name: the default of a flag, an argument of a call, the default of a parameter."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from functools import partial
from typing import NamedTuple

import libcst as cst

from patcher.code import quotes
from patcher.code.equivalence import same, walk
from patcher.code.flags import flag_default, flag_name, sole_call
from patcher.code.layout import carried
from patcher.code.outline import Line, Outline, Statement
from patcher.code.rewriting import rewritten
from patcher.edits.base import Candidate, Spot, likely, names, scope_words
from patcher.model import Rule

_Found = tuple[Line, cst.BaseExpression]


class _Wanted(NamedTuple):
    """A value that a rule changes: of what, called what, before and after."""

    owner: str
    label: str
    before: cst.BaseExpression
    after: cst.BaseExpression


class _NamedValue(ABC):
    """A value that belongs to a name; a subclass knows where such values stand."""

    def expected(self, rule: Rule) -> int:
        return 1

    def wants(self, rule: Rule) -> str:
        wanted = self.wanted(rule)
        value = f"{wanted.label} {quotes.code(wanted.before)}"
        return f"{wanted.owner} with {value} {scope_words(rule.edit.within)}"

    @abstractmethod
    def wanted(self, rule: Rule) -> _Wanted:
        """What the rule's quotes say."""

    @abstractmethod
    def subject(self, rule: Rule) -> frozenset[str]:
        """Names without which a file cannot have such a value."""

    @abstractmethod
    def values(self, rule: Rule, outline: Outline) -> Iterator[_Found]:
        """Where such a value stands: its line, and the value that it has."""

    def tells(self, rule: Rule, outline: Outline) -> bool:
        return False

    def find(self, rule: Rule, outline: Outline) -> list[Spot]:
        _, _, before, after = self.wanted(rule)
        spots = []
        for line, value in self.values(rule, outline):
            if same(after, value):
                spots.append(Spot(line.origin, None))
            elif same(before, value):
                new = rewritten(before, after, value)
                spots.append(Spot(line.origin, partial(_put, line, value, new)))
        return spots

    def candidates(self, rule: Rule, outline: Outline) -> Iterator[Candidate]:
        wanted = self.wanted(rule)
        for line, value in self.values(rule, outline):
            why = f"{wanted.label} is {quotes.code(value)}, expected {quotes.code(wanted.before)}"
            yield Candidate(line.origin, quotes.header(line.node), 1.0, why)
        yield from likely(rule, rule.before, outline.lines())


def _put(line: Line, old: cst.BaseExpression, new: cst.BaseExpression) -> None:
    node = line.node
    changed: Statement
    if isinstance(node, cst.FunctionDef):  # its block stays the node that the outline knows
        changed = node.with_changes(params=node.params.deep_replace(old, new))
    else:
        changed = cst.ensure_type(node.deep_replace(old, new), cst.SimpleStatementLine)
    line.node = carried(changed, [node])


class FlagDefault(_NamedValue):
    """The default of an absl flag, by position or keyword."""

    def wanted(self, rule: Rule) -> _Wanted:
        before, after = quotes.call(rule.before), quotes.call(rule.after)
        old, new = flag_default(before), flag_default(after)
        assert old, rule.before
        assert new, rule.after
        return _Wanted(f"flag {flag_name(before)}", "default", old, new)

    def subject(self, rule: Rule) -> frozenset[str]:
        return frozenset([flag_name(quotes.call(rule.before))])

    def candidates(self, rule: Rule, outline: Outline) -> Iterator[Candidate]:
        wanted = quotes.call(rule.before)
        for line, call in _every_call(outline.lines()):
            if flag_name(call) != flag_name(wanted):
                continue
            if not same(wanted.func, call.func):
                why = (
                    f"defined by `{quotes.code(call.func)}`, expected `{quotes.code(wanted.func)}`"
                )
            elif line.suite.scope:
                why = f"stands {scope_words(line.suite.scope)}, expected at module level"
            elif not sole_call(line.node):
                why = "shares its line with other code"
            else:
                continue
            yield Candidate(line.origin, quotes.header(line.node), 1.05, why)
        yield from super().candidates(rule, outline)

    def values(self, rule: Rule, outline: Outline) -> Iterator[_Found]:
        wanted = quotes.call(rule.before)
        for suite in outline.within(rule.edit.within):
            for line in suite.lines:
                call = sole_call(line.node)
                value = flag_default(call) if call else None
                if not call or not value or flag_name(call) != flag_name(wanted):
                    continue
                if same(wanted.func, call.func):
                    yield line, value


class CallArgument(_NamedValue):
    """A keyword argument of every call of one callee; the only such call may move."""

    def wanted(self, rule: Rule) -> _Wanted:
        before, after = quotes.keyword(rule.before), quotes.keyword(rule.after)
        return _Wanted(f"call of {rule.edit.call}", _name(before), before.value, after.value)

    def subject(self, rule: Rule) -> frozenset[str]:
        return names(cst.parse_expression(rule.edit.call))

    def tells(self, rule: Rule, outline: Outline) -> bool:
        return len(list(_calls(rule, outline.lines()))) == 1

    def candidates(self, rule: Rule, outline: Outline) -> Iterator[Candidate]:
        callee, keyword = cst.parse_expression(rule.edit.call), quotes.keyword(rule.before)
        for line, call in _every_call(outline.lines()):
            place = scope_words(line.suite.scope)
            if same(callee, call.func):
                has = any(_name(arg) == _name(keyword) for arg in call.args)
                wanted = f"expected {scope_words(rule.edit.within)}"
                why = f"stands {place}, {wanted}" if has else f"has no {_name(keyword)}, {place}"
                yield Candidate(line.origin, quotes.header(line.node), 0.9, why)
            elif same(_last(callee), _last(call.func)):
                why = f"calls {quotes.code(call.func)} {place}, expected {rule.edit.call}"
                yield Candidate(line.origin, quotes.header(line.node), 0.8, why)
        yield from super().candidates(rule, outline)

    def values(self, rule: Rule, outline: Outline) -> Iterator[_Found]:
        name = _name(quotes.keyword(rule.before))
        for suite in outline.within(rule.edit.within):
            for line, call in _calls(rule, suite.lines):
                yield from ((line, a.value) for a in call.args if _name(a) == name)


def _calls(rule: Rule, lines: Iterable[Line]) -> Iterator[tuple[Line, cst.Call]]:
    """The calls of a rule's callee in simple statements."""
    callee = cst.parse_expression(rule.edit.call)
    return ((line, call) for line, call in _every_call(lines) if same(callee, call.func))


def _every_call(lines: Iterable[Line]) -> Iterator[tuple[Line, cst.Call]]:
    simple = (line for line in lines if isinstance(line.node, cst.SimpleStatementLine))
    for line in simple:
        yield from ((line, part) for part in walk(line.node) if isinstance(part, cst.Call))


def _last(name: cst.BaseExpression) -> cst.BaseExpression:
    """The last part of a dotted name."""
    return name.attr if isinstance(name, cst.Attribute) else name


class ParameterDefault(_NamedValue):
    """The default of the one parameter in which two quoted headers differ."""

    def wanted(self, rule: Rule) -> _Wanted:
        before, after = _function(rule.before), _function(rule.after)
        new = _defaults(after)
        name, old = next((n, v) for n, v in _defaults(before).items() if not same(v, new[n]))
        return _Wanted(f"function {before.name.value}", name, old, new[name])

    def subject(self, rule: Rule) -> frozenset[str]:
        return frozenset(rule.edit.within.split("."))

    def values(self, rule: Rule, outline: Outline) -> Iterator[_Found]:
        name = self.wanted(rule).label
        for line, node in _namesakes(rule, outline):
            if name in (values := _defaults(node)):
                yield line, values[name]

    def candidates(self, rule: Rule, outline: Outline) -> Iterator[Candidate]:
        name = self.wanted(rule).label
        for line, node in _namesakes(rule, outline):
            if name not in _defaults(node):
                why = f"has no default for `{name}`"
                yield Candidate(line.origin, quotes.header(line.node), 1.0, why)
        yield from super().candidates(rule, outline)


def _namesakes(rule: Rule, outline: Outline) -> Iterator[tuple[Line, cst.FunctionDef]]:
    """The functions of the quoted name at the rule's place."""
    name = _function(rule.before).name
    for line in (line for suite in outline.within(rule.edit.within) for line in suite.lines):
        if isinstance(line.node, cst.FunctionDef) and same(name, line.node.name):
            yield line, line.node


def _function(quote: str) -> cst.FunctionDef:
    return cst.ensure_type(quotes.statement(quote), cst.FunctionDef)


def _defaults(node: cst.FunctionDef) -> dict[str, cst.BaseExpression]:
    params = (*node.params.posonly_params, *node.params.params, *node.params.kwonly_params)
    return {param.name.value: param.default for param in params if param.default}


def _name(arg: cst.Arg) -> str:
    return arg.keyword.value if arg.keyword else ""
