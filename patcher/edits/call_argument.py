"""`call_argument`: the value of a keyword argument in the calls of one function."""

from collections.abc import Iterator

import libcst as cst

from patcher.code import quotes
from patcher.code.bindings import mentioned
from patcher.code.equivalence import equivalent
from patcher.code.flags import calls_in
from patcher.code.outline import Outline
from patcher.edits.base import NearMiss, near_miss, scope_phrase
from patcher.edits.kinds import CallArgument
from patcher.edits.named_values import Found, NamedValue, NamedValueKind
from patcher.model import Rule


class CallArguments(NamedValueKind):
    """A keyword argument of every call of one function; the only such call may have moved."""

    def wanted(self, rule: Rule) -> NamedValue:
        before, after = quotes.keyword(rule.before), quotes.keyword(rule.after)
        owner = f"call of {quotes.code(_callee(rule))}"
        return NamedValue(owner, _keyword(before), before.value, after.value, "in the")

    def values(self, rule: Rule, outline: Outline) -> Iterator[Found]:
        name = _keyword(quotes.keyword(rule.before))
        for line, call in calls_in(outline.lines(rule.edit.within), _callee(rule)):
            yield from ((line, arg.value) for arg in call.args if _keyword(arg) == name)

    def can_relocate(self, rule: Rule, outline: Outline) -> bool:
        return len(list(calls_in(outline.lines(), _callee(rule)))) == 1

    def subject(self, rule: Rule) -> frozenset[str]:
        return mentioned(_callee(rule))

    def near_misses(self, rule: Rule, outline: Outline) -> Iterator[NearMiss]:
        callee, keyword = _callee(rule), _keyword(quotes.keyword(rule.before))
        for line, call in calls_in(outline.lines()):
            place = scope_phrase(line.suite.scope)
            if equivalent(callee, call.func):
                has = any(_keyword(arg) == keyword for arg in call.args)
                wanted = f"stands {place}, expected {scope_phrase(rule.edit.within)}"
                yield near_miss(line, 0.9, wanted if has else f"has no {keyword}, {place}")
            elif equivalent(_last(callee), _last(call.func)):
                found, wanted = quotes.code(call.func), quotes.code(callee)
                yield near_miss(line, 0.8, f"calls {found} {place}, expected {wanted}")
        yield from super().near_misses(rule, outline)


KIND = CallArguments()


def _callee(rule: Rule) -> cst.BaseExpression:
    assert isinstance(rule.edit, CallArgument)
    return cst.parse_expression(rule.edit.call)


def _last(name: cst.BaseExpression) -> cst.BaseExpression:
    """The last part of a dotted name."""
    return name.attr if isinstance(name, cst.Attribute) else name


def _keyword(arg: cst.Arg) -> str:
    return arg.keyword.value if arg.keyword else ""
